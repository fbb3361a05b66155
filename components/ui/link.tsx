'use client';

import NextLink from 'next/link';
import { useState, type ComponentProps } from 'react';

/**
 * Next's link, fetching ahead only what someone points at. By itself it would fetch every page a link is in
 * sight of, and all of them again with each live update.
 */
export function Link({ prefetch, ...rest }: ComponentProps<typeof NextLink>) {
  const [isPointedAt, setIsPointedAt] = useState(false);
  return (
    <NextLink
      {...rest}
      prefetch={prefetch ?? (isPointedAt ? null : false)}
      onPointerEnter={() => setIsPointedAt(true)}
      onPointerLeave={() => setIsPointedAt(false)}
      onFocus={() => setIsPointedAt(true)}
      onBlur={() => setIsPointedAt(false)}
    />
  );
}
