import { clsx } from 'clsx';
import type { ComponentProps } from 'react';
import { getButtonClass, type ButtonLook } from './button';
import { Link } from './link';

type ButtonLinkProps = ComponentProps<typeof Link> & ButtonLook;

/** A link that looks like a button: it goes somewhere, it does not do anything. */
export function ButtonLink({ variant, size, className, ...rest }: ButtonLinkProps) {
  return <Link {...rest} className={clsx(getButtonClass({ variant, size }), className)} />;
}
