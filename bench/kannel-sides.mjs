/**
 * What the product is measured against, in a process of its own as the product is; told and heard by IPC.
 *
 *   sink                a listener that does nothing: answers what it is told at once, and counts
 *   send URL WINDOW     hands messages to sendsms, over as many kept connections, and does nothing else
 */
import { Agent, createServer, request } from 'node:http';

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
  /** @param {string} query @returns {Promise<void>} */
  const send = (query) =>
    new Promise((resolve, reject) => {
      request(`${url}?${query}`, { agent }, (response) => {
        if (response.statusCode !== 202) reject(new Error(`sendsms answered with ${response.statusCode}.`));
        response.on('end', resolve).on('error', reject).resume();
      })
        .on('error', reject)
        .end();
    });
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
