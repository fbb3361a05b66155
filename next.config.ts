import type { NextConfig } from 'next';

/*
 * What is the same for every answer. The pages' content security policy has a nonce per request and
 * Strict-Transport-Security depends on APP_URL, which a build does not know: both are set in proxy.ts, whose
 * policy replaces the bare one below.
 */
const headers = [
  { key: 'X-Content-Type-Options', value: 'nosniff' },
  { key: 'Referrer-Policy', value: 'same-origin' },
  { key: 'Permissions-Policy', value: 'camera=(), geolocation=(), microphone=(), payment=(), usb=()' },
  { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
];

/** For what is no page: nothing of it is run or framed, should a browser ever show it as one. */
const barePolicy = [
  {
    key: 'Content-Security-Policy',
    value: "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  },
];

/**
 * The policy of a worker is that of its script, not of the page: with the bare one it could load none of its
 * own parts, and the page that looks into a file said that the browser could not.
 */
const workerPolicy = [
  {
    key: 'Content-Security-Policy',
    value:
      "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
  },
];

const config: NextConfig = {
  poweredByHeader: false,
  // Whoever builds for the first time would wait half as long again while 190 MB are written for a second
  // build (docs/decisions/0079-what-npm-test-costs.md).
  experimental: { turbopackFileSystemCacheForBuild: false },
  // Each icon as one path (docs/decisions/0084-lighter-first-load.md).
  turbopack: {
    rules: {
      '**/lucide-react/dist/esm/{createLucideIcon,icons/*}.mjs': { loaders: ['./scripts/icon-loader.mjs'] },
    },
  },
  // Programs written for the provider's API end some of its paths in a slash, and not all follow a redirect
  // with a body: such a path is answered as it is.
  skipTrailingSlashRedirect: true,
  // npm test and npm run check have the types checked, those of the tests as well. Here it would be who
  // starts the program for the first time that waits for it.
  typescript: { ignoreBuildErrors: true },
  headers: () =>
    Promise.resolve([
      { source: '/:path*', headers },
      { source: '/api/:path*', headers: barePolicy },
      { source: '/_next/:path*', headers: barePolicy },
      { source: '/_next/static/:path*', headers: workerPolicy },
    ]),
};

export default config;
