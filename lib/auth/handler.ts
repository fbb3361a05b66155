import NextAuth from 'next-auth';
import { getAuthOptions } from './options';

/** The route handler of /api/auth. Options are read at the first request, not when the module loads at build time. */
export async function handleAuth(request: Request, context: { params: Promise<{ nextauth: string[] }> }) {
  return (await NextAuth(getAuthOptions())(request, context)) as Response;
}
