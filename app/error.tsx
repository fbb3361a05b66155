'use client';

import { PageError } from '@/components/shell/page-error';
import { PublicShell } from '@/components/shell/public-shell';

export default function RootError(props: { error: unknown; retry: () => void }) {
  return (
    <PublicShell>
      <PageError {...props} />
    </PublicShell>
  );
}
