import { clsx } from 'clsx';
import type { ComponentProps } from 'react';
import { Spinner } from './spinner';

export interface ButtonLook {
  /** `chosen`: a secondary one that holds a choice. */
  variant?: 'primary' | 'secondary' | 'chosen' | 'quiet' | 'danger';
  size?: 'small' | 'medium' | 'large';
}

const variants = {
  primary: 'bg-accent text-on-accent shadow-control hover:bg-accent-hover',
  secondary: 'border border-control/60 bg-raised text-ink shadow-control hover:border-control hover:bg-hover',
  chosen:
    'border border-accent-text/50 bg-accent-soft text-accent-text shadow-control hover:border-accent-text',
  quiet: 'text-ink-soft hover:bg-hover hover:text-ink',
  danger: 'border border-control/60 bg-raised text-bad-text shadow-control hover:bg-bad-soft',
};

const sizes = {
  small: 'h-8 gap-1.5 px-2.5 text-sm',
  medium: 'h-9 gap-2 px-3.5 text-sm max-sm:h-10 max-sm:px-2.5',
  large: 'h-11 gap-2 px-5 text-base',
};

/** The classes of a button, for elements that are one in looks only (links, summaries, menu buttons). */
export function getButtonClass({ variant = 'secondary', size = 'medium' }: ButtonLook = {}): string {
  return clsx(
    'inline-flex shrink-0 items-center justify-center rounded-md font-medium whitespace-nowrap transition-colors select-none',
    'disabled:cursor-default disabled:opacity-50 aria-disabled:cursor-default aria-disabled:opacity-60',
    variants[variant],
    sizes[size],
  );
}

type ButtonProps = ComponentProps<'button'> &
  ButtonLook & {
    /** Shows a spinner and swallows presses. Not `disabled`, which would throw the keyboard's focus away. */
    pending?: boolean;
  };

export function Button({
  variant,
  size,
  pending = false,
  className,
  children,
  type = 'button',
  ...rest
}: ButtonProps) {
  return (
    <button
      type={type}
      {...rest}
      {...(pending && { 'aria-disabled': true, onClick: (event) => event.preventDefault() })}
      className={clsx(getButtonClass({ variant, size }), className)}
    >
      {pending && <Spinner />}
      {children}
    </button>
  );
}
