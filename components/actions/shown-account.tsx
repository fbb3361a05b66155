'use client';

import { useEffect } from 'react';

/** Of the whole tab: its pages are of one account until one is loaded of another. */
let shownAccount: number | null = null;

/**
 * Says whose account the page shows. Each call of an action, each upload and each download carries it: a
 * session works for one account at a time, and who switches in another tab must not act in one account by a
 * page of the other.
 */
export function ShownAccount({ id }: { id: number }) {
  useEffect(() => {
    shownAccount = id;
    return () => {
      shownAccount = null;
    };
  }, [id]);
  return null;
}

/** The parameter by which a route is told whose account the page shows (lib/auth/make-route.ts). */
const shownParameter = 'shown';

/** An address of a route that makes or takes a file, with the account that the page shows. */
export function withShownAccount(href: string): string {
  if (shownAccount === null) return href;
  return `${href}${href.includes('?') ? '&' : '?'}${shownParameter}=${shownAccount}`;
}

/** Null: the page is of no account. */
export function readShownAccount(): number | null {
  return shownAccount;
}
