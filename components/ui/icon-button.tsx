import { clsx } from 'clsx';
import type { LucideIcon } from 'lucide-react';
import type { ComponentProps } from 'react';

type IconButtonProps = Omit<ComponentProps<'button'>, 'children'> & {
  icon: LucideIcon;
  /** What it does; read out, and shown as a tip. */
  label: string;
  tone?: 'neutral' | 'bad';
};

export function IconButton({ icon: Icon, label, tone = 'neutral', className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      data-tip={label}
      {...rest}
      className={clsx('icon-button', tone === 'bad' && 'icon-button-bad', className)}
    >
      <Icon aria-hidden="true" />
    </button>
  );
}
