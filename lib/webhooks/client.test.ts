import type { ServerResponse } from 'node:http';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createTestClient, startReceiver, type Receiver } from '@/testing/webhooks';
import { maxAnswerBytes, type ClientOptions, type Resolved } from './client';

let receiver: Receiver;
beforeEach(async () => {
  receiver = await startReceiver();
});
afterEach(() => receiver.close());

const post = async (url: string, options: Partial<ClientOptions> = {}) => {
  const client = createTestClient(options);
  try {
    return await client.post(new URL(url), [], Buffer.from('{"data":{}}'));
  } finally {
    client.close();
  }
};
const here: Resolved = { address: '127.0.0.1', family: 4 };

test('an answer is read, cut and in text', async () => {
  receiver.answer = (response) => response.writeHead(200).end('Thanks\0 — “sir”');
  expect(await post(receiver.url)).toMatchObject({ ok: true, statusCode: 200, text: 'Thanks — “sir”' });
});

test('an answer without a length ends with its connection', async () => {
  receiver.answer = ({ socket }) => void socket?.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nThanks');
  expect(await post(receiver.url)).toMatchObject({ ok: true, statusCode: 200, text: 'Thanks' });
});

test('a connection is kept for what comes next', async () => {
  const client = createTestClient();
  const ports = new Set<number | undefined>();
  receiver.answer = (response) => {
    ports.add(response.socket?.remotePort);
    response.writeHead(200).end('ok');
  };
  for (let time = 0; time < 3; time++) await client.post(new URL(receiver.url), [], Buffer.from('{}'));
  client.close();
  expect(ports.size).toBe(1);
});

test('of a gigabyte 64 KB are read, and the rest is not waited for', async () => {
  let written = 0;
  receiver.answer = (response) => {
    response.writeHead(200);
    const chunk = Buffer.alloc(1 << 20, 'a');
    const more = () => {
      while (written < 1 << 30 && !response.destroyed) {
        written += chunk.length;
        if (!response.write(chunk)) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  };
  const answer = await post(receiver.url);
  expect(answer).toMatchObject({ ok: true, statusCode: 200 });
  expect(answer.text).toHaveLength(maxAnswerBytes);
  expect(written).toBeLessThan(1 << 28);
});

test.each([
  ['drips its answer', (response: ServerResponse) => void response.writeHead(200).write('a')],
  ['never answers', () => undefined],
])('one that %s is given up after the limit, which is one for all of it', async (_, answer) => {
  const timers: NodeJS.Timeout[] = [];
  receiver.answer = (response) => {
    answer(response);
    // each byte would begin a limit of idleness anew
    if (response.headersSent) timers.push(setInterval(() => response.write('a'), 20));
  };
  const result = await post(receiver.url, { limitMs: 200 });
  timers.forEach(clearInterval);
  expect(result).toMatchObject({ ok: false, statusCode: null, reason: 'It took longer than 10 seconds.' });
});

// Node says nothing of such an answer but that the request is closed.
test('one that answers with another protocol, by whichever connection, is given up at once', async () => {
  const client = createTestClient();
  for (const attempt of ['first', 'kept']) {
    if (attempt === 'kept') {
      receiver.answer = (response) => response.writeHead(200).end('ok');
      expect(await client.post(new URL(receiver.url), [], Buffer.from('{}'))).toMatchObject({ ok: true });
    }
    receiver.answer = ({ socket }) =>
      void socket?.write('HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n');
    expect(await client.post(new URL(receiver.url), [], Buffer.from('{}'))).toMatchObject({
      ok: false,
      statusCode: null,
      reason: 'It broke the connection off.',
    });
  }
  client.close();
});

test('a slow name counts too', async () => {
  const result = await post('http://slow.example/', {
    limitMs: 50,
    resolve: () => new Promise(() => undefined),
  });
  expect(result).toMatchObject({ ok: false, reason: 'It took longer than 10 seconds.' });
});

test('a redirect is not followed', async () => {
  const other = await startReceiver();
  receiver.answer = (response) => response.writeHead(307, { location: other.url }).end();
  expect(await post(receiver.url)).toMatchObject({
    ok: false,
    statusCode: 307,
    reason: expect.stringContaining('redirect'),
  });
  expect(other.received).toEqual([]);
  await other.close();
});

describe('a name', () => {
  test('that has a private address beside a public one is refused', async () => {
    for (const address of ['10.0.0.1', '169.254.169.254', '::ffff:127.0.0.1', 'fd00::1']) {
      const resolve = async (): Promise<Resolved[]> => [
        here,
        { address, family: address.includes(':') ? 6 : 4 },
      ];
      const result = await post(`http://two.example:${receiver.port}/`, { resolve });
      expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('private network') });
    }
    expect(receiver.received).toEqual([]);
  });

  test('is resolved once: what was checked is what is connected to', async () => {
    const answers: Resolved[][] = [[here], [{ address: '10.0.0.1', family: 4 }]];
    let asked = 0;
    const resolve = async () => answers[Math.min(asked++, 1)] as Resolved[];
    expect(await post(`http://rebound.example:${receiver.port}/`, { resolve })).toMatchObject({ ok: true });
    expect(asked).toBe(1);
    expect(receiver.received[0]?.headers.host).toBe(`rebound.example:${receiver.port}`);
  });

  test('that is not there, or leads nowhere, is told in words', async () => {
    const nobody = () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
    expect(await post('http://gone.example/', { resolve: nobody })).toMatchObject({
      reason: 'Its name was not found.',
    });
    expect(await post('http://none.example/', { resolve: async () => [] })).toMatchObject({
      reason: 'Its name was not found.',
    });
  });
});

test('an address that is written as one is checked too', async () => {
  const strict = { allowLoopback: false };
  for (const host of ['127.0.0.1', '[::1]', '0x7f.1', '[::ffff:127.0.0.1]']) {
    const result = await post(`http://${host}:${receiver.port}/`, strict);
    expect(result).toMatchObject({ ok: false, reason: expect.stringContaining('private network') });
  }
  expect(receiver.received).toEqual([]);
});

test('a port where nobody listens refuses', async () => {
  const { url } = receiver;
  await receiver.close();
  expect(await post(url)).toMatchObject({
    ok: false,
    statusCode: null,
    reason: 'It refused the connection.',
  });
  receiver = await startReceiver();
});

test.each([
  ['looks for its name', 'https://shop.example/', () => new Promise<never>(() => undefined)],
  ['waits for an answer', '', undefined],
])('one that %s is given up at once, and none is begun after', async (_, named, resolve) => {
  receiver.answer = () => undefined;
  const client = createTestClient(resolve && { resolve });
  const url = new URL(named || receiver.url);
  const before = receiver.received.length;
  const asked = client.post(url, [], Buffer.from('{}'));
  if (!named) await vi.waitUntil(() => receiver.received.length > before);
  client.giveUp();
  const givenUp = { ok: false, isStopped: true, statusCode: null };
  expect(await asked).toMatchObject(givenUp);
  expect(await client.post(url, [], Buffer.from('{}'))).toMatchObject(givenUp);
  expect(receiver.received.length - before).toBe(named ? 0 : 1);
});
