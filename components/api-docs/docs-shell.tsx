import type { ReactNode } from 'react';
import { Brand } from '@/components/shell/brand';

/** Around the pages about the API, which anybody may read. */
export function DocsShell({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mx-auto w-full max-w-4xl px-4 py-8">
      <header className="mb-6">
        <Brand className="text-lg" />
      </header>
      <main>
        <h1 className="mb-4 text-2xl font-semibold">{title}</h1>
        {children}
      </main>
    </div>
  );
}
