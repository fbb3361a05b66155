import { clsx } from 'clsx';
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';

type IconButtonProps = Omit<ComponentProps<'button'>, 'children'> & {
  icon: LucideIcon;
  /** What it does; read out, and shown as a tip. */
  label: string;
  tone?: 'neutral' | 'bad';
};

const tones = {
  neutral: 'text-ink-soft hover:bg-hover hover:text-ink',
  bad: 'text-bad-text hover:bg-bad-soft',
};

export function IconButton({ icon: Icon, label, tone = 'neutral', className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={label}
      {...rest}
      className={clsx(
        'inline-flex size-8 shrink-0 items-center justify-center rounded-md transition-colors max-sm:size-10',
        tones[tone],
        className,
      )}
    >
      <Icon aria-hidden="true" className="size-4" />
    </button>
  );
}
