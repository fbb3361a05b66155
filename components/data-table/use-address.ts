'use client';

import { usePathname, useRouter, useSearchParams } from 'next/navigation';
import { useOptimistic, useTransition } from 'react';

/** By name; null takes a parameter away. */
export type AddressChange = Readonly<Record<string, string | null>>;

/**
 * The parameters of the address. A change is seen at once, while the page that goes with it is on its way.
 *
 * By hand, not with nuqs, which every page was sent for: 8 kB for a queue of changes that nothing here needs.
 */
export function useAddress() {
  const router = useRouter();
  const pathname = usePathname();
  const current = useSearchParams().toString();
  const [isPending, startTransition] = useTransition();
  const [query, setQuery] = useOptimistic(current);
  const parameters = new URLSearchParams(query);

  /** @param history `push`: a step that Back takes back */
  function change(changes: AddressChange, history: 'push' | 'replace'): void {
    const next = applyChange(query, changes);
    startTransition(() => {
      setQuery(next);
      router[history](next === '' ? pathname : `${pathname}?${next}`, { scroll: false });
    });
  }

  return { isPending, read: (name: string) => parameters.get(name), change };
}

/** A query with some parameters changed. Commas stay as they are, since people read such addresses. */
export function applyChange(query: string, changes: AddressChange): string {
  const parameters = new URLSearchParams(query);
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) parameters.delete(name);
    else parameters.set(name, value);
  }
  return parameters.toString().replaceAll('%2C', ',');
}
