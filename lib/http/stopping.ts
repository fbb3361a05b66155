import { subscribe } from 'node:diagnostics_channel';
import type { ServerResponse } from 'node:http';

interface Stop {
  hasBegun: boolean;
  listeners: Set<() => void>;
}

// On globalThis: Next.js may load a module once for its instrumentation and once more for its routes.
const kept = globalThis as typeof globalThis & { clientZoneStop?: Stop };
const stop = (kept.clientZoneStop ??= { hasBegun: false, listeners: new Set() });

/** Whether this process has been told to stop: it ends what is under way, and is to get nothing new. */
export function isStopping(): boolean {
  return stop.hasBegun;
}

/** From now on /readyz answers 503, so that load balancers look elsewhere. */
export function beginStopping(): void {
  stop.hasBegun = true;
  for (const listener of [...stop.listeners]) listener();
}

/**
 * Has this web process stop upon what a supervisor, a terminal or our own start script (SIGUSR2,
 * scripts/part.ts) sends. Upon SIGTERM and SIGINT Next.js closes its port; of SIGHUP, which a terminal that
 * is closed sends, it knows nothing, and the process would end at once.
 */
export function stopUponSignals(): void {
  for (const signal of ['SIGUSR2', 'SIGTERM', 'SIGINT'] as const) process.on(signal, beginStopping);
  process.on('SIGHUP', () => process.kill(process.pid, 'SIGTERM'));
}

/**
 * Calls back when this process is to stop, for what would not end by itself.
 *
 * @returns forgets it
 */
export function whenStopping(listener: () => void): () => void {
  stop.listeners.add(listener);
  return () => void stop.listeners.delete(listener);
}

/**
 * Has this process's HTTP servers end each connection with the first answer after the stop has begun. A
 * server that closes takes no new connection, and yet answers over those that it has: a proxy that asks again
 * and again over one that it keeps would hold up the stop for as long as there are visitors.
 */
export function closeConnectionsWhenStopping(): void {
  subscribe('http.server.request.start', (message) => {
    if (isStopping()) (message as { response: ServerResponse }).response.shouldKeepAlive = false;
  });
}

/** @internal For tests, which share a process. */
export function forgetStopping(): void {
  stop.hasBegun = false;
}
