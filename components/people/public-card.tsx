'use client';

import { useEffect, useRef, type ReactNode } from 'react';

interface PublicCardProps {
  title: string;
  intro?: ReactNode;
  /** Takes the keyboard there when it appears: it replaces a form that was sent. */
  takesFocus?: boolean;
  children?: ReactNode;
}

/** The one card of a page that one sees without being signed in. */
export function PublicCard({ title, intro, takesFocus = false, children }: PublicCardProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (takesFocus) heading.current?.focus();
  }, [takesFocus]);
  return (
    <section className="rounded-xl border border-line bg-surface p-6">
      <h1 ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">
        {title}
      </h1>
      {intro && <div className="mt-1 text-sm text-pretty text-ink-soft">{intro}</div>}
      {children && <div className="mt-5 grid gap-4">{children}</div>}
    </section>
  );
}
