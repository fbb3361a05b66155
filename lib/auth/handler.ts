import NextAuth from 'next-auth';
import { getAuthOptions, type CheckPasskey } from './options';

type Handler = (request: Request, context: { params: Promise<{ nextauth: string[] }> }) => Promise<Response>;

/**
 * The route handler of /api/auth. Options are read at the first request, not when the module loads at build
 * time.
 */
export function makeAuthHandler(checkPasskey: CheckPasskey): Handler {
  return async (request, context) =>
    (await NextAuth(getAuthOptions(checkPasskey))(request, context)) as Response;
}
