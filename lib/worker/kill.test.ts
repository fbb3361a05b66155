import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { withTransaction } from '@/lib/db/client';
import { isLong } from '@/testing/property-runs';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { giveNotices } from '@/lib/notices/give-notices';
import { receiveReplies } from '@/lib/replies/commands';
import {
  composeReply,
  createAccount,
  nextMsisdn,
  queueMessages,
  type TestAccount,
} from '@/testing/factories';
import { startMailServer } from '@/testing/mail-server';
import { waitUntil } from '@/testing/poll';
import { createEndpoint, passHours, startReceiver } from '@/testing/webhooks';
import {
  findFreePort,
  isWorkerUp,
  postReply,
  runAtOnce,
  startWorkerProcess,
  type PostedReply,
} from '@/testing/worker-process';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const workers = new Set<ChildProcess>();
afterEach(() => {
  for (const worker of workers) worker.kill('SIGKILL');
});

/** The real worker, ended after the test. */
async function startWorker(
  ratePerSecond: number,
  options: { port?: number; smtpUrl?: string } = {},
): Promise<ChildProcess> {
  const worker = await startWorkerProcess({ databaseUrl: db.url, ratePerSecond, ...options });
  workers.add(worker);
  worker.once('exit', () => workers.delete(worker));
  return worker;
}

async function count(query: string, values: unknown[]): Promise<number> {
  const { rows } = await db.pool.query<{ count: string }>(`select count(*) from ${query}`, values);
  return Number(rows[0]?.count);
}

/** How many SMSs the network has been handed for the account. */
function countHandedOver(account: TestAccount): Promise<number> {
  return count(`simulator_message where reference like $1`, [`${account.id}-%`]);
}

/** Resolves once the connections of a worker that was killed do nothing any more. */
function waitUntilSettled(): Promise<void> {
  return waitUntil('the dead worker’s connections are gone', async () => {
    const active = `pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`;
    return (await count(active, [])) === 0;
  });
}

async function queueTwoThousand(account: TestAccount): Promise<void> {
  for (let batch = 0; batch < 2; batch += 1) {
    await queueMessages(db.pool, account, Array.from({ length: 1000 }, nextMsisdn));
  }
}

describe('the worker', () => {
  // npm run soak -- --only properties has this one, and --only webhooks many like it.
  it.runIf(isLong)(
    'killed among its webhooks sends all of them, and of each number in order',
    { timeout: 120_000 },
    async () => {
      const account = await createAccount(db.pool);
      const receiver = await startReceiver();
      await createEndpoint(db.pool, account, receiver.url, { events: ['reply.received'] });
      const from = Array.from({ length: 100 }, nextMsisdn);
      for (let place = 0; place < 4; place += 1) {
        const to = account.senderNumber as string;
        await receiveReplies(
          db.pool,
          from.map((number) => composeReply({ from: number, to, text: String(place) })),
        );
      }

      // some are taken, and some of those that follow are never answered
      receiver.answer = (response) => {
        if (receiver.received.length <= 150) response.writeHead(204).end();
      };
      const first = await startWorker(100);
      await waitUntil('some are under way', async () => receiver.received.length > 155, 60_000);
      first.kill('SIGKILL');
      await once(first, 'exit');
      await waitUntilSettled();

      receiver.answer = (response) => response.writeHead(204).end();
      // their leases have run out
      await passHours(db.pool, account, 1);
      const second = await startWorker(100);
      const left = () =>
        count(`webhook_delivery where account_id = $1 and state <> 'DELIVERED'`, [account.id]);
      await waitUntil('all are delivered', async () => (await left()) === 0, 60_000);
      second.kill('SIGTERM');
      await once(second, 'exit');

      const ids = receiver.received.map(({ headers }) => headers['webhook-id']);
      expect(new Set(ids).size).toBe(400);
      const seen = new Map<unknown, unknown[]>();
      receiver.received.forEach(({ body, headers }, index) => {
        if (ids.indexOf(headers['webhook-id']) !== index) return;
        seen.set(body.data.number, [...(seen.get(body.data.number) ?? []), body.data.text]);
      });
      expect([...seen.values()]).toEqual(from.map(() => ['0', '1', '2', '3']));
      await receiver.close();
    },
  );

  it(
    'killed in the middle loses nothing; at most one batch reaches the network twice',
    { timeout: 120_000 },
    async () => {
      const account = await createAccount(db.pool);
      await queueTwoThousand(account);

      // a batch is no larger than what the carrier takes in a second
      const batchSize = 400;
      const first = await startWorker(batchSize);
      await waitUntil('some messages went out', async () => (await countHandedOver(account)) > 0, 60_000);
      first.kill('SIGKILL');
      await once(first, 'exit');
      const early = await countHandedOver(account);
      expect(early).toBeGreaterThan(0);
      expect(early).toBeLessThan(2000);

      // Its connections may still commit what they were doing; then its leases end.
      await waitUntilSettled();
      await db.pool.query(
        `update message set next_attempt_at = now() where account_id = $1 and status = 'SENDING'`,
        [account.id],
      );

      await startWorker(10_000);
      await waitUntil(
        'everything is delivered',
        async () =>
          (await count(`message where account_id = $1 and status = 'DELIVERED'`, [account.id])) === 2000,
        60_000,
      );
      const references = await count(
        `(select distinct reference from simulator_message where reference like $1) as reached`,
        [`${account.id}-%`],
      );
      expect(references).toBe(2000);
      const twice = (await countHandedOver(account)) - references;
      expect(twice).toBeLessThanOrEqual(batchSize);
    },
  );

  it('told to stop ends cleanly, with nothing half done', { timeout: 60_000 }, async () => {
    const account = await createAccount(db.pool);
    await queueTwoThousand(account);
    const others = await count('worker', []);
    const worker = await startWorker(400);
    await waitUntil('some messages went out', async () => (await countHandedOver(account)) > 0, 30_000);
    // It may be starting still: the first messages leave before the last of its parts is up.
    // As a Ctrl-C in a terminal that is then closed: from the terminal and from each start script.
    for (const signal of ['SIGINT', 'SIGINT', 'SIGHUP'] as const) {
      worker.kill(signal);
      await delay(50);
    }
    const [code] = (await once(worker, 'exit')) as [number | null];

    expect(code).toBe(0);
    expect(await count(`message where account_id = $1 and status = 'SENDING'`, [account.id])).toBe(0);
    const sent = await count(`message where account_id = $1 and status in ('SENT', 'DELIVERED')`, [
      account.id,
    ]);
    expect(sent).toBe(await countHandedOver(account));
    expect(await count('worker', [])).toBe(others);
  });

  it(
    'killed while replies come in has stored every one it acknowledged, and the carrier’s second try makes no duplicate',
    { timeout: 120_000 },
    async () => {
      const account = await createAccount(db.pool);
      const replies = Array.from({ length: 400 }, (_, index) => ({
        id: `kill-${index}`,
        from: nextMsisdn(),
        to: account.senderNumber as string,
        text: index % 10 === 0 ? 'Stop' : 'hello',
      }));
      const port = await findFreePort();
      const first = await startWorker(400, { port });
      await waitUntil('the listener is up', () => isWorkerUp(port), 60_000);

      const acknowledged = new Set<string>();
      const send = async (reply: PostedReply) => {
        if (await postReply(port, reply)) acknowledged.add(reply.id);
        if (acknowledged.size === 130) first.kill('SIGKILL');
      };
      await runAtOnce(50, replies, send);
      expect(acknowledged.size).toBeGreaterThanOrEqual(130);
      expect(acknowledged.size).toBeLessThan(replies.length);

      const readStored = async () => {
        const { rows } = await db.pool.query<{ id: string; blocked: boolean }>(
          `select carrier_message_id as id, opt_out.msisdn is not null as blocked
           from reply left join opt_out using (account_id, msisdn) where account_id = $1`,
          [account.id],
        );
        return rows;
      };
      const stored = new Map((await readStored()).map(({ id, blocked }) => [id, blocked]));
      const lost = [...acknowledged].filter((id) => !stored.has(id));
      expect(lost).toEqual([]);
      const open = replies.filter(
        ({ id, text }) => acknowledged.has(id) && text === 'Stop' && !stored.get(id),
      );
      expect(open).toEqual([]);

      await startWorker(400, { port });
      await waitUntil('the listener is up', () => isWorkerUp(port), 60_000);
      const answers: boolean[] = [];
      await runAtOnce(50, replies, async (reply) => {
        answers.push(await postReply(port, reply));
      });
      expect(answers.filter(Boolean)).toHaveLength(replies.length);
      const all = await readStored();
      expect(all.map(({ id }) => id).sort()).toEqual(replies.map(({ id }) => id).sort());
      expect(all.filter(({ blocked }) => blocked)).toHaveLength(40);
      expect(await count(`message where account_id = $1 and kind = 'CONFIRMATION'`, [account.id])).toBe(40);
    },
  );
});

describe('e-mails', () => {
  // npm run soak -- --only properties has this one.
  it.runIf(isLong)(
    'of a worker that is killed in the middle all arrive, told once in the portal; twice at most what it was handing over',
    { timeout: 120_000 },
    async () => {
      const account = await createAccount(db.pool);
      const titles = Array.from({ length: 60 }, (_, index) => `News ${index + 1}`);
      await withTransaction(db.pool, (client) =>
        giveNotices(
          client,
          titles.map((title) => ({
            accountId: account.id,
            eventKey: title,
            title,
            text: ['Something happened.'],
            path: '/',
            action: 'See it',
          })),
        ),
      );
      // After twenty, those that are being handed over are taken, and nobody is left to hear that.
      const taken = () => server.received.map(({ source }) => /^Subject: (.*)$/m.exec(source)?.[1]?.trim());
      const server = await startMailServer({
        onMailFrom: (_address, _session, done) => {
          if (server.received.length >= 20) first.kill('SIGKILL');
          done();
        },
      });
      const first = await startWorker(400, { smtpUrl: server.url });
      await once(first, 'exit');
      await waitUntilSettled();
      expect(new Set(taken()).size).toBeLessThan(titles.length);

      // as half a minute later, when its silence has shown that it is dead
      await db.pool.query('delete from worker');
      await db.pool.query(
        `update graphile_worker._private_jobs set locked_at = now() - interval '1 minute' where locked_at is not null`,
      );
      await startWorker(400, { smtpUrl: server.url });
      await waitUntil(
        'all jobs are done',
        async () => (await count(`graphile_worker.jobs where task_identifier = 'send-email'`, [])) === 0,
        60_000,
      );
      await server.stop();
      expect([...new Set(taken())].sort()).toEqual([...titles].sort());
      expect(taken().length - titles.length).toBeLessThanOrEqual(4);
      expect(await count('notice where account_id = $1', [account.id])).toBe(titles.length);
      expect(await count(`email where account_id = $1 and state = 'SENT'`, [account.id])).toBe(titles.length);
    },
  );
});

describe('the nightly erasing', () => {
  // npm run soak -- --only properties has this one.
  it.runIf(isLong)(
    'killed within a batch has done all of it or nothing, and is ended by the next run, told once',
    { timeout: 120_000 },
    async () => {
      const account = await createAccount(db.pool);
      const rows = 3500;
      const long = '2020-01-01 10:00+02';
      await db.pool.query(
        `insert into message (account_id, msisdn, sender_number, text, segments, cost, status, created_at)
         select $1, '2783' || lpad(n::text, 7, '0'), '27600100200', 'Our offer', 1, 0, 'DELIVERED', $2
         from generate_series(1, $3::int) as n`,
        [account.id, long, rows],
      );
      await db.pool.query(
        `insert into activity (account_id, user_id, kind, address, details, created_at)
         select $1, 1, 'sign-in', '192.0.2.7', '{}', $2 from generate_series(1, $3::int)`,
        [account.id, long, rows],
      );
      // A row of its third batch of addresses is held: so it is killed in the middle, and not by luck.
      const holder = await db.owner.connect();
      await holder.query('begin');
      await holder.query(
        `select from activity where account_id = $1 and id = (
           select id from activity where account_id = $1 order by id offset 2500 limit 1) for update`,
        [account.id],
      );
      await db.owner.query(`select graphile_worker.add_job('apply-retention')`);
      const first = await startWorker(400);
      const waits = `pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%erase_history%'`;
      await waitUntil('it waits for the row', async () => (await count(waits, [])) === 1, 60_000);
      first.kill('SIGKILL');
      await once(first, 'exit');
      await holder.query('rollback');
      holder.release();
      await waitUntilSettled();

      const erased = {
        message: `message where account_id = $1 and text_erased_at is not null`,
        activity: `activity where account_id = $1 and address like 'Address erased on %'`,
      };
      const readProgress = async (kind: string) =>
        (
          await db.pool.query<{ erased: number }>(
            'select erased from retention_progress where account_id = $1 and kind = $2',
            [account.id, kind],
          )
        ).rows[0]?.erased;
      expect(await count(erased.message, [account.id])).toBe(rows);
      const early = await count(erased.activity, [account.id]);
      expect([2000, 3000]).toContain(early);
      expect(await readProgress('activity')).toBe(early);
      expect(await readProgress('message')).toBe(rows);
      const told = `audit_entry where action = 'retention.erase' and target_account_id = $1`;
      expect(await count(told, [account.id])).toBe(0);

      // as half a minute later, when its silence has shown that it is dead
      await db.pool.query('delete from worker');
      await db.pool.query(
        `update graphile_worker._private_jobs set locked_at = now() - interval '1 minute' where locked_at is not null`,
      );
      await startWorker(400);
      await waitUntil(
        'the job is done',
        async () => (await count(`graphile_worker.jobs where task_identifier = 'apply-retention'`, [])) === 0,
        60_000,
      );
      expect(await count(erased.activity, [account.id])).toBe(rows);
      const audit = await db.pool.query<{ details: { erased: Record<string, number> } }>(
        `select details from ${told}`,
        [account.id],
      );
      expect(audit.rows.map(({ details }) => details.erased)).toMatchObject([
        { message: rows, activity: rows },
      ]);
      // No row was written over twice.
      const events = await db.pool.query<{ all: number; distinct: number }>(
        `select count(*)::int as all, count(distinct row_id)::int as distinct
         from erasure_event, unnest(row_ids) as row_id where account_id = $1 and history = 'activity'`,
        [account.id],
      );
      expect(events.rows).toEqual([{ all: rows, distinct: rows }]);
    },
  );
});
