/** What a shared stream needs of the browser; tests hand it another. */
export interface Browser {
  now(): number;
  /** When this page was asked for. */
  bornAt: number;
  isHidden(): boolean;
  /** Calls back when the page is hidden or shown, and when the network is back. Returns how to stop. */
  onAwake(listener: () => void): () => void;
  /** To and from the other tabs of this browser; null: there is no such thing. */
  openChannel(name: string): Channel | null;
  /**
   * Waits until no other tab leads, then calls `lead` and leads until what that answers is done. False: tabs
   * cannot agree here (Web Locks exist on https and localhost alone).
   */
  requestLead(name: string, signal: AbortSignal, lead: () => Promise<void>): boolean;
  openSource(url: string): EventSource;
  /** The status that a stream would be answered with; 0: there is no answer. */
  ask(url: string): Promise<number>;
}

export interface Channel {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  close(): void;
}

export const thisBrowser: Browser = {
  now: () => Date.now(),
  get bornAt() {
    return performance.timeOrigin;
  },
  isHidden: () => document.visibilityState === 'hidden',
  onAwake(listener) {
    document.addEventListener('visibilitychange', listener);
    window.addEventListener('online', listener);
    return () => {
      document.removeEventListener('visibilitychange', listener);
      window.removeEventListener('online', listener);
    };
  },
  openChannel(name) {
    if (typeof BroadcastChannel === 'undefined') return null;
    const channel = new BroadcastChannel(name);
    return {
      post: (message) => channel.postMessage(message),
      onMessage: (listener) => channel.addEventListener('message', ({ data }) => listener(data)),
      close: () => channel.close(),
    };
  },
  requestLead(name, signal, lead) {
    // Typed as always there; without https it is not.
    const locks = navigator.locks as LockManager | undefined;
    if (!locks) return false;
    locks.request(name, { signal }, lead).catch((error: unknown) => {
      // It was given up, or the page is being left.
      if ((error as Error).name !== 'AbortError') throw error;
    });
    return true;
  },
  openSource: (url) => new EventSource(url),
  async ask(url) {
    try {
      // As a stream asks: it does not count as a sign of somebody being there.
      const answer = await fetch(url, { method: 'HEAD', headers: { accept: 'text/event-stream' } });
      // To the sign-in page.
      return answer.redirected ? 401 : answer.status;
    } catch {
      return 0;
    }
  },
};
