'use client';

import './globals.css';
import { PageError } from '@/components/shell/page-error';
import { PublicShell } from '@/components/shell/public-shell';

/** When even the root layout fails: it brings its own document, in the system's font and theme. */
export default function GlobalError(props: { error: unknown; retry: () => void }) {
  return (
    <html lang="en-ZA">
      <body>
        <title>Client Zone</title>
        <PublicShell>
          <PageError {...props} />
        </PublicShell>
      </body>
    </html>
  );
}
