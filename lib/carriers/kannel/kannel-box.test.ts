import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { env } from '@/lib/env';
import { createAccount, nextMsisdn, queueMessages } from '@/testing/factories';
import { TestKannel } from '@/testing/kannel';
import { waitUntil } from '@/testing/poll';
import { writeEveryForm } from '@/testing/reply-forms';
import { encodeGsm } from '@/testing/smpp-network';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { findFreePort, isWorkerUp, startWorkerProcess } from '@/testing/worker-process';
import { composeReplyUrl } from './addresses';

/*
 * A real Kannel whose bearerbox hands replies and receipts to the worker itself. By HTTP nobody would take
 * them: what arrives has come by the box.
 */

let db: TestDatabase;
let kannel: TestKannel;
let worker: ChildProcess;

beforeAll(async () => {
  db = await createTestDatabase();
  const nowhere = `http://127.0.0.1:${await findFreePort()}`;
  kannel = await TestKannel.prepare({
    hasOwnBox: true,
    replyUrl: composeReplyUrl({ listener: nowhere, carrier: 'kannel', secret: env.CARRIER_SECRET }),
    instead: { 'sms-combine-concatenated-mo-timeout': '1' },
  });
  const port = await findFreePort();
  worker = await startWorkerProcess({
    databaseUrl: db.url,
    ratePerSecond: 2000,
    port,
    environment: { ...kannel.environment, CARRIER_LISTENER_URL: nowhere },
  });
  await Promise.all([kannel.run(), waitUntil('the worker is up', () => isWorkerUp(port))]);
});

afterAll(async () => {
  worker?.kill('SIGKILL');
  await kannel?.stop();
  await db.close();
});

test('replies of every coding and form arrive as by smsbox', async () => {
  const forms = await writeEveryForm({ pool: db.pool, network: kannel.network });
  expect(forms.arrived).toEqual(forms.written);
  expect(forms.wantNoMore.length).toBeGreaterThan(0);
  expect(forms.blocked).toEqual(forms.wantNoMore);
});

test('a long reply arrives as one', async () => {
  const account = await createAccount(db.pool);
  const from = nextMsisdn();
  const [first, second] = ['Please do not write to me any more, '.repeat(4), 'and stop.'];
  const part = (place: number, text: string) => ({
    from,
    to: account.senderNumber as string,
    header: Buffer.from([5, 0, 3, 42, 2, place]),
    octets: encodeGsm(text),
  });
  await kannel.network.deliver([part(2, second), part(1, first)], 1);
  const read = async () => {
    const { rows } = await db.pool.query<{ text: string }>('select text from reply where account_id = $1', [
      account.id,
    ]);
    return rows.map(({ text }) => text);
  };
  await waitUntil('it is there', async () => (await read()).length > 0);
  expect(await read()).toEqual([first + second]);
});

test('messages end as the network says, by receipts of bearerbox', async () => {
  const account = await createAccount(db.pool);
  const [good, lost, refused] = [nextMsisdn(), nextMsisdn(), nextMsisdn()];
  kannel.network.receipt = ({ to }) => (to === lost ? 'UNDELIV' : 'DELIVRD');
  kannel.network.answer = ({ to }) => (to === refused ? 'refuse' : 'take');
  await queueMessages(db.pool, account, [good, lost, refused]);
  const read = async () => {
    const { rows } = await db.pool.query<{ msisdn: string; status: string; reason: string | null }>(
      'select msisdn, status, reason from message where account_id = $1',
      [account.id],
    );
    return new Map(rows.map(({ msisdn, status, reason }) => [msisdn, [status, reason]]));
  };
  await waitUntil('all have ended', async () =>
    [...(await read()).values()].every(([status]) => status === 'DELIVERED' || status === 'FAILED'),
  );
  const ended = await read();
  expect([good, lost, refused].map((msisdn) => ended.get(msisdn))).toEqual([
    ['DELIVERED', null],
    ['FAILED', expect.stringMatching(/could not be delivered/)],
    ['FAILED', expect.stringMatching(/The network refused it/)],
  ]);
});
