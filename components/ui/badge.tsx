import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';

export type Tone = 'neutral' | 'accent' | 'good' | 'warn' | 'bad' | 'info';

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
    // What the classes mean is said in app/globals.css.
    <span data-tip={tip} className={tone === 'neutral' ? 'badge' : `badge badge-${tone}`}>
      {Icon && <Icon aria-hidden="true" strokeWidth={2.25} />}
      {children}
    </span>
  );
}
