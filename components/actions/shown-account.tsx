'use client';

import { useEffect } from 'react';

/** Of the whole tab: its pages are of one account until one is loaded of another. */
let shownAccount: number | null = null;

/**
 * Says whose account the page shows. Each call of an action carries it: a session works for one account at a
 * time, and who switches in another tab must not act in one account by a page of the other.
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

/** Null: the page is of no account. */
export function readShownAccount(): number | null {
  return shownAccount;
}
