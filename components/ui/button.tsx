import { clsx } from 'clsx';
import type { ComponentProps } from 'react';
import { Spinner } from './spinner';

export interface ButtonLook {
  /** `chosen`: a secondary one that holds a choice. */
  variant?: 'primary' | 'secondary' | 'chosen' | 'quiet' | 'danger';
  size?: 'small' | 'medium' | 'large';
}

/**
 * The classes of a button, for elements that are one in looks only (links, summaries, menu buttons). What
 * they mean is said in app/globals.css.
 */
export function getButtonClass({ variant = 'secondary', size = 'medium' }: ButtonLook = {}): string {
  return clsx(
    'button',
    variant !== 'secondary' && `button-${variant}`,
    size !== 'medium' && `button-${size}`,
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
