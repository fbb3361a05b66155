import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { composeReply, createAccount, createConversation, nextMsisdn } from '@/testing/factories';
import { receiveReplies } from './commands';
import { listRepliesToReview } from './review-queries';

// Who is signed in is the gate's to say, and gates.test.ts tests it.
const signedIn = vi.hoisted((): { account: unknown } => ({ account: undefined }));
vi.mock('@/lib/auth/gates', () => ({
  requireCustomer: async () => {
    if (!signedIn.account) throw new Error('to the sign-in page');
    return signedIn.account;
  },
}));
const { dismissReply, optOutReply, undoDecision } = await import('./review-actions');

let db: TestDatabase;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

async function receiveUncertainReply() {
  const account = await createAccount(db.pool);
  const [msisdn, senderNumber] = [nextMsisdn(), account.senderNumber as string];
  await createConversation(db.pool, account, { msisdn, senderNumber });
  await receiveReplies(db.pool, [composeReply({ from: msisdn, to: senderNumber, text: 'Stop please' })]);
  const [waiting] = await listRepliesToReview(db.pool, account.scope);
  return { account, replyId: waiting?.id ?? '' };
}

test('the buttons decide and undo for who is signed in', async () => {
  const { account, replyId } = await receiveUncertainReply();
  signedIn.account = account;
  expect(await optOutReply(replyId)).toMatchObject({ ok: true });
  expect(await undoDecision({ replyId, decision: 'OPTED_OUT' })).toMatchObject({ ok: true });
  expect(await dismissReply(replyId)).toMatchObject({ ok: true });
  expect(await undoDecision({ replyId, decision: 'DISMISSED' })).toMatchObject({ ok: true });
  expect(await listRepliesToReview(db.pool, account.scope)).toHaveLength(1);
});

test('another account, and nobody, change nothing', async () => {
  const { account, replyId } = await receiveUncertainReply();
  for (const stranger of [await createAccount(db.pool), undefined]) {
    signedIn.account = stranger;
    for (const press of [
      () => optOutReply(replyId),
      () => dismissReply(replyId),
      () => undoDecision({ replyId, decision: 'OPTED_OUT' }),
    ]) {
      if (stranger) expect(await press()).toMatchObject({ ok: false, reason: 'not-there' });
      else await expect(press()).rejects.toThrow('sign-in');
    }
  }
  expect(await listRepliesToReview(db.pool, account.scope)).toHaveLength(1);
});

test('what a tampered page sends finds no reply', async () => {
  signedIn.account = await createAccount(db.pool);
  for (const odd of ['one', '9'.repeat(40), null, { id: 1 }] as string[]) {
    expect(await optOutReply(odd)).toMatchObject({ reason: 'not-there' });
    expect(await dismissReply(odd)).toMatchObject({ reason: 'not-there' });
    expect(await undoDecision({ replyId: odd, decision: odd as 'DISMISSED' })).toMatchObject({
      reason: 'not-there',
    });
  }
});

test('a failure is told in words, and nothing of the inside', async () => {
  const { account, replyId } = await receiveUncertainReply();
  signedIn.account = account;
  await db.owner.query('alter table opt_out_event rename to elsewhere');
  const failed = await optOutReply(replyId);
  await db.owner.query('alter table elsewhere rename to opt_out_event');
  expect(failed).toEqual({
    ok: false,
    reason: 'failed',
    message: 'That did not work just now. Nothing was changed; try again.',
  });
  expect(await listRepliesToReview(db.pool, account.scope)).toHaveLength(1);
});
