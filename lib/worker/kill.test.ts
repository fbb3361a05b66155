import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { env } from '@/lib/env';
import { defaultDispatcherOptions } from '@/lib/messages/dispatcher';
import { createAccount, nextMsisdn, queueMessages, type TestAccount } from '@/lib/testing/factories';
import { waitUntil } from '@/lib/testing/poll';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const workers = new Set<ChildProcess>();
afterEach(() => {
  for (const worker of workers) worker.kill('SIGKILL');
});

/** The real worker, in a process of its own. */
async function startWorker(ratePerSecond: number): Promise<ChildProcess> {
  const worker = spawn(
    process.execPath,
    ['--conditions=react-server', '--import', 'tsx', 'lib/worker/main.ts'],
    {
      env: {
        ...process.env,
        NODE_ENV: 'production',
        // the runner's own options (coverage, loaders) are not the worker's
        NODE_OPTIONS: '',
        DATABASE_URL: db.url,
        WORKER_PORT: String(await findFreePort()),
        AUTH_SECRET: env.AUTH_SECRET,
        CARRIER_SECRET: env.CARRIER_SECRET,
        CARRIER_RATE_PER_SECOND: String(ratePerSecond),
      },
      stdio: 'ignore',
    },
  );
  workers.add(worker);
  worker.once('exit', () => workers.delete(worker));
  return worker;
}

async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function count(query: string, values: unknown[]): Promise<number> {
  const { rows } = await db.pool.query<{ count: string }>(`select count(*) from ${query}`, values);
  return Number(rows[0]?.count);
}

/** How many SMSs the network has been handed for the account. */
function countHandedOver(account: TestAccount): Promise<number> {
  return count(`simulator_message where reference like $1`, [`${account.id}-%`]);
}

async function queueTwoThousand(account: TestAccount): Promise<void> {
  for (let batch = 0; batch < 2; batch += 1) {
    await queueMessages(db.pool, account, Array.from({ length: 1000 }, nextMsisdn));
  }
}

describe('the worker', () => {
  it(
    'killed in the middle loses nothing; at most one batch reaches the network twice',
    { timeout: 120_000 },
    async () => {
      const account = await createAccount(db.pool);
      await queueTwoThousand(account);

      const first = await startWorker(400);
      await waitUntil('some messages went out', async () => (await countHandedOver(account)) > 0, 60_000);
      first.kill('SIGKILL');
      await once(first, 'exit');
      const early = await countHandedOver(account);
      expect(early).toBeGreaterThan(0);
      expect(early).toBeLessThan(2000);

      // Its connections may still commit what they were doing; then its leases end.
      await waitUntil('the dead worker’s connections are gone', async () => {
        return (
          (await count(
            `pg_stat_activity where datname = current_database() and state = 'active' and pid <> pg_backend_pid()`,
            [],
          )) === 0
        );
      });
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
      // two lanes, each with one batch
      expect(twice).toBeLessThanOrEqual(2 * defaultDispatcherOptions.batchSize);
    },
  );

  it('told to stop ends cleanly, with nothing half done', { timeout: 60_000 }, async () => {
    const account = await createAccount(db.pool);
    await queueTwoThousand(account);
    const others = await count('worker', []);
    const worker = await startWorker(400);
    await waitUntil('some messages went out', async () => (await countHandedOver(account)) > 0, 30_000);
    await waitUntil('it said that it lives', async () => (await count('worker', [])) === others + 1);
    worker.kill('SIGTERM');
    const [code] = (await once(worker, 'exit')) as [number | null];

    expect(code).toBe(0);
    expect(await count(`message where account_id = $1 and status = 'SENDING'`, [account.id])).toBe(0);
    const sent = await count(`message where account_id = $1 and status in ('SENT', 'DELIVERED')`, [
      account.id,
    ]);
    expect(sent).toBe(await countHandedOver(account));
    expect(await count('worker', [])).toBe(others);
  });
});
