/**
 * What the product is measured against, in a process of its own as the product is; told and heard by IPC.
 *
 *   sink                a listener that does nothing: answers what it is told at once, and counts
 *   send URL WINDOW     hands messages to sendsms, over as many kept connections, and does nothing else
 */
import { Agent, createServer, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** As the product waits at first. */
const busyMs = 50;

const [mode, url = '', window = '1'] = process.argv.slice(2);
process.on('disconnect', () => process.exit());

if (mode === 'sink') {
  let count = 0;
  const server = createServer((_incoming, answer) => {
    count += 1;
    answer.writeHead(200, { 'content-type': 'text/plain' }).end();
  });
  server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
  process.on('message', () => process.send?.(count));
} else if (mode === 'send') {
  const agent = new Agent({ keepAlive: true, maxSockets: Number(window) });
  /** @param {string} query @returns {Promise<number | undefined>} */
  const call = (query) =>
    new Promise((resolve, reject) => {
      request(`${url}?${query}`, { agent }, (response) => {
        response
          .on('end', () => resolve(response.statusCode))
          .on('error', reject)
          .resume();
      })
        .on('error', reject)
        .end();
    });
  /** @param {string} query @returns {Promise<void>} */
  const send = async (query) => {
    for (;;) {
      const status = await call(query);
      if (status === 202) return;
      if (status !== 503) throw new Error(`sendsms answered with ${status}.`);
      // Kannel's queue is full: any client has to wait for it.
      await delay(busyMs);
    }
  };
  process.on('message', async (/** @type {string[]} */ queries) => {
    let next = 0;
    await Promise.all(
      Array.from({ length: Number(window) }, async () => {
        for (let query = queries[next++]; query !== undefined; query = queries[next++]) await send(query);
      }),
    );
    process.send?.('sent');
  });
  process.send?.('ready');
}
