'use client';

import './globals.css';

/**
 * When even the root layout fails: it brings its own document, in the system's font and theme. It says what
 * PageError says, in plain elements: every page is fetched with it, and with nothing that it could share.
 */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  const digest = error instanceof Error && 'digest' in error ? String(error.digest) : null;
  return (
    <html lang="en-ZA">
      <body>
        <title>Client Zone</title>
        <main
          role="alert"
          className="flex min-h-dvh flex-col items-center justify-center px-6 py-14 text-center text-balance"
        >
          <p className="text-base font-semibold">This page could not be shown</p>
          <p className="mt-1 max-w-sm text-sm text-ink-soft">
            Nothing you did is lost. If it happens again, tell support{digest ? ' this code:' : '.'}
            {digest && <code className="mt-1 block font-mono text-ink">{digest}</code>}
          </p>
          <button type="button" onClick={retry} className="button button-primary mt-5">
            Try again
          </button>
        </main>
      </body>
    </html>
  );
}
