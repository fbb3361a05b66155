import { env } from '@/lib/env';

/**
 * The visitor's address, as the proxy nearest to us saw it; what stands before it in the header anybody may have written.
 *
 * @param forwardedFor the request's X-Forwarded-For
 * @returns null without a proxy that is to be trusted
 */
export function readVisitorAddress(forwardedFor: string | null): string | null {
  return (env.TRUST_PROXY && forwardedFor?.split(',').at(-1)?.trim()) || null;
}
