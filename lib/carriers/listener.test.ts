import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { env } from '@/lib/env';
import { createAccount, nextMsisdn } from '@/testing/factories';
import { maxRequestBytes } from './door';
import { createCarrierListener } from './listener';
import { maxWrongSecrets } from './wrong-secrets';

let db: TestDatabase;
let listener: ReturnType<typeof createCarrierListener>;

beforeAll(async () => {
  db = await createTestDatabase();
  listener = createCarrierListener(db.pool);
});
afterAll(async () => {
  await listener.close();
  await db.close();
});

const authorization = `Bearer ${env.CARRIER_SECRET}`;

test('a reply goes in as bytes, whatever its content type says', async () => {
  const account = await createAccount(db.pool);
  const types = ['application/json', 'text/plain', 'application/octet-stream', undefined];
  for (const [index, type] of types.entries()) {
    const answer = await listener.inject({
      method: 'POST',
      url: '/carrier/simulator/reply',
      headers: { authorization, ...(type === undefined ? {} : { 'content-type': type }) },
      payload: Buffer.from(
        JSON.stringify({
          id: `mo-${index}`,
          from: nextMsisdn(),
          to: account.senderNumber,
          text: `Grüße ${index}`,
        }),
      ),
    });
    expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'accepted' }]);
  }
  const { rows } = await db.pool.query('select text from reply where account_id = $1 order by id', [
    account.id,
  ]);
  expect(rows).toEqual(types.map((_, index) => ({ text: `Grüße ${index}` })));
});

test('a megabyte goes in; more than the limit is 413', async () => {
  const account = await createAccount(db.pool);
  const send = (text: string) =>
    listener.inject({
      method: 'POST',
      url: '/carrier/simulator/reply',
      headers: { authorization, 'content-type': 'application/json' },
      payload: JSON.stringify({ id: 'mo-large', from: nextMsisdn(), to: account.senderNumber, text }),
    });
  expect((await send('x'.repeat(maxRequestBytes))).statusCode).toBe(413);
  expect((await send('x'.repeat(1_000_000))).statusCode).toBe(200);
  const { rows } = await db.pool.query('select length(text) as length from reply where account_id = $1', [
    account.id,
  ]);
  expect(rows).toEqual([{ length: 1_000_000 }]);
});

test('without the secret, without a body, without a route', async () => {
  const post = (url: string, headers: Record<string, string>) =>
    listener.inject({ method: 'POST', url, headers });
  expect((await post('/carrier/simulator/reply', {})).statusCode).toBe(401);
  const empty = await post('/carrier/simulator/reply', { authorization });
  expect(empty.statusCode).toBe(400);
  expect(empty.headers['content-type']).toContain('application/problem+json');
  expect((await post('/carrier/kannel/reply', { authorization })).statusCode).toBe(404);
  expect((await post('/carrier/simulator/other', { authorization })).statusCode).toBe(404);
  expect((await listener.inject('/healthz')).statusCode).toBe(200);
});

test('a receipt has its own route', async () => {
  const answer = await listener.inject({
    method: 'POST',
    url: '/carrier/simulator/receipt',
    headers: { authorization, 'content-type': 'application/x-www-form-urlencoded' },
    payload: 'reference=1-1&status=delivered',
  });
  expect([answer.statusCode, answer.json()]).toEqual([200, { status: 'unchanged' }]);
});

describe('over a real connection', () => {
  beforeAll(async () => {
    await listener.listen({ host: '127.0.0.1', port: 0 });
  });

  async function openSocket(): Promise<Socket> {
    const socket = connect((listener.server.address() as AddressInfo).port, '127.0.0.1');
    await once(socket, 'connect');
    return socket;
  }

  function composeHead(call: string, secret: string, length: number): string {
    return (
      `${call} HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${secret}\r\n` +
      `content-type: application/json\r\ncontent-length: ${length}\r\n\r\n`
    );
  }

  test.each([
    ['a wrong secret', 'POST /carrier/simulator/reply', 'wrong', 401],
    ['an unknown carrier', 'POST /carrier/other/reply', env.CARRIER_SECRET, 404],
    ['a body that is too large', 'POST /carrier/simulator/reply', env.CARRIER_SECRET, 413],
    ['Kannel with a body', 'GET /carrier/simulator/kannel/reply', env.CARRIER_SECRET, 413],
  ])('%s is answered to a client that writes to the end and reads then', async (_, call, secret, status) => {
    const body = Buffer.alloc(2 * maxRequestBytes, 'x');
    const socket = await openSocket();
    socket.pause();
    socket.write(composeHead(call, secret, body.length));
    for (let at = 0; at < body.length; at += 65_536) {
      if (!socket.write(body.subarray(at, at + 65_536))) await once(socket, 'drain');
    }
    // The connection is as good as before.
    socket.write('GET /healthz HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n');
    const answers = await text(socket);
    expect(answers.match(/HTTP\/1\.1 \d+/g)).toEqual([`HTTP/1.1 ${status}`, 'HTTP/1.1 200']);
  });

  test('whoever goes on without end is cut off', async () => {
    const socket = await openSocket();
    const closed = new Promise((resolve) => void socket.once('close', resolve));
    socket.on('error', () => {
      // It is reset.
    });
    socket.resume();
    socket.write(composeHead('POST /carrier/simulator/reply', 'wrong', 10 ** 12));
    const more = Buffer.alloc(65_536, 'x');
    let sent = 0;
    while (!socket.destroyed && sent < 10 ** 9) {
      sent += more.length;
      const drained = new Promise((resolve) => void socket.once('drain', resolve));
      if (!socket.write(more)) await Promise.race([drained, closed]);
    }
    expect(sent).toBeLessThan(10 ** 9);
    await closed;
  });

  /** Says that a body follows, sends none of it, and reads until the other side hangs up. */
  async function announceBody(path: string, secret: string): Promise<string> {
    const socket = await openSocket();
    socket.write(composeHead(`POST ${path}`, secret, maxRequestBytes));
    return text(socket);
  }

  test('a wrong secret is refused before a body is there, and the connection ends when none comes', async () => {
    const paths = ['reply', 'receipt'].map((kind) => `/carrier/simulator/${kind}`);
    await Promise.all(
      [...paths, '/carrier/other/reply', '/elsewhere'].map(async (path) => {
        const answer = await announceBody(path, 'wrong');
        expect(answer).toMatch(/^HTTP\/1\.1 401 /);
        expect(answer).toContain('application/problem+json');
      }),
    );
  });

  test('so is a carrier that is not in use, and a path that is not there', async () => {
    await Promise.all(
      ['/carrier/other/reply', '/elsewhere'].map(async (path) => {
        expect(await announceBody(path, env.CARRIER_SECRET)).toMatch(/^HTTP\/1\.1 404 /);
      }),
    );
  });

  test('is counted by address; the right one is heard all the same', async () => {
    const post = (remoteAddress: string, secret: string) =>
      listener.inject({
        method: 'POST',
        url: '/carrier/simulator/receipt',
        remoteAddress,
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        payload: JSON.stringify({ reference: '1-1', status: 'delivered' }),
      });
    for (let count = 0; count < maxWrongSecrets; count += 1) {
      expect((await post('192.0.2.1', `wrong ${count}`)).statusCode).toBe(401);
    }
    const refused = await post('192.0.2.1', 'wrong again');
    expect(refused.statusCode).toBe(429);
    expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0);
    expect((await post('192.0.2.1', env.CARRIER_SECRET)).statusCode).toBe(200);
    expect((await post('192.0.2.2', 'wrong')).statusCode).toBe(401);
  });
});

test('an error of ours is not told to the other side', async () => {
  const failing = createCarrierListener(db.pool);
  failing.post('/carrier/:carrier/fails', () => {
    throw new Error('relation "secret_table" does not exist');
  });
  const answer = await failing.inject({
    method: 'POST',
    url: '/carrier/simulator/fails',
    headers: { authorization },
  });
  await failing.close();
  expect(answer.statusCode).toBe(503);
  expect(answer.body).not.toContain('secret_table');
  expect(answer.headers['content-type']).toContain('application/problem+json');
});
