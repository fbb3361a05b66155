import type { ReactNode } from 'react';

/** Names and values, for the panel that says all about one row. */
export function DetailList({ children }: { children: ReactNode }) {
  return <dl className="divide-y divide-line border-y border-line text-sm">{children}</dl>;
}

export function Detail({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[7.5rem_minmax(0,1fr)] gap-3 px-5 py-2.5">
      <dt className="text-ink-faint">{name}</dt>
      <dd className="min-w-0">{children}</dd>
    </div>
  );
}

/** What someone wrote, in full and as it came, line breaks included. */
export function QuotedText({ children }: { children: string }) {
  return (
    <blockquote className="mx-5 mt-1 mb-4 max-h-64 overflow-y-auto rounded-md border border-line bg-canvas px-3.5 py-2.5 text-base break-words whitespace-pre-wrap">
      {children || <span className="text-ink-faint italic">Empty text</span>}
    </blockquote>
  );
}
