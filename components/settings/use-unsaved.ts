import { useMemo, useState, useSyncExternalStore } from 'react';

const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Where storage is full or switched off, for as long as the page stays open. */
const unkept = new Map<string, string>();

function read(key: string): string | null {
  try {
    return sessionStorage.getItem(key) ?? unkept.get(key) ?? null;
  } catch {
    return unkept.get(key) ?? null;
  }
}

function write(key: string, value: string | null) {
  unkept.delete(key);
  try {
    if (value === null) sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, value);
  } catch {
    if (value !== null) unkept.set(key, value);
  }
  for (const listener of listeners) listener();
}

interface Draft {
  value: string;
  /** What was saved when the change was begun. */
  base: string;
}

export interface Unsaved {
  /** What was typed or chosen and is not saved yet; without that, what is saved. */
  value: string;
  /** What was saved when the change was begun. */
  base: string;
  isChanged: boolean;
  change: (value: string) => void;
  /** Goes back to what is saved. */
  undo: () => void;
  /** It has been saved, as this. */
  settle: (value: string) => void;
}

/**
 * A setting being changed. It is kept in this tab, for this user, until it is saved or undone: over a reload,
 * a look at another page, and signing in again.
 *
 * @param name of the setting and its user
 */
export function useUnsaved(name: string, savedBefore: string): Unsaved {
  const key = `unsaved-${name}`;
  // What the server has just been told stands here until the page has it from the server.
  const [settled, setSettled] = useState<Draft | null>(null);
  const saved = settled?.base === savedBefore ? settled.value : savedBefore;
  const kept = useSyncExternalStore(
    subscribe,
    () => read(key),
    () => null,
  );
  const draft = useMemo(() => (kept === null ? null : (JSON.parse(kept) as Draft)), [kept]);
  const undo = () => write(key, null);
  return {
    value: draft?.value ?? saved,
    base: draft?.base ?? saved,
    isChanged: draft !== null && draft.value !== saved,
    undo,
    change: (value) =>
      value === saved ? undo() : write(key, JSON.stringify({ value, base: draft?.base ?? saved })),
    settle: (value) => {
      setSettled({ value, base: savedBefore });
      undo();
    },
  };
}
