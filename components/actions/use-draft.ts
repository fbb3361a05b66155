'use client';

import { useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useDraftOwner } from './draft-owner';
import { composeDraftKey, dropDraft, readDraft, registerDraft } from './draft-store';
import { reviveDraft, type DraftValue } from './revive-draft';

export interface Draft<Value> {
  value: Value;
  change: (value: Value) => void;
  /** It is done with: back to the beginning. */
  clear: () => void;
  /** It comes from before a reload or a sign-in, and has not been touched since. */
  isBack: boolean;
}

/**
 * What somebody types in a form. It outlives what takes the page away: a reload because the server is newer,
 * signing in again after the session has ended, a lost connection. It does not outlive being sent (`clear`),
 * nor going to another page by choice.
 *
 * @param name of the form, the same for as long as it stands
 * @param initial what stands there before anything is typed
 * @param unsent to be kept when nothing is typed: what was sent off and has not arrived
 */
export function useDraft<Value extends DraftValue>(
  name: string,
  initial: Value,
  unsent?: Value,
): Draft<Value> {
  const key = composeDraftKey(useDraftOwner(), name);
  const [typed, setTyped] = useState<{ key: string; value: Value } | null>(null);
  const kept = useSyncExternalStore(
    subscribeToNothing,
    () => readDraft(key),
    () => null,
  );
  const beginning = JSON.stringify(initial);
  const back = useMemo(
    () => (kept === null ? null : reviveDraft(kept, JSON.parse(beginning) as Value)),
    [kept, beginning],
  );
  const own = typed?.key === key ? typed : null;
  const value = own ? own.value : (back ?? initial);

  const latest = useRef<string | null>(null);
  useEffect(() => {
    const isTyped = JSON.stringify(value) !== beginning;
    const toKeep = isTyped ? value : unsent;
    latest.current = toKeep === undefined ? null : JSON.stringify(toKeep);
  });
  useEffect(() => registerDraft({ key, read: () => latest.current }), [key]);

  return {
    value,
    change: (next) => {
      setTyped({ key, value: next });
      // At once: a call that is made in the same breath may fail before this is on the page.
      latest.current = JSON.stringify(next);
      // What was kept is older now; the page keeps this one when it must.
      dropDraft(key);
    },
    clear: () => {
      setTyped(null);
      dropDraft(key);
      latest.current = null;
    },
    isBack: own === null && back !== null,
  };
}

function subscribeToNothing(): () => void {
  return () => undefined;
}
