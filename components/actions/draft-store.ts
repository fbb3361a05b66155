/**
 * What has been typed and not been sent, kept in this tab: over a reload, over signing in again, over a
 * failed call. The forms of a page register what they hold; it is written down only when it would be lost.
 */

interface LiveDraft {
  key: string;
  /** As it is now; null when there is nothing to keep. */
  read: () => string | null;
}

const live = new Set<LiveDraft>();

const prefix = 'draft';

/** @param owner whose it is: nobody else who signs in in this tab finds it */
export function composeDraftKey(owner: string, name: string): string {
  return `${prefix} ${owner} ${name}`;
}

/** Returns how to take it out again. */
export function registerDraft(draft: LiveDraft): () => void {
  if (live.size === 0) window.addEventListener('pagehide', keepDrafts);
  live.add(draft);
  return () => {
    live.delete(draft);
    if (live.size === 0) window.removeEventListener('pagehide', keepDrafts);
  };
}

/** Writes down all that is typed on this page. */
export function keepDrafts(): void {
  for (const { key, read } of live) {
    const value = read();
    if (value !== null) write(key, value);
  }
}

/** Loads the page anew, and lets what is typed on it be there again. */
export function reloadPage(): void {
  keepDrafts();
  window.location.reload();
}

export function readDraft(key: string): string | null {
  try {
    return sessionStorage.getItem(key);
  } catch {
    // Storage is switched off: nothing was kept.
    return null;
  }
}

export function dropDraft(key: string): void {
  try {
    sessionStorage.removeItem(key);
  } catch {
    // Storage is switched off: nothing was kept.
  }
}

/** For whoever signs out: what they typed is not left to the next one at this screen. */
export function dropDraftsOf(owner: string): void {
  live.clear();
  try {
    for (const key of Object.keys(sessionStorage)) {
      if (key.startsWith(composeDraftKey(owner, ''))) sessionStorage.removeItem(key);
    }
  } catch {
    // Storage is switched off: nothing was kept.
  }
}

function write(key: string, value: string): void {
  try {
    sessionStorage.setItem(key, value);
  } catch {
    // Storage is full or switched off: there is nowhere else to keep it.
  }
}
