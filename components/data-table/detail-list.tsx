import type { ReactNode } from 'react';
import { Link } from '@/components/ui/link';

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
    <blockquote className="mx-5 mt-1 mb-4 max-h-64 overflow-y-auto rounded-md border border-line bg-canvas px-3.5 py-2.5 text-base wrap-anywhere whitespace-pre-wrap">
      {children || <span className="text-ink-faint italic">Empty text</span>}
    </blockquote>
  );
}

/** Below the rest: what can be done about the row. */
export function DetailFoot({ children }: { children: ReactNode }) {
  return <div className="grid justify-items-start gap-2 px-5 pb-5 text-sm">{children}</div>;
}

/** To the page of one number: every message to it, every reply, every opt-out. */
export function StoryLink({ msisdn }: { msisdn: string }) {
  return (
    <Link
      href={`/messages/opt-outs/${encodeURIComponent(msisdn)}`}
      className="mt-1 inline-block text-accent-text underline-offset-4 hover:underline"
    >
      Story of this number
    </Link>
  );
}
