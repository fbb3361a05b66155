import { getPool } from '@/lib/db/client';
import { findMissingParts } from '@/lib/db/health';

export const dynamic = 'force-dynamic';

/**
 * Whether all of it is up: 200, or 503 with what is missing. For load balancers and the start command; open
 * to anybody.
 */
export async function GET(): Promise<Response> {
  const missing = await findMissingParts(getPool());
  const headers = { 'Cache-Control': 'no-store' };
  if (missing.length === 0) return Response.json({ status: 'up' }, { headers });
  return Response.json({ status: 'down', missing }, { status: 503, headers });
}
