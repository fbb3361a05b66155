import type { ReactNode } from 'react';
import { Link } from '@/components/ui/link';

/** One part of the help page, with an anchor. */
export function Chapter({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section
      id={id}
      aria-labelledby={`${id}-title`}
      className="scroll-mt-20 border-t border-line py-7 first:border-0 first:pt-0"
    >
      <h2 id={`${id}-title`} className="mb-2 text-lg font-semibold">
        {title}
      </h2>
      <div className="space-y-3 leading-relaxed text-pretty text-ink-soft">{children}</div>
    </section>
  );
}

/** A link within a sentence. */
export function To({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} className="rounded-sm text-accent-text underline underline-offset-4 hover:no-underline">
      {children}
    </Link>
  );
}

/** Words as a recipient types them. */
export function Words({ words }: { words: readonly string[] }) {
  return (
    <span className="flex flex-wrap gap-1.5">
      {words.map((word) => (
        <Word key={word}>{word}</Word>
      ))}
    </span>
  );
}

export function Word({ children }: { children: string }) {
  return (
    <span className="rounded border border-line bg-surface px-1.5 py-0.5 text-sm font-medium wrap-anywhere text-ink">
      {children}
    </span>
  );
}

/** What something is called on screen. */
export function Name({ children }: { children: ReactNode }) {
  return <strong className="font-medium text-ink">{children}</strong>;
}
