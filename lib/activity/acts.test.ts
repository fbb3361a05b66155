import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { viewAccount } from '@/lib/accounts/account-view';
import { makeFullAccount, reinstateAccount, suspendAccount } from '@/lib/accounts/commands';
import { correctAccountCredits } from '@/lib/accounts/correct-credits';
import { topUpAccount } from '@/lib/accounts/top-up';
import { transferCredits } from '@/lib/credits/transfer-commands';
import { saveWarningLevel } from '@/lib/credits/warning-commands';
import { readList } from '@/lib/lists/read-list';
import { acceptBatch } from '@/lib/messages/commands';
import { cancelScheduled, changeScheduled } from '@/lib/messages/scheduled';
import { cancelImport, storeNumberList } from '@/lib/number-lists/commands';
import { openSubAccount } from '@/lib/people/sub-account-commands';
import { cancelRequest, requestRemoval } from '@/lib/removal-requests/commands';
import { addOptOutByStaff, removeOptOutByCorrection } from '@/lib/removal-requests/corrections';
import { decideAndExplain } from '@/lib/removal-requests/decisions';
import { receiveReplies } from '@/lib/replies/commands';
import { dismissReviewedReply, optOutReviewedReply, undoReview } from '@/lib/replies/review-commands';
import { listRepliesToReview } from '@/lib/replies/review-queries';
import {
  composeReply,
  createAccount,
  createConversation,
  nextMsisdn,
  type TestAccount,
} from '@/testing/factories';
import { consent, createStaff, hoursAfter, optOut } from '@/testing/removals';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { activityList } from './list';
import type { activityAreas } from './schema';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** What an account's page of activity tells, oldest first. */
async function readActs(account: TestAccount, about?: keyof typeof activityAreas) {
  const { filter } = activityList.readFilter(about ? { about } : {});
  const { rows } = await readList(db.pool, activityList, account.scope, filter, null, 'Africa/Johannesburg');
  return rows.map((row) => [row.who, row.kind, row.about]).reverse();
}

test('who decided about replies, asked for removals, and changed what was to happen later, is told once each', async () => {
  const account = await createAccount(db.pool);
  const { scope, username: who } = account;
  const [msisdn, senderNumber] = [nextMsisdn(), account.senderNumber as string];
  await createConversation(db.pool, account, { msisdn, senderNumber });
  await receiveReplies(db.pool, [composeReply({ from: msisdn, to: senderNumber, text: 'Stop please' })]);
  const [waiting] = await listRepliesToReview(db.pool, scope);
  const replyId = waiting?.id ?? '';
  await optOutReviewedReply(db.pool, scope, replyId);
  await undoReview(db.pool, scope, replyId, 'OPTED_OUT');
  await dismissReviewedReply(db.pool, scope, replyId);
  // too late: somebody has decided
  await optOutReviewedReply(db.pool, scope, replyId);

  const opted = await optOut(db.pool, account);
  const asking = { number: opted.msisdn, permission: true };
  const asked = await requestRemoval(db.pool, scope, asking, { address: null });
  expect(asked).toMatchObject({ ok: true });
  await requestRemoval(db.pool, scope, asking, { address: null });
  const requestId = asked.ok ? asked.requestId : '';
  expect(await cancelRequest(db.pool, scope, requestId)).toMatchObject({ ok: true });
  await cancelRequest(db.pool, scope, requestId);
  const one = '1 number';
  expect(await readActs(account, 'OPT_OUTS')).toEqual([
    [who, 'reply.opt-out', one],
    [who, 'reply.undo', one],
    [who, 'reply.dismiss', one],
    [who, 'removal-request.make', one],
    [who, 'removal-request.cancel', one],
  ]);

  const sendAt = new Date(Date.now() + 3_600_000);
  const recipients = [nextMsisdn(), nextMsisdn()];
  const batch = { recipients, text: 'The tulips are in', idempotencyKey: randomUUID(), sendAt };
  const sent = await acceptBatch(db.pool, scope, batch);
  const batchId = sent.ok ? sent.batchId : '';
  await changeScheduled(db.pool, scope, { batchId, sendAt: hoursAfter(sendAt, 1) });
  for (let n = 0; n < 2; n++) await cancelScheduled(db.pool, scope, { batchId });
  await changeScheduled(db.pool, scope, { batchId, sendAt });
  expect(await readActs(account, 'MESSAGES')).toEqual([
    [who, 'scheduled.change', '2 messages'],
    [who, 'scheduled.cancel', '2 messages'],
  ]);

  const format = { encoding: 'utf-8', separator: ',', columns: [0], headerRows: 0 } as const;
  const list = { purpose: 'IMPORT', name: 'tulips.csv', format } as const;
  const id = await storeNumberList(db.copyPool, scope, list, Readable.from([Buffer.from(nextMsisdn())]));
  for (let n = 0; n < 2; n++) await cancelImport(db.pool, scope, id);
  expect(await readActs(account, 'FILES')).toEqual([
    [who, 'list.upload', 'tulips.csv'],
    [who, 'list.stop', null],
  ]);
});

test('counts are read as everywhere, and accounts by their numbers', async () => {
  const account = await createAccount(db.pool, { credits: 2000 });
  const opened = await openSubAccount(db.pool, account.scope, { company: 'Durban branch', person: null });
  if (!opened.ok) throw new Error(opened.message);
  const { accountId: toAccountId } = opened;
  await transferCredits(db.pool, account.scope, { toAccountId, credits: 1000, reference: 'November' });
  await saveWarningLevel(db.pool, account.scope, 1500);
  await saveWarningLevel(db.pool, account.scope, null);
  const acts = await readActs(account, 'CREDITS');
  expect(acts.map(([, ...rest]) => rest)).toEqual([
    ['account.open-sub-account', `W${toAccountId}`],
    ['credits.transfer', `November, 1\u00a0000 credits, W${account.id} to W${toAccountId}`],
    ['credits.warning-level', 'below 1\u00a0500 credits'],
    ['credits.warning-level', null],
  ]);
});

test('what staff do to an account is told of the house, without names and reasons; of no other account', async () => {
  const staff = await createStaff(db.pool);
  const account = await createAccount(db.pool, { credits: 10, trialMsisdn: nextMsisdn() });
  const accountId = account.id;
  const reason = 'They rang us';
  await viewAccount(db.pool, staff, accountId);
  await viewAccount(db.pool, staff, accountId);
  await makeFullAccount(db.pool, staff, { accountId, credits: 500, reason });
  await suspendAccount(db.pool, staff, accountId, reason);
  await suspendAccount(db.pool, staff, accountId, reason);
  await reinstateAccount(db.pool, staff, accountId, reason);
  const form = { accountId, tellsOwner: false };
  const topUp = { ...form, credits: 1, reference: 'Invoice 7', requestId: randomUUID() };
  for (let n = 0; n < 2; n++) await topUpAccount(db.pool, staff, topUp);
  await correctAccountCredits(db.pool, staff, { ...form, amount: -3, reason, requestId: randomUUID() });
  const entry = { accountId, number: nextMsisdn(), reason };
  await addOptOutByStaff(db.pool, staff, entry);
  await removeOptOutByCorrection(db.pool, staff, entry);
  const { msisdn, requestId } = await consent(db.pool, account);
  await decideAndExplain(db.pool, staff, [{ accountId, requestId }], { decision: 'reject', reason });
  const house = 'The provider’s staff';
  const acts = await readActs(account, 'STAFF');
  expect(acts).toEqual([
    [house, 'staff.view', null],
    [house, 'staff.make-full', '500 credits'],
    [house, 'staff.suspend', null],
    [house, 'staff.reinstate', null],
    [house, 'staff.top-up', 'Invoice 7, 1 credit'],
    [house, 'staff.correct-credits', '-3 credits'],
    [house, 'staff.add-opt-out', '1 number'],
    [house, 'staff.correct-opt-out', '1 number'],
    [house, 'staff.reject-removal', '1 number'],
  ]);
  const { rows } = await db.pool.query<{ all: string }>(
    'select string_agg(details::text, $2) as all from activity where account_id = $1',
    [accountId, ' '],
  );
  for (const secret of [reason, entry.number, msisdn]) expect(rows[0]?.all).not.toContain(secret);
  expect(await readActs(await createAccount(db.pool))).toEqual([]);
});
