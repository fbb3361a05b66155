import { useMemo, useSyncExternalStore } from 'react';

export interface SendDraft {
  recipients: string;
  text: string;
}

function getKey(userId: number): string {
  return `unsent-${userId}`;
}

/** Keeps what could not be sent in this tab, for this user alone, over signing in again. */
export function keepDraft(userId: number, draft: SendDraft): void {
  try {
    sessionStorage.setItem(getKey(userId), JSON.stringify(draft));
  } catch {
    // Storage is full or switched off: there is nowhere else to keep it.
  }
}

export function dropDraft(userId: number): void {
  try {
    sessionStorage.removeItem(getKey(userId));
  } catch {
    // Storage is switched off: nothing was kept.
  }
}

/** What this user could not send before, because their session had ended; null when there is nothing. */
export function useDraft(userId: number): SendDraft | null {
  const kept = useSyncExternalStore(
    () => () => undefined,
    () => readKept(userId),
    () => null,
  );
  return useMemo(() => (kept === null ? null : (JSON.parse(kept) as SendDraft)), [kept]);
}

function readKept(userId: number): string | null {
  try {
    return sessionStorage.getItem(getKey(userId));
  } catch {
    return null;
  }
}
