import { randomBytes } from 'node:crypto';
import type { Pool } from 'pg';
import { mintAccountScope } from '@/lib/auth/scope';
import { createDatabase } from '@/lib/db/client';
import { keepsConnections } from '@/lib/db/distribute';
import { withClient } from '@/lib/db/with-client';
import { acceptMessages } from '@/lib/messages/commands';
import { receiveReplies } from '@/lib/replies/commands';
import { prepareCitus } from '@/testing/citus-server';
import { dropDatabase } from '@/testing/drop-database';
import { text } from './accept-messages';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { drain, fillQueue } from './dispatch';
import { compareInterleaved, timeMs } from './interleave';
import { composeReply } from './receive-replies';
import { describeMsisdn, seedAccounts, seedConversations, seedHistory, seedOptOuts, seedUser } from './seed';

const alone = 100;
const twenty = Array.from({ length: 20 }, (_, index) => 101 + index);
const optOutCount = 20_000;
const queued = 5000;

/** One of the two that are compared, with the rows that the measurements start from. */
interface Place {
  pool: Pool;
  url: string;
}

/** A thing that is done, by one client, on either. */
interface Task {
  name: string;
  floor: number;
  goal: number;
  rounds: number;
  /** How many of what is counted in a round. */
  perRound: number;
  counted: string;
  /** How many calls, and so about how many transactions, a round has. */
  calls: number;
  /** Answers with one round of it, over any pool of that database. */
  begin: (pool: Pool) => Promise<(pool: Pool) => Promise<number>>;
}

/**
 * The same calls on a Citus cluster (CITUS_URL, of a superuser) and on one PostgreSQL: that of
 * CLUSTER_BASELINE_URL, of a superuser too, so that both can be of one version; else the benches' own.
 */
export async function benchCluster(context: BenchContext): Promise<BenchRow[]> {
  const citusUrl = process.env['CITUS_URL'];
  if (!citusUrl) {
    context.report('Left out: the rates of a cluster, for which CITUS_URL is not set.');
    return [];
  }
  return withPlain(context, (plain) =>
    withCluster(context, citusUrl, async (cluster) => {
      const rows: BenchRow[] = [];
      for (const task of listTasks(context.quick)) rows.push(await compareTask(task, cluster, plain));
      return rows;
    }),
  );
}

/** How what lies by recipient can be laid; the second is how the program lays it. */
const layouts: Record<string, (url: string) => Promise<void>> = {
  'in 32 parts': (url) =>
    withClient(url, async (client) => {
      await client.query(
        `select alter_distributed_table('carrier_receipt', shard_count => 32, cascade_to_colocated => true)`,
      );
    }),
  'in 4 parts': async () => undefined,
  'on the coordinator': (url) =>
    withClient(url, async (client) => {
      for (const table of ['carrier_receipt', 'conversation', 'unowned_reply']) {
        await client.query('select undistribute_table($1)', [table]);
      }
    }),
};

/**
 * The rates of {@link benchCluster} with what lies by recipient laid in three ways. For information: what was
 * chosen is judged there.
 */
export async function benchLayouts(context: BenchContext): Promise<BenchRow[]> {
  const citusUrl = process.env['CITUS_URL'];
  if (!citusUrl) {
    context.report('Left out: the layouts of a cluster, for which CITUS_URL is not set.');
    return [];
  }
  const rows: BenchRow[] = [];
  for (const [layout, change] of Object.entries(layouts)) {
    await withPlain(context, (plain) =>
      withCluster(
        context,
        citusUrl,
        async (cluster) => {
          for (const task of listTasks(context.quick)) {
            const row = await compareTask(task, cluster, plain);
            rows.push({ ...row, name: `by recipient ${layout}: ${task.name}`, floor: 0, goal: 0 });
          }
        },
        change,
      ),
    );
  }
  return rows;
}

function listTasks(quick: boolean): Task[] {
  const rounds = quick ? 2 : 9;
  return [
    receiveTask('receive 500 replies at a time, over 20 accounts', 500, rounds, 0.4, 0.6),
    receiveTask('receive one reply at a time', 1, rounds, 0.15, 0.3),
    acceptTask(rounds),
    claimTask(quick ? 1 : 4),
  ];
}

function receiveTask(name: string, size: number, rounds: number, floor: number, goal: number): Task {
  const calls = size === 1 ? 40 : 4;
  // their own numbers, so that one task's replies are nothing to another's
  const first = size === 1 ? 200_000 : 300_000;
  return {
    ...{ name, floor, goal, rounds, calls, perRound: size * calls, counted: 'replies' },
    async begin(owner) {
      let next = first;
      await seedConversations(owner, twenty, first, (rounds + 3) * size * calls);
      return (pool) => {
        const batches = Array.from({ length: calls }, () =>
          Array.from({ length: size }, () => composeReply(next++)),
        );
        return timeMs(async () => {
          for (const batch of batches) await receiveReplies(pool, batch);
        });
      };
    },
  };
}

function acceptTask(rounds: number): Task {
  const calls = 2;
  const recipientCount = 1000;
  return {
    name: 'accept 1,000 recipients, one in twenty opted out',
    ...{ floor: 0.35, goal: 0.5, rounds, calls, perRound: recipientCount * calls, counted: 'messages' },
    async begin(owner) {
      const { rows } = await owner.query<{ id: number }>(
        `select id from portal_user where username = 'bench'`,
      );
      const scope = mintAccountScope(alone, { userId: Number(rows[0]?.id) });
      let free = 1_000_000;
      let blocked = 0;
      return (pool) => {
        const batches = Array.from({ length: calls }, () =>
          Array.from({ length: recipientCount }, (_, index) => {
            const msisdn = describeMsisdn(index % 20 === 0 ? blocked++ : free++);
            return `0${msisdn.slice(2)}`;
          }),
        );
        return timeMs(async () => {
          for (const recipients of batches) {
            const message = {
              ...{ recipients, text },
              idempotencyKey: randomBytes(8).toString('hex'),
              purpose: 'MARKETING',
            } as const;
            const result = await acceptMessages(pool, scope, message);
            if (!result.ok || result.blocked !== recipientCount / 20)
              throw new Error('A batch was not accepted.');
          }
        });
      };
    },
  };
}

function claimTask(rounds: number): Task {
  return {
    name: 'claim messages 500 at a time, hand over and record',
    ...{ floor: 0.5, goal: 0.7, rounds, calls: queued / 500, perRound: queued, counted: 'messages' },
    async begin(owner) {
      // what was accepted before waits no longer
      await owner.query(`update message set status = 'SENT', next_attempt_at = null where status = 'QUEUED'`);
      return async (pool) => {
        await fillQueue(owner, [alone], queued);
        return timeMs(() => drain(pool, [alone], queued));
      };
    },
  };
}

async function compareTask(task: Task, cluster: Place, plain: Place): Promise<BenchRow> {
  const ours = await task.begin(cluster.pool);
  const baseline = await task.begin(plain.pool);
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    task.rounds,
    () => ours(cluster.pool),
    () => baseline(plain.pool),
  );
  const sent = await listSent(cluster.url, ours);
  const perSecond = (ms: number) => Math.round((task.perRound / ms) * 1000).toLocaleString('en-ZA');
  const perCall = (count: number) => (count / task.calls).toFixed(1);
  const prepared = sent.filter((command) => command.startsWith('PREPARE TRANSACTION')).length;
  return {
    name: `cluster: ${task.name}`,
    against: 'the same on one PostgreSQL',
    ratio: 1 / timeRatio,
    floor: task.floor,
    goal: task.goal,
    better: 'higher',
    detail:
      `${perSecond(oursMs)} against ${perSecond(baselineMs)} ${task.counted}/s, ` +
      `${(oursMs / task.calls).toFixed(1)} against ${(baselineMs / task.calls).toFixed(1)} ms a call; ` +
      `a call: ${perCall(sent.length)} commands to other machines, ${perCall(prepared)} prepared transactions`,
  };
}

/** A database on one PostgreSQL, with what the tasks need. */
async function withPlain<Result>(
  context: BenchContext,
  work: (place: Place) => Promise<Result>,
): Promise<Result> {
  const given = process.env['CLUSTER_BASELINE_URL'];
  if (!given) return withPlace(context, context.url, work);
  const { applyMigrations } = await import('@/lib/db/migrate');
  const name = `bench_${randomBytes(4).toString('hex')}`;
  await withClient(given, (client) => client.query(`create database ${name}`));
  try {
    const url = addressIn(given, name);
    await applyMigrations(url);
    return await withPlace(context, url, work);
  } finally {
    await dropDatabase(given, name);
  }
}

/** @param change what else is done to the spread database before it is filled */
export async function withCluster<Result>(
  context: Pick<BenchContext, 'quick'>,
  citusUrl: string,
  work: (place: Place) => Promise<Result>,
  change: (url: string) => Promise<void> = async () => undefined,
): Promise<Result> {
  const server = await prepareCitus(citusUrl);
  const name = `bench_${randomBytes(4).toString('hex')}`;
  try {
    for (const machine of server.machines) {
      await withClient(machine, (client) =>
        client.query(`create database ${name} template ${server.template}`),
      );
    }
    const url = server.url(name);
    await withClient(server.machines[0] as string, (client) =>
      client.query(`alter database ${name} set ${keepsConnections}`),
    );
    await change(url);
    return await withPlace(context, url, work);
  } finally {
    for (const machine of server.machines) await dropDatabase(machine, name);
    await server.stop();
  }
}

async function withPlace<Result>(
  context: Pick<BenchContext, 'quick'>,
  url: string,
  work: (place: Place) => Promise<Result>,
): Promise<Result> {
  const { pool, close } = createDatabase(url);
  try {
    await seedAccounts(pool, [alone, ...twenty]);
    await seedUser(pool, alone);
    await seedHistory({ pool, quick: context.quick }, [alone, ...twenty]);
    await seedOptOuts(pool, alone, optOutCount);
    return await work({ pool, url });
  } finally {
    await close();
  }
}

/** What a coordinator sends to other machines in one round, which is not timed: it says each command. */
async function listSent(url: string, side: (pool: Pool) => Promise<number>): Promise<string[]> {
  const talkative = new URL(url);
  talkative.searchParams.set('options', '-c citus.log_remote_commands=on');
  const { pool, close } = createDatabase(talkative.href);
  const sent: string[] = [];
  pool.on('connect', (client) => {
    client.on('notice', ({ message = '' }: { message?: string }) => {
      if (message.startsWith('issuing ')) sent.push(message.slice('issuing '.length));
    });
  });
  try {
    // the first opens connections, and has statements prepared
    await side(pool);
    sent.length = 0;
    await side(pool);
    return sent;
  } finally {
    await close();
  }
}

function addressIn(server: string, database: string): string {
  const address = new URL(server);
  address.pathname = `/${database}`;
  return address.href;
}
