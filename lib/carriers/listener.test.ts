import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { env } from '@/lib/env';
import { createAccount, nextMsisdn } from '@/lib/testing/factories';
import { maxRequestBytes } from './door';
import { createCarrierListener } from './listener';

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
