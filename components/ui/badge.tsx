import { clsx } from 'clsx';
import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export type Tone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad' | 'info';

const tones: Record<Tone, string> = {
  neutral: 'bg-hover text-ink-soft',
  accent: 'bg-accent-soft text-accent-text',
  good: 'bg-good-soft text-good-text',
  warn: 'bg-warn-soft text-warn-text',
  bad: 'bg-bad-soft text-bad-text',
  info: 'bg-info-soft text-info-text',
};

interface BadgeProps {
  tone?: Tone;
  icon?: LucideIcon;
  /** Shown on hover; must also be readable somewhere without a mouse. */
  tip?: string;
  children: ReactNode;
}

/** A state in a word. Never colour alone: the word is always there, the icon helps. */
export function Badge({ tone = 'neutral', icon: Icon, tip, children }: BadgeProps) {
  return (
    <span
      data-tip={tip}
      className={clsx(
        'inline-flex h-5.5 items-center gap-1 rounded-full px-2 text-xs font-medium whitespace-nowrap',
        tones[tone],
      )}
    >
      {Icon && <Icon aria-hidden="true" className="-ml-0.5 size-3 shrink-0" strokeWidth={2.25} />}
      {children}
    </span>
  );
}
