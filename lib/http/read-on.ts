import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';

/** How long a client may be silent, and be at it in all, before it is cut off. */
const silentMs = 1_000;
const longestMs = 10_000;
const maxBytes = 16 * 1024 * 1024;
const lookMs = 100;

/**
 * Reads, and throws away, what still comes of a request that has been answered already. To close the
 * connection at once would reset it (RFC 9112, section 9.6): a client that is still writing then sees a
 * broken connection and never the answer, and sends again what was refused. Whoever is silent for a second,
 * or goes on for ten or for 16 MB, is cut off.
 */
export function readOn(request: IncomingMessage): void {
  const { socket } = request;
  // A request that a test injects has no connection.
  if (request.complete || socket.destroyed || !(socket instanceof Socket)) return;
  const started = performance.now();
  const before = socket.bytesRead;
  let [read, heard] = [before, started];
  const timer = setInterval(() => {
    if (request.complete || socket.destroyed) return clearInterval(timer);
    const now = performance.now();
    if (socket.bytesRead > read) [read, heard] = [socket.bytesRead, now];
    if (read - before <= maxBytes && now - heard <= silentMs && now - started <= longestMs) return;
    clearInterval(timer);
    socket.destroy();
  }, lookMs);
  timer.unref();
  request.resume();
}
