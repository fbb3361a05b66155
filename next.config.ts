import type { NextConfig } from 'next';

/*
 * What is the same for every answer. The content security policy has a nonce per request and Strict-Transport-Security
 * depends on APP_URL, which a build does not know: both are set in proxy.ts.
 */
const headers = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
];

const config: NextConfig = {
  poweredByHeader: false,
  headers: () => Promise.resolve([{ source: '/:path*', headers }]),
};

export default config;
