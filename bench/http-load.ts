/**
 * A carrier at work, in a process of its own: `node --import tsx http-load.ts URL AUTHORIZATION CONNECTIONS`.
 * Takes one request body a line on its standard input, posts them all, and prints how long that took, in
 * milliseconds. Anything but a 200 ends it with an error.
 */
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';

const [url = '', authorization = '', connections = '1'] = process.argv.slice(2);
const agent = new Agent({ keepAlive: true, maxSockets: Number(connections) });
const bodies = (await text(process.stdin)).split('\n').filter((line) => line !== '');

const start = performance.now();
let next = 0;
await Promise.all(
  Array.from({ length: Number(connections) }, async () => {
    for (let body = bodies[next++]; body !== undefined; body = bodies[next++]) await post(body);
  }),
);
console.log(performance.now() - start);
agent.destroy();

function post(body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { authorization, 'content-type': 'application/json' };
    request(url, { method: 'POST', agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`A reply was answered with ${response.statusCode}.`));
      response.on('end', resolve).on('error', reject).resume();
    })
      .on('error', reject)
      .end(body);
  });
}
