import { decode } from 'next-auth/jwt';
import { z } from 'zod';
import { env } from '@/lib/env';

/** What the token says: which session. Everything else is read from the database. */
const tokenSchema = z.object({ sessionId: z.uuid() });

/**
 * Reads a session's token.
 *
 * @returns `had`: it was one of ours once (of an earlier version, or past its time), so somebody was signed
 *   in
 */
export async function readSessionToken(
  token: string | undefined,
): Promise<{ sessionId: string } | { sessionId: null; had: boolean }> {
  if (!token) return { sessionId: null, had: false };
  try {
    const payload = await decode({ token, secret: env.AUTH_SECRET });
    const parsed = tokenSchema.safeParse(payload);
    return parsed.success ? parsed.data : { sessionId: null, had: true };
  } catch (error) {
    // Anything else was never ours: it does not even decrypt.
    return { sessionId: null, had: (error as { code?: unknown }).code === 'ERR_JWT_EXPIRED' };
  }
}
