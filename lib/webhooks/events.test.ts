import { Readable } from 'node:stream';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { withTransaction } from '@/lib/db/client';
import { claimBatch, recordHandover } from '@/lib/messages/claim';
import { acceptBatch } from '@/lib/messages/commands';
import { recordReceipts } from '@/lib/messages/receipts';
import { cancelScheduled } from '@/lib/messages/scheduled';
import { storeNumberList } from '@/lib/number-lists/commands';
import { importNumberList } from '@/lib/number-lists/import-job';
import { addOptOuts, removeOptOuts } from '@/lib/opt-outs/commands';
import { marketingStopReasons } from '@/lib/opt-outs/gate';
import { cancelRequest } from '@/lib/removal-requests/commands';
import { addOptOutByStaff, removeOptOutByCorrection } from '@/lib/removal-requests/corrections';
import { decideRequests } from '@/lib/removal-requests/decisions';
import { optOutReviewedReply, undoReview } from '@/lib/replies/review-commands';
import { listRepliesToReview } from '@/lib/replies/review-queries';
import { receiveReplies } from '@/lib/replies/commands';
import { assignUnownedReply } from '@/lib/unowned-replies/commands';
import {
  composeReply,
  createAccount,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { ask, consent, createStaff, optOut, request, say } from '@/testing/removals';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createEndpoint } from '@/testing/webhooks';
import { expandAccount } from './expand';

let db: TestDatabase;
let account: TestAccount;

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  account = await createAccount(db.pool);
  await createEndpoint(db.pool, account, 'http://localhost/');
});
afterAll(() => db.close());

interface Stored {
  type: string;
  msisdn: string;
  data: Record<string, unknown>;
}

async function deliveries(of = account): Promise<Stored[]> {
  await expandAccount(db.pool, of.id);
  const { rows } = await db.pool.query<Stored>(
    'select type, msisdn, data from webhook_delivery where account_id = $1 order by id',
    [of.id],
  );
  return rows;
}
const types = async () => (await deliveries()).map(({ type }) => type);

/** Each event of the account's histories has its delivery, in their order, and there is none besides. */
async function expectAllTold(): Promise<void> {
  await expandAccount(db.pool, account.id);
  const { rows } = await db.pool.query<{ told: string[]; happened: string[] }>(
    `select
       array(select type || ' ' || coalesce(data ->> 'eventId', data ->> 'replyId') from webhook_delivery
         where account_id = $1 and type like any ('{opt\\_out.%,reply.%}') order by type, id) as told,
       array(select name from (
         select case kind when 'OPTED_OUT' then 'opt_out.created' else 'opt_out.removed' end as type, id
         from opt_out_event where account_id = $1 and kind <> 'CONFIRMED_BY_REPLY'
         union all select 'reply.received', id from reply where account_id = $1
       ) as event, lateral (select type || ' ' || id as name) as named order by type, id) as happened`,
    [account.id],
  );
  expect(rows[0]?.told).toEqual(rows[0]?.happened);
  expect(rows[0]?.happened.length).toBeGreaterThan(0);
  const { rows: requests } = await db.pool.query<{ told: string[]; happened: string[] }>(
    `select
       array(select type || ' ' || (data ->> 'requestId') || ' ' || (data ->> 'state') from webhook_delivery
         where account_id = $1 and type like 'removal\\_request.%' order by id) as told,
       array(select 'removal_request.' || lower(kind::text) || ' ' || request_id || ' ' || lower(to_state::text)
         from removal_request_event where account_id = $1 order by id) as happened`,
    [account.id],
  );
  expect(requests[0]?.told).toEqual(requests[0]?.happened);
}

const reply = (text: string, from = nextMsisdn()) =>
  receiveReplies(db.pool, [composeReply({ from, to: account.senderNumber as string, text })]);

test('a reply that blocks: the reply and the opt-out, with what was written', async () => {
  const from = nextMsisdn();
  await reply('STOP', from);
  await expectAllTold();
  expect(await deliveries()).toMatchObject([
    { msisdn: from, data: { number: `+${from}` } },
    { msisdn: from, data: { number: `+${from}` } },
  ]);
  const optedOut = (await deliveries()).find(({ type }) => type === 'opt_out.created');
  expect(optedOut?.data).toMatchObject({ by: 'recipient', rule: expect.any(String), text: 'STOP' });
  // said again, it is a reply and no second opt-out
  await reply('STOP', from);
  await expectAllTold();
});

test('replies of a batch: each once, of a number in their order; a duplicate tells nothing', async () => {
  const [one, other] = [nextMsisdn(), nextMsisdn()];
  const batch = Array.from({ length: 30 }, (_, index) =>
    composeReply({ from: index % 2 ? one : other, to: account.senderNumber as string, text: `${index}` }),
  );
  await receiveReplies(db.pool, batch);
  await receiveReplies(db.pool, batch);
  await expectAllTold();
  expect((await deliveries()).map(({ data }) => Number(data.text))).toEqual(batch.map((_, index) => index));
});

test('by hand, by a file, and taken out again', async () => {
  const numbers = Array.from({ length: 20 }, nextMsisdn);
  await addOptOuts(db.pool, account.scope, [...numbers.slice(0, 5), 'no number']);
  const format = { encoding: 'utf-8', separator: ',', columns: [0], headerRows: 0 } as const;
  const list = await storeNumberList(
    db.copyPool,
    account.scope,
    { purpose: 'IMPORT', name: 'numbers.csv', format },
    Readable.from([Buffer.from(numbers.join('\n'))]),
  );
  await importNumberList(db.pool, account.scope, list);
  await removeOptOuts(db.pool, account.scope, numbers.slice(3, 8));
  await expectAllTold();
  expect(await types()).toEqual([
    ...Array<string>(20).fill('opt_out.created'),
    ...Array<string>(5).fill('opt_out.removed'),
  ]);
  // a manual entry that a reply takes over was there already
  await reply('Stop', numbers[0]);
  await expectAllTold();
});

test('a decision about a reply, and its undoing with the confirmation SMS', async () => {
  await reply('Stop please');
  const [waiting] = await listRepliesToReview(db.pool, account.scope);
  const id = waiting?.id ?? '';
  expect(await optOutReviewedReply(db.pool, account.scope, id)).toMatchObject({ ok: true });
  expect(await undoReview(db.pool, account.scope, id, 'OPTED_OUT')).toMatchObject({ ok: true });
  await expectAllTold();
  expect(await types()).toContain('opt_out.removed');
  expect((await deliveries()).filter(({ type }) => type === 'message.status')).toMatchObject([
    { data: { kind: 'confirmation', status: 'blocked' } },
  ]);
});

test('a reply that staff assign, and what staff correct', async () => {
  const staff = await createStaff(db.pool);
  const [from, number] = [nextMsisdn(), nextMsisdn()];
  await receiveReplies(db.pool, [composeReply({ from, to: '99999', text: 'Stop' })]);
  expect(await deliveries()).toEqual([]);
  const { rows } = await db.pool.query<{ id: string }>('select id from unowned_reply where msisdn = $1', [
    from,
  ]);
  const reason = 'They wrote to them.';
  await assignUnownedReply(db.pool, staff, {
    ...{ msisdn: from, id: rows[0]?.id ?? '', accountId: account.id, isOptOut: false, reason },
  });
  await expectAllTold();
  await addOptOutByStaff(db.pool, staff, { accountId: account.id, number, reason });
  await removeOptOutByCorrection(db.pool, staff, { accountId: account.id, number: from, reason });
  await expectAllTold();
  expect(new Set(await types())).toEqual(new Set(['reply.received', 'opt_out.created', 'opt_out.removed']));
});

test('removal requests: asked, answered, approved, refused, cancelled', async () => {
  const staff = await createStaff(db.pool);
  const asked = await consent(db.pool, account);
  await decideRequests(db.pool, staff, [{ accountId: account.id, requestId: asked.requestId }], {
    decision: 'approve',
  });
  const refused = await ask(db.pool, account);
  await say(db.pool, refused, 'NO');
  const cancelled = await request(db.pool, account);
  await cancelRequest(db.pool, account.scope, cancelled.requestId);
  await expectAllTold();
  const told = (await types()).filter((type) => type.startsWith('removal_request.'));
  expect(new Set(told)).toEqual(
    new Set(['requested', 'yes', 'approved', 'no', 'cancelled'].map((kind) => `removal_request.${kind}`)),
  );
  expect((await types()).filter((type) => type === 'opt_out.removed')).toHaveLength(1);
});

test('messages: sent, delivered, failed, blocked before they left, cancelled', async () => {
  const [sent, failed, blocked] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
  const claim = () => claimBatch(db.pool, account.id, { limit: 10, leaseMs: 60_000 });
  await queueMessages(db.pool, account, [sent, failed, blocked]);
  await addOptOuts(db.pool, account.scope, [blocked]);
  const { messages } = await claim();
  await recordHandover(
    db.pool,
    messages,
    messages.map(({ msisdn }) =>
      msisdn === sent
        ? { status: 'sent', carrierMessageId: 'one' }
        : { status: 'failed', reason: 'There is no such number.' },
    ),
  );
  const receipt = {
    accountId: account.id,
    messageId: messages.find(({ msisdn }) => msisdn === sent)?.id as string,
    status: 'delivered' as const,
    reason: null,
  };
  await recordReceipts(db.pool, [receipt]);
  await recordReceipts(db.pool, [receipt]);
  const accepted = await acceptBatch(db.pool, account.scope, {
    ...{ recipients: [sent], text: 'Later', idempotencyKey: randomUUID() },
    sendAt: new Date(Date.now() + 3_600_000),
  });
  if (!accepted.ok) throw new Error(accepted.message);
  await cancelScheduled(db.pool, account.scope, { batchId: accepted.batchId });

  const statuses = (await deliveries()).filter(({ type }) => type === 'message.status');
  const of = (number: string) =>
    statuses.filter(({ msisdn }) => msisdn === number).map(({ data }) => data.status);
  expect([of(sent), of(failed), of(blocked)]).toEqual([
    ['sent', 'delivered', 'cancelled'],
    ['failed'],
    ['blocked'],
  ]);
});

test('what became of a message says what it was for, and why marketing was stopped', async () => {
  await queueMessages(db.pool, account, [nextMsisdn(), nextMsisdn()]);
  await db.pool.query(
    `update message set purpose = 'MARKETING' where id = (select min(id) from message where account_id = $1)`,
    [account.id],
  );
  await db.pool.query(`update account set cleansed_on = '2020-01-01' where id = $1`, [account.id]);
  const { messages } = await claimBatch(db.pool, account.id, { limit: 10, leaseMs: 60_000 });
  await recordHandover(db.pool, messages, [{ status: 'sent', carrierMessageId: 'purpose' }]);
  await receiveReplies(db.pool, [
    composeReply({ from: messages[0]?.msisdn ?? '', to: account.senderNumber as string, text: 'Stop' }),
  ]);
  const confirmation = await claimBatch(db.pool, account.id, { limit: 10, leaseMs: 60_000 });
  await recordHandover(db.pool, confirmation.messages, [{ status: 'failed', reason: 'No such number.' }]);
  const statuses = (await deliveries()).filter(({ type }) => type === 'message.status');
  expect(
    statuses.map(({ data: { purpose, kind, status, reason } }) => [purpose, kind, status, reason]),
  ).toEqual([
    ['marketing', 'normal', 'blocked', marketingStopReasons.CLEANSING],
    ['service', 'normal', 'sent', null],
    [null, 'confirmation', 'failed', 'No such number.'],
  ]);
});

test('one that is tried again later, or whose receipt was faster than its record, is told right', async () => {
  await queueMessages(db.pool, account, [nextMsisdn()]);
  const { messages } = await claimBatch(db.pool, account.id, { limit: 10, leaseMs: 60_000 });
  const messageId = messages[0]?.id as string;
  await recordReceipts(db.pool, [{ accountId: account.id, messageId, status: 'delivered', reason: null }]);
  await recordHandover(db.pool, messages, [{ status: 'sent', carrierMessageId: 'late' }]);
  expect((await deliveries()).map(({ data }) => data.status)).toEqual(['delivered']);
  await queueMessages(db.pool, account, [nextMsisdn()]);
  const again = await claimBatch(db.pool, account.id, { limit: 10, leaseMs: 60_000 });
  await recordHandover(db.pool, again.messages, [{ status: 'retry', reason: 'Busy', retryDelayMs: 1000 }]);
  expect(await deliveries()).toHaveLength(1);
});

test('an event that is rolled back tells nothing', async () => {
  await expect(
    withTransaction(db.pool, async (client) => {
      await addOptOuts(client, account.scope, [nextMsisdn()]);
      throw new Error('No.');
    }),
  ).rejects.toThrow('No.');
  expect(await deliveries()).toEqual([]);
});

test('another account is told nothing, also of a reply that comes to both', async () => {
  const other = await createAccount(db.pool);
  await createEndpoint(db.pool, other, 'http://localhost/');
  await reply('Stop');
  await optOut(db.pool, account);
  expect((await deliveries()).length).toBeGreaterThan(0);
  expect(await deliveries(other)).toEqual([]);
});
