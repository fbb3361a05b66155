import { NextResponse, type NextRequest } from 'next/server';
import { requestedPathHeader } from '@/lib/auth/return-path';
import { env } from '@/lib/env';

/**
 * The content security policy, with a nonce for each response; Next puts it on its own scripts. It also makes
 * every page dynamic, which all of them are anyway.
 */
export function proxy(request: NextRequest): NextResponse {
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const policy = composePolicy(nonce);
  const headers = new Headers(request.headers);
  headers.set('x-nonce', nonce);
  // The gates send whoever is not signed in to the sign-in page, and from there back here.
  headers.set(requestedPathHeader, request.nextUrl.pathname + request.nextUrl.search);
  // Next reads the nonce from the request's policy.
  headers.set('content-security-policy', policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set('content-security-policy', policy);
  // a year; not in next.config.ts, whose headers are fixed when the pages are built
  if (env.APP_URL.startsWith('https:')) response.headers.set('strict-transport-security', 'max-age=31536000');
  return response;
}

function composePolicy(nonce: string): string {
  const development = env.NODE_ENV === 'development';
  return [
    "default-src 'none'",
    // React's development build rebuilds stack traces with eval; the production build needs nothing.
    `script-src 'self' 'nonce-${nonce}' 'strict-dynamic'${development ? " 'unsafe-eval'" : ''}`,
    `style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    // the worker that reads a file before it is uploaded
    "worker-src 'self'",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

export const config = {
  matcher: [
    // Everything but the build's own files, whatever the path looks like: /no-such.png is a page that says
    // so.
    { source: '/((?!api/|_next/).*)' },
    // What answers programs, unless a body comes with it: Next would hold 10 MB of that in memory and cut off
    // the rest. Those answers have the policy of next.config.ts.
    {
      source: '/api/:path*',
      missing: [
        { type: 'header', key: 'content-length' },
        { type: 'header', key: 'transfer-encoding' },
      ],
    },
  ],
};
