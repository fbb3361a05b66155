import { clsx } from 'clsx';
import type { ReactNode } from 'react';
import { Brand } from './brand';

/** Around the pages one sees without being signed in. */
export function PublicShell({ isWide = false, children }: { isWide?: boolean; children: ReactNode }) {
  return (
    <div className="flex min-h-dvh flex-col items-center px-4 py-8 sm:justify-center">
      <header className="mb-6">
        <Brand className="text-lg" />
      </header>
      <main className={clsx('w-full', isWide ? 'max-w-xl' : 'max-w-96')}>{children}</main>
    </div>
  );
}
