import { randomUUID } from 'node:crypto';
import { Pool } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { acceptMessages } from '@/lib/messages/commands';
import { Dispatcher, defaultDispatcherOptions } from '@/lib/messages/dispatcher';
import { receiveReplies } from '@/lib/replies/commands';
import { composeReply, createAccount, nextMsisdn } from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { MemoryCarrier } from '@/testing/memory-carrier';
import { isLong } from '@/testing/property-runs';
import { waitUntil } from '@/testing/poll';

let db: TestDatabase;
let admin: Pool;

beforeAll(async () => {
  db = await createTestDatabase();
  admin = new Pool({ connectionString: db.url, max: 1 });
});
afterAll(async () => {
  await admin.end();
  await db.close();
});

/** Who hands over ten messages and ten replies. */
const senders = isLong ? 30 : 15;

let broken = 0;

/** Breaks every connection of the program, whatever it is doing. */
async function breakConnections(): Promise<void> {
  const { rowCount } = await admin.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'client-zone'`,
  );
  broken += rowCount ?? 0;
}

/** As a carrier, or a person, does: again until it is acknowledged. Answers with how often it took. */
async function persist(work: () => Promise<unknown>): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    try {
      await work();
      return attempt;
    } catch (error) {
      if (attempt === 50) throw error;
    }
  }
}

test('connections that break again and again: nothing acknowledged is lost, nothing is done twice', async () => {
  const account = await createAccount(db.pool, { credits: 1000 });
  const to = account.senderNumber as string;
  const recipients = Array.from({ length: 10 * senders }, nextMsisdn);
  const replies = Array.from({ length: 10 * senders }, (_, index) =>
    composeReply({ from: nextMsisdn(), to, text: index % 3 === 0 ? 'Stop' : 'hello' }),
  );
  const carrier = new MemoryCarrier();
  const options = { ...defaultDispatcherOptions, batchSize: 20, sweepIntervalMs: 20 };
  const dispatcher = new Dispatcher(db.pool, carrier, options);
  dispatcher.start();

  let attempts = 0;
  let done = 0;
  const finish = async (work: () => Promise<unknown>) => {
    const taken = await persist(work);
    attempts += taken;
    done += 1;
    if (done % 4 === 0) await breakConnections();
  };
  await Promise.all(
    Array.from({ length: senders }, async (_, index) => {
      const ten = <Item>(items: readonly Item[]) => items.slice(index * 10, index * 10 + 10);
      const input = { recipients: ten(recipients), text: 'Our spring sale', idempotencyKey: randomUUID() };
      await finish(() => acceptMessages(db.pool, account.scope, input));
      await finish(() => receiveReplies(db.pool, ten(replies)));
    }),
  );
  expect(broken).toBeGreaterThan(10);
  expect(attempts).toBeGreaterThan(2 * senders);
  await dispatcher.stop();

  // what was claimed while nobody heard the answer waits for its lease to end
  // (asked by a connection that was never broken)
  await admin.query(`update message set next_attempt_at = now() where next_attempt_at is not null`);
  const second = new Dispatcher(db.pool, carrier, options);
  second.start();
  await waitUntil('all is sent', async () => {
    const { rows } = await admin.query(`select from message where status <> 'SENT'`);
    return rows.length === 0;
  });
  await second.stop();

  const handedOver = carrier.messages.map(({ msisdn }) => msisdn);
  const stops = replies.filter(({ text }) => text === 'Stop').map(({ from }) => from);
  expect(handedOver.sort()).toEqual([...recipients, ...stops].sort());
  expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(1000 - recipients.length));
  const { rows } = await admin.query<{ id: string }>('select carrier_message_id as id from reply');
  expect(rows.map(({ id }) => id).sort()).toEqual(
    replies.map(({ carrierMessageId }) => carrierMessageId).sort(),
  );
  const { rows: optOuts } = await admin.query<{ msisdn: string; events: number }>(
    `select msisdn, (select count(*)::int from opt_out_event where account_id = $1 and episode_id = opt_out.id) as events
       from opt_out where account_id = $1`,
    [account.id],
  );
  expect(optOuts.map(({ msisdn }) => msisdn).sort()).toEqual(stops.sort());
  expect(optOuts.every(({ events }) => events === 1)).toBe(true);
});
