import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { encode } from 'next-auth/jwt';
import { Pool } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { startSession } from '@/lib/auth/sessions';
import { createDatabase, type Database } from '@/lib/db/client';
import { createListener } from '@/lib/db/listen';
import { compareWithPrimary, Replica, type ReplicaOptions, type ReplicaProblem } from '@/lib/db/replica';
import { sessionUrl } from '@/lib/db/session-url';
import { env } from '@/lib/env';
import { accountChangedChannel } from '@/lib/events/account-changes';
import { AppError } from '@/lib/http/app-error';
import {
  askReplica,
  askReplicaForFile,
  isAnswer,
  openReplicaPools,
  viewReplica,
} from '@/lib/lists/ask-replica';
import { createDownloadPool } from '@/lib/lists/download-pool';
import { respondFile } from '@/lib/lists/file-download';
import { readList } from '@/lib/lists/read-list';
import { optOutList } from '@/lib/opt-outs/list';
import { receiveReplies } from '@/lib/replies/commands';
import { checkReplica } from '@/scripts/replica-check';
import { askApi } from './api-client';
import { createApiKey } from './api-keys';
import { composeReply, createAccount, createConversation, nextMsisdn, type TestAccount } from './factories';
import { isOnCluster } from './one-server';
import { waitUntil } from './poll';
import { startReplicatedDatabase, type ReplicatedDatabase } from './standby';
import { createTestDatabase } from './test-database';

// Only what Next.js does is stood in for; who looks comes from a real session.
const request = vi.hoisted(() => ({ token: '' }));
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) => (name.endsWith('session') ? { name, value: request.token } : undefined),
  }),
  headers: async () => new Headers(),
}));
vi.mock('next/server', () => ({ after: () => undefined }));

/** Long: what arrives in time is not measured here. */
const patienceMs = 60_000;

let databases: ReplicatedDatabase;
let primary: Database;
/** Directly, whatever the product would do. */
let standby: Pool;
let standbyOwner: Pool;
let account: TestAccount;
let replica: Replica;
const kept = globalThis as {
  clientZoneDatabase?: Database;
  clientZoneDownloadPool?: Pool;
  clientZoneReplica?: Replica;
};

beforeAll(async () => {
  databases = await startReplicatedDatabase(['max_standby_streaming_delay=0']);
  primary = kept.clientZoneDatabase = createDatabase(databases.primaryUrl);
  kept.clientZoneDownloadPool = createDownloadPool(databases.primaryUrl);
  standby = openDirectly(databases.standbyUrl);
  standbyOwner = openDirectly(databases.standbyOwnerUrl);
  account = await createAccount(primary.pool);
}, 120_000);
afterAll(async () => {
  await kept.clientZoneDownloadPool?.end();
  delete kept.clientZoneDownloadPool;
  delete kept.clientZoneDatabase;
  await Promise.all([standby.end(), standbyOwner.end(), primary.close()]);
  await databases.close();
});
beforeEach(() => startReplica());
afterEach(async () => {
  await closeReplica();
  env.DATABASE_READ_URL = undefined;
  await standbyOwner.query('select case when pg_is_in_recovery() then pg_wal_replay_resume() end');
});

function openDirectly(url: string): Pool {
  const pool = new Pool({ connectionString: sessionUrl(url), max: 2 });
  pool.on('error', () => undefined);
  return pool;
}

/** The process's replica, looked at when a test says so. */
async function startReplica(options: Partial<ReplicaOptions> = {}): Promise<void> {
  await closeReplica();
  const url = (env.DATABASE_READ_URL = options.url ?? databases.standbyUrl);
  replica = kept.clientZoneReplica = new Replica({
    url,
    getPrimary: () => primary.pool,
    open: (verify) => openReplicaPools(url, verify),
    isAnswer,
    longestWaitMs: patienceMs,
    lookEveryMs: 3_600_000,
    ...options,
  });
  await replica.look();
}

async function closeReplica(): Promise<void> {
  const open = kept.clientZoneReplica;
  delete kept.clientZoneReplica;
  await open?.close();
}

/** From now on the standby gets what is written, and carries nothing of it out. */
const pause = () => standbyOwner.query('select pg_wal_replay_pause()');
const resume = () => standbyOwner.query('select pg_wal_replay_resume()');

/** A recipient replies "Stop", as a worker takes it in. */
async function replyStop(): Promise<string> {
  const msisdn = nextMsisdn();
  const senderNumber = account.senderNumber as string;
  await createConversation(primary.pool, account, { msisdn, senderNumber });
  await receiveReplies(primary.pool, [composeReply({ from: msisdn, to: senderNumber, text: 'Stop' })]);
  return msisdn;
}

const readOptOuts = async (pool: Pool) => {
  const { filter } = optOutList.readFilter({});
  const { rows } = await readList(pool, optOutList, account.scope, filter, null, 'Africa/Johannesburg');
  return rows.map(({ msisdn }) => msisdn);
};
/** What a page of the list shows, and where it was read. */
const lookAtOptOuts = () =>
  askReplica(async (pool) => ({ numbers: await readOptOuts(pool), onStandby: await isStandby(pool) }));

async function isStandby(pool: Pool): Promise<boolean> {
  const { rows } = await pool.query<{ is: boolean }>('select pg_is_in_recovery() as is');
  return rows[0]?.is === true;
}

async function withOwner<Result>(work: (owner: Pool) => Promise<Result>): Promise<Result> {
  const owner = openDirectly(databases.ownerUrl);
  try {
    return await work(owner);
  } finally {
    await owner.end();
  }
}

describe('a customer sees what was written', () => {
  test('on the standby, once that has carried it out', async () => {
    expect(replica.view).toMatchObject({ state: 'used', problem: null });
    for (let round = 0; round < 5; round++) {
      const msisdn = await replyStop();
      const { numbers, onStandby } = await lookAtOptOuts();
      expect(onStandby).toBe(true);
      expect(numbers).toContain(msisdn);
    }
    expect(replica.view.reads).toEqual({ replica: 5, behind: 0, away: 0, failed: 0 });
  });

  test('on the primary while the standby has not, as a tab does that a Stop makes refresh', async () => {
    await startReplica({ longestWaitMs: 20 });
    await pause();
    const listener = createListener(databases.primaryUrl);
    let told = 0;
    let isListening = false;
    listener.on(accountChangedChannel, ({ type }) => {
      if (type === 'notification') told++;
      else isListening = true;
    });
    await waitUntil('the web listens', () => isListening);
    const msisdn = await replyStop();
    await waitUntil('the tab was told', () => told > 0);
    await listener.close();

    expect(await readOptOuts(standby)).not.toContain(msisdn);
    const refreshed = await lookAtOptOuts();
    expect(refreshed.numbers).toContain(msisdn);
    expect(refreshed.onStandby).toBe(false);
    expect(replica.view).toMatchObject({ state: 'behind', reads: { replica: 0, behind: 1 } });
    expect(replica.view.lagBytes).toBeGreaterThan(0);

    // a look finds it no better, and nobody waits for it any more
    await replica.look();
    expect((await lookAtOptOuts()).numbers).toContain(msisdn);
    expect(replica.view).toMatchObject({ state: 'behind', reads: { replica: 0, behind: 2 } });

    await resume();
    await waitUntil('the standby is found to have caught up', async () => {
      await replica.look();
      return replica.view.state === 'used';
    });
    await startReplica();
    expect(await lookAtOptOuts()).toMatchObject({
      numbers: expect.arrayContaining([msisdn]),
      onStandby: true,
    });
  });

  test('even by a server that is told not to wait for the disk', async () => {
    // Otherwise the server writes by itself what nobody waits for, and is found to be ahead all the same.
    await withOwner((owner) => owner.query(`alter system set wal_writer_delay = '10s'`));
    await withOwner((owner) => owner.query('select pg_reload_conf()'));
    const hasty = new URL(databases.primaryUrl);
    hasty.searchParams.set('options', '-c synchronous_commit=off');
    const database = createDatabase(hasty.href);
    try {
      await startReplica({ getPrimary: () => database.pool, longestWaitMs: 20 });
      await waitUntil('the standby is used', async () => {
        // puts on disk what others have left
        await replyStop();
        await replica.look();
        return replica.view.state === 'used';
      });
      await pause();
      const before = await primary.pool.query('select name from account where id = $1', [account.id]);
      await database.pool.query('update account set name = $2 where id = $1', [account.id, 'Hasty']);
      const { rows: lagging } = await standby.query('select name from account where id = $1', [account.id]);
      expect(lagging).toEqual(before.rows);
      const { rows } = await askReplica((pool) =>
        pool.query('select name from account where id = $1', [account.id]),
      );
      expect(rows).toEqual([{ name: 'Hasty' }]);
    } finally {
      await database.close();
      await withOwner((owner) => owner.query('alter system reset wal_writer_delay'));
      await withOwner((owner) => owner.query('select pg_reload_conf()'));
    }
  });

  test('in a file, from wherever it comes', async () => {
    const download = async () => {
      const file = optOutList.prepareFile({}, account.scope, 'UTC');
      const format = { type: 'csv', separator: ',', text: 'plain' } as never;
      const response = await respondFile(file, format, { name: 'opt-outs', sheet: 'Opt-outs' });
      return response.text();
    };
    const first = await replyStop();
    expect(await download()).toContain(first.slice(2));
    expect(replica.view.reads).toMatchObject({ replica: 1, behind: 0 });

    await startReplica({ longestWaitMs: 20 });
    await pause();
    const second = await replyStop();
    expect(await download()).toContain(second.slice(2));
    expect(replica.view.reads).toMatchObject({ replica: 0, behind: 1 });
  });
});

describe('nobody gets an error', () => {
  test('when the standby is away: what it was being asked is asked of the primary, and it is found again', async () => {
    let begun = 0;
    const reading = Array.from({ length: 3 }, () =>
      askReplica(async (pool) => {
        begun++;
        const { rows } = await pool.query(
          'select pg_is_in_recovery() as standby, case when pg_is_in_recovery() then pg_sleep(600) end',
        );
        return (rows[0] as { standby: boolean }).standby;
      }),
    );
    await waitUntil('they read from the standby', async () => (await countSleeping()) === 3);
    await databases.stopStandby();
    expect(await Promise.all(reading)).toEqual([false, false, false]);
    expect(begun).toBe(6);
    await replica.look();
    expect(replica.view).toMatchObject({ state: 'away', lagBytes: null, reads: { failed: 3 } });
    expect(replica.view.problem).toMatch(/^It cannot be asked \(/);

    const msisdn = await replyStop();
    expect(await lookAtOptOuts()).toMatchObject({
      numbers: expect.arrayContaining([msisdn]),
      onStandby: false,
    });
    expect(replica.view.reads.away).toBe(1);

    await databases.startStandby();
    await replica.look();
    expect(replica.view).toMatchObject({ state: 'used', problem: null });
    expect(await lookAtOptOuts()).toMatchObject({
      numbers: expect.arrayContaining([msisdn]),
      onStandby: true,
    });
  });

  test('when the standby vanishes without a word', async () => {
    const line = await openLine(new URL(databases.standbyUrl).port);
    await startReplica({ url: line.urlOf(databases.standbyUrl) });
    expect(await lookAtOptOuts()).toMatchObject({ onStandby: true });
    line.fallSilent();
    const page = lookAtOptOuts();
    const file = askReplicaForFile(async (pool) => {
      const onStandby = await isStandby(pool);
      return new ReadableStream<string>({
        start(controller) {
          controller.enqueue(String(onStandby));
          controller.close();
        },
      });
    });
    let giveLate = (_stream: ReadableStream<string>) => {};
    let asked = 0;
    const lateFile = askReplicaForFile(() =>
      asked++ === 0
        ? new Promise<ReadableStream<string>>((resolve) => (giveLate = resolve))
        : Promise.resolve(new ReadableStream<string>()),
    );
    await waitUntil('they were asked for', () => line.isAsked() && asked === 1);
    await replica.look();
    expect(replica.view.state).toBe('away');
    expect(await page).toMatchObject({ onStandby: false });
    expect(await new Response((await file).pipeThrough(new TextEncoderStream())).text()).toBe('false');
    await lateFile;
    expect(asked).toBe(2);
    // what comes after all holds a connection until somebody lets go of it
    const letGo = vi.fn();
    giveLate(new ReadableStream<string>({ cancel: letGo }));
    await waitUntil('the late file is let go of', () => letGo.mock.calls.length === 1);
    await line.close();
  });

  test('when the standby must end a read to carry on', async () => {
    await withOwner((owner) =>
      owner.query(`create table kept_busy (n int); grant select, truncate on kept_busy to public`),
    );
    await withOwner((owner) => owner.query('insert into kept_busy values (1)'));
    const reading = askReplica(async (pool) => {
      const { rows } = await pool.query(
        'select pg_is_in_recovery() as standby, case when pg_is_in_recovery() then pg_sleep(600) end from kept_busy',
      );
      return rows.map((row: { standby: boolean }) => row.standby);
    });
    await waitUntil('it reads from the standby', async () => (await countSleeping()) === 1);
    // waits for nobody on the primary; on the standby it ends who reads the table
    await withOwner((owner) => owner.query('alter table kept_busy add column m int'));
    expect(await reading).toEqual([false]);
    await replica.look();
    expect(replica.view).toMatchObject({ state: 'used', reads: { replica: 0, failed: 1 } });
  });

  test('but what a read has to say is said once', async () => {
    let asked = 0;
    const reading = askReplica(async () => {
      asked++;
      throw new AppError('search-too-long', 'It took too long.', { userMessage: 'Type more.' });
    });
    await expect(reading).rejects.toThrow('It took too long.');
    expect(asked).toBe(1);
    expect(replica.view.reads).toMatchObject({ replica: 1, failed: 0 });
  });

  /** Reads that wait on the standby. */
  async function countSleeping(): Promise<number> {
    const { rows } = await standbyOwner.query(`select from pg_stat_activity where wait_event = 'PgSleep'`);
    return rows.length;
  }
});

test('an address that leads now to one server, now to another, is not believed', async () => {
  const line = await openLine(new URL(databases.standbyUrl).port);
  await startReplica({ url: line.urlOf(databases.standbyUrl) });
  expect(replica.view.state).toBe('used');
  // The question how far it has come goes on to the standby; whoever reads now would be led here.
  line.leadTo(new URL(databases.primaryUrl).port);
  const read = await lookAtOptOuts();
  expect(read.onStandby).toBe(false);
  expect(replica.view.reads).toMatchObject({ replica: 0, failed: 1 });
  await line.close();
});

test('a standby of another history is not believed, whatever it has carried out', async () => {
  /** The same server, had it or another been promoted. */
  const promoted = (pool: Pool) =>
    ({
      query: async (asked: { name?: string }) => {
        const result = await pool.query<{ timeline?: number }>(asked as never);
        for (const row of result.rows) if (row.timeline !== undefined) row.timeline++;
        return result;
      },
    }) as unknown as Pool;
  const comparing = compareWithPrimary(promoted(primary.pool), standby);
  await expect(comparing).rejects.toThrow(/follows another history/);
  expect(await comparing.catch((error: ReplicaProblem) => error.mayPass)).toBe(true);

  // between two looks, a read finds it
  let getPrimary = () => primary.pool;
  await startReplica({ getPrimary: () => getPrimary() });
  expect(await lookAtOptOuts()).toMatchObject({ onStandby: true });
  getPrimary = () => promoted(primary.pool);
  expect(await lookAtOptOuts()).toMatchObject({ onStandby: false });
});

test('pages, both APIs and their files read from the standby what is only looked at', async () => {
  const session = await startSession(
    primary.pool,
    account.userId,
    { userAgent: null, address: null },
    new Date(),
    { method: 'PASSWORD', lacksSecondFactor: false },
  );
  request.token = await encode({
    token: { sessionId: session.id },
    secret: env.AUTH_SECRET,
    maxAge: 3600,
  });
  const props = (search = {}) => ({ params: Promise.resolve({}), searchParams: Promise.resolve(search) });
  const pages: [
    reads: number,
    load: () => Promise<{ default: (given: never) => unknown }>,
    search?: object,
  ][] = [
    [4, () => import('@/app/(client-zone)/page')],
    [1, () => import('@/app/(client-zone)/activity/page')],
    [1, () => import('@/app/(client-zone)/credits/(ledger)/page')],
    [1, () => import('@/app/(client-zone)/messages/(log)/page')],
    [1, () => import('@/app/(client-zone)/messages/(log)/page'), { tab: 'incoming' }],
    [1, () => import('@/app/(client-zone)/messages/consents/page')],
    [3, () => import('@/app/(client-zone)/messages/month/page')],
    [2, () => import('@/app/(client-zone)/messages/opt-outs/(list)/page')],
    [1, () => import('@/app/(client-zone)/removal-requests/(list)/page')],
  ];
  const counted = () => replica.view.reads.replica;
  for (const [reads, load, search] of pages) {
    const before = counted();
    await (await load()).default(props(search) as never);
    expect(counted() - before, String(load)).toBe(reads);
  }
  const { secret: key } = await createApiKey(primary.pool, account);
  for (const path of ['/opt-outs', '/messages', '/replies', '/removal-requests', '/consents']) {
    const before = counted();
    expect(await askApi(path, { key })).toMatchObject({ status: 200 });
    expect(counted() - before, path).toBe(1);
  }
  expect(viewReplica()?.reads).toMatchObject({ behind: 0, away: 0, failed: 0 });
});

describe('the start', () => {
  const elsewhere = (url: string, change: (address: URL) => void) => {
    const address = new URL(url);
    change(address);
    return address.href;
  };

  test('takes a standby of the database, and says what would break off downloads', async () => {
    expect(await checkReplica(undefined, databases.primaryUrl)).toBeNull();
    expect(await checkReplica(databases.standbyUrl, databases.primaryUrl)).toMatch(
      /hot_standby_feedback off/,
    );
    await standbyOwner.query(`alter system set hot_standby_feedback = on`);
    await standbyOwner.query('select pg_reload_conf()');
    await waitUntil(
      'nothing is amiss',
      async () => (await checkReplica(databases.standbyUrl, databases.primaryUrl)) === null,
    );
  });

  test('refuses, in a sentence, what is none', async () => {
    await expect(checkReplica(databases.primaryUrl, databases.primaryUrl)).rejects.toThrow(
      /no standby: it takes writes/,
    );
    const other = await createTestDatabase();
    try {
      await expect(checkReplica(databases.standbyUrl, other.url)).rejects.toThrow(
        isOnCluster ? /leads to a Citus cluster/ : /another database system/,
      );
    } finally {
      await other.close();
    }
    const another = elsewhere(databases.standbyUrl, (address) => (address.pathname = '/postgres'));
    await expect(checkReplica(another, databases.primaryUrl)).rejects.toThrow(
      /names the database "postgres"/,
    );
    const wrong = elsewhere(databases.standbyUrl, (address) => (address.password = 'wrong'));
    await expect(checkReplica(wrong, databases.primaryUrl)).rejects.toThrow(/password \(DATABASE_READ_URL\)/);
  });

  test('does not wait for one that is away', async () => {
    const away = elsewhere(databases.standbyUrl, (address) => {
      address.search = '';
      address.port = '1';
    });
    expect(await checkReplica(away, databases.primaryUrl)).toMatch(
      /^No PostgreSQL answers .* DATABASE_URL answers everything\.$/,
    );
  });
});

// The last: from then on there is no standby.
test('a standby that is promoted is read no longer, and the start refuses it', async () => {
  expect(await lookAtOptOuts()).toMatchObject({ onStandby: true });
  await standbyOwner.query('select pg_promote()');
  const msisdn = await replyStop();
  // The read asks how far it has come, before any look.
  const read = await lookAtOptOuts();
  expect(read.numbers).toContain(msisdn);
  await replica.look();
  expect(replica.view).toMatchObject({
    state: 'away',
    problem: expect.stringContaining('it takes writes') as string,
  });
  await expect(checkReplica(databases.standbyUrl, databases.primaryUrl)).rejects.toThrow(/no standby/);
});

interface Line {
  urlOf(url: string): string;
  /** New connections lead to another port. */
  leadTo(port: string): void;
  /** Nothing comes through any more, and nothing ends. */
  fallSilent(): void;
  /** Whether anything was sent since. */
  isAsked(): boolean;
  close(): Promise<void>;
}

/** A network between the program and a server. */
async function openLine(first: string): Promise<Line> {
  let port = Number(first);
  let isSilent = false;
  let asked = 0;
  const sockets = new Set<Socket>();
  const server: Server = createServer((near) => {
    sockets.add(near);
    near.on('error', () => undefined);
    if (isSilent) {
      near.on('data', () => asked++);
      return;
    }
    const far = connect(port, '127.0.0.1');
    sockets.add(far);
    far.on('error', () => undefined);
    near.on('data', (data) => (isSilent ? asked++ : far.write(data)));
    far.on('data', (data) => isSilent || near.write(data));
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The line has no port.');
  return {
    urlOf(url) {
      const changed = new URL(url);
      changed.searchParams.delete('host');
      changed.port = String(address.port);
      return changed.href;
    },
    leadTo: (other) => (port = Number(other)),
    fallSilent: () => (isSilent = true),
    isAsked: () => asked > 0,
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
