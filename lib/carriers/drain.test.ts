import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { env } from '@/lib/env';
import { beginStopping, forgetStopping } from '@/lib/http/stopping';
import { createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { waitUntil } from '@/testing/poll';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createCarrierListener } from './listener';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());
afterEach(forgetStopping);

async function listen() {
  const listener = createCarrierListener(db.pool);
  await listener.listen({ host: '127.0.0.1', port: 0 });
  return { listener, port: (listener.server.address() as AddressInfo).port };
}

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** A reply over a connection that stays open. */
function composeRequest(account: TestAccount, from: string): string {
  const body = JSON.stringify({ id: `mo-${from}`, from, to: account.senderNumber, text: 'Stop' });
  return (
    `POST /carrier/simulator/reply HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${env.CARRIER_SECRET}\r\n` +
    `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`
  );
}

const countReplies = async (account: TestAccount) =>
  (await db.pool.query('select from reply where account_id = $1', [account.id])).rowCount;

test('what is under way as it stops is committed and acknowledged, and its connection ends', async () => {
  const account = await createAccount(db.pool);
  const { listener, port } = await listen();
  const sockets = await Promise.all([open(port), open(port), open(port)]);
  // Nothing can be committed while somebody holds the receipts.
  const holder = await db.owner.connect();
  await holder.query('begin; lock table carrier_receipt in exclusive mode');
  const answers = sockets.map((socket) => text(socket));
  for (const socket of sockets.slice(0, 2)) socket.write(composeRequest(account, nextMsisdn()));
  await waitUntil('a reply waits for the lock', async () => {
    const { rowCount } = await db.pool.query(
      `select from pg_locks where not granted and relation = 'carrier_receipt'::regclass`,
    );
    return rowCount === 1;
  });

  beginStopping();
  expect((await listener.inject('/readyz')).statusCode).toBe(503);
  // Who has not looked at /readyz yet is heard as before.
  const late = await open(port);
  const lateAnswer = text(late);
  late.write(composeRequest(account, nextMsisdn()));
  // one request over an open connection comes after the port is closed
  const closed = listener.close();
  await waitUntil('the port is closed', async () => !listener.server.listening);
  await holder.query('commit');
  holder.release();
  await closed;

  // The third, which had nothing under way, was closed without an answer.
  const [first, second, idle] = await Promise.all(answers);
  for (const answer of [first, second, await lateAnswer]) {
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toMatch(/^connection: close\r$/im);
  }
  expect(idle).toBe('');
  expect(await countReplies(account)).toBe(3);
});

test('connections stay open until it is to stop', async () => {
  const account = await createAccount(db.pool);
  const { listener, port } = await listen();
  const socket = await open(port);
  const ask = async () => {
    socket.write(composeRequest(account, nextMsisdn()));
    const [data] = (await once(socket, 'data')) as [Buffer];
    return data.toString();
  };
  for (let count = 0; count < 2; count += 1) expect(await ask()).toMatch(/^connection: keep-alive\r$/im);
  expect((await listener.inject('/readyz')).json()).toEqual({ status: 'ready' });
  beginStopping();
  const ended = once(socket, 'end');
  expect(await ask()).toMatch(/^connection: close\r$/im);
  await ended;
  await listener.close();
  expect((await db.pool.query('select from reply where account_id = $1', [account.id])).rowCount).toBe(3);
});

test('before it listens it is not ready', async () => {
  const listener = createCarrierListener(db.pool);
  expect((await listener.inject('/readyz')).json()).toEqual({ status: 'not ready', failed: 'listener' });
  await listener.close();
});
