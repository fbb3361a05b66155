import { afterAll, beforeAll, expect, test } from 'vitest';
import { operations } from '@/lib/api-v2/operations';
import { askApi } from '@/testing/api-client';
import { createApiKey } from '@/testing/api-keys';
import { createAccount, createManualOptOut, nextMsisdn } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createEndpoint } from '@/testing/webhooks';
import { encodePlace } from '@/lib/api-v2/cursors';

let db: TestDatabase;
let key: string;
let accountId: number;
let webhookId: number;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
  const account = await createAccount(db.pool);
  accountId = account.id;
  await createManualOptOut(db.pool, account, nextMsisdn());
  ({ secret: key } = await createApiKey(db.pool, account));
  ({ id: webhookId } = await createEndpoint(db.pool, account, 'http://127.0.0.1:9/hooks'));
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

const at = '2026-11-20 08:00:00.123456+00';
/** A place of each list that can be in one. */
const places = {
  listOptOuts: ['opt-outs-newest', [at, '1']],
  readHistory: ['history', ['1']],
  readChanges: ['changes', ['1', '0', '0']],
  listRemovalRequests: ['removal-requests-newest', ['1']],
  listMessages: ['messages-newest', [at, '1']],
  listWebhookDeliveries: ['webhook-deliveries', ['1']],
  listReplies: ['replies-newest', [at, '1']],
  listConsents: ['consents', [at, '1']],
} as const;
type Name = keyof typeof places;

const lists = operations.filter(({ problems }) => problems.includes('invalid-cursor'));

test('every list with pages is here', () => {
  expect(lists.map(({ id }) => id).sort()).toEqual(Object.keys(places).sort());
});

test.each(lists.map((operation) => [operation.id, operation] as const))(
  '%s takes a cursor of its own, and none of another account, list or order, nor what is none',
  async (id, operation) => {
    const [list, place] = places[id as Name];
    const encode = (account: number, name: string = list) =>
      encodePlace(account, name as 'history', place as unknown as [string]);
    const path = operation.path.replace('{number}', '27821234567').replace('{id}', String(webhookId));
    const name = id === 'readChanges' ? 'after' : 'cursor';
    const turn = (cursor: string) =>
      askApi(`${path}?${new URLSearchParams({ [name]: cursor }).toString()}`, { key });
    expect((await turn(encode(accountId))).status).toBe(200);
    const others = [
      encode(accountId + 1),
      encode(accountId, 'another-list'),
      encode(accountId, list.replace('newest', 'oldest')),
      encode(accountId).slice(0, -4),
      Buffer.from(JSON.stringify([accountId, list])).toString('base64url'),
      Buffer.from(JSON.stringify([accountId, list, '2026-02-30 08:00:00+00', '1'])).toString('base64url'),
      'none',
      '',
    ].filter((cursor) => cursor !== encode(accountId));
    for (const cursor of others) {
      expect(await turn(cursor), cursor).toMatchObject({
        status: 422,
        body: { type: expect.stringMatching(/#invalid-cursor$/) },
      });
    }
  },
);
