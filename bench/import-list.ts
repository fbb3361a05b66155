import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pool } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { mintAccountScope, type AccountScope } from '@/lib/auth/scope';
import { createDatabase } from '@/lib/db/client';
import { storeNumberList } from '@/lib/number-lists/commands';
import { importNumberList } from '@/lib/number-lists/import-job';
import type { FileFormat } from '@/lib/number-lists/schema';
import { createUploadPool } from '@/lib/number-lists/upload-pool';
import { receiveReplies } from '@/lib/replies/commands';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { median, timeMs } from './interleave';
import { describeMsisdn, seedAccounts, seedConversations, seedOptOuts, senderNumber } from './seed';

const accountId = 58324;
const format: FileFormat = { encoding: 'utf-8', separator: ',', columns: [0], headerRows: 0 };
const pieceBytes = 64 * 1024;

/**
 * A list of numbers, half of them opted out already, read and imported as a web and a worker do it; against
 * COPY of the same numbers, ready-made, and one statement that inserts the same opt-outs and events into the
 * same tables. And how long a reply takes meanwhile that opts out a number of the list, just as the import
 * has come to it: that is what an import can make anybody wait for.
 */
export async function benchImportList(context: BenchContext): Promise<BenchRow[]> {
  const count = context.quick ? 20_000 : 1_000_000;
  const numbers = Array.from({ length: count }, (_, index) => describeMsisdn(index + count / 2));
  const pieces = cutIntoPieces(numbers.map((msisdn) => `${msisdn}\n`).join(''));
  const runs: { oursMs: number; baselineMs: number }[] = [];
  for (let round = 0; round < (context.quick ? 1 : 2); round++) {
    context.report(`round ${round + 1}`);
    const sides = [
      async () => ({ oursMs: await inSeeded(context, count, (side) => importList(side, pieces, count / 2)) }),
      async () => ({
        baselineMs: await inSeeded(context, count, (side) => insertAtOnce(side, pieces, count / 2)),
      }),
    ] as const;
    // A B, B A
    const [first, second] = round % 2 === 0 ? sides : [sides[1], sides[0]];
    runs.push({ oursMs: 0, baselineMs: 0, ...(await first()), ...(await second()) });
  }
  context.report('replies meanwhile');
  const replies = await inSeeded(context, count / 5, (side) =>
    replyMeanwhile(side, count / 2, numbers.slice(0, count / 5)),
  );
  const oursMs = median(runs.map((run) => run.oursMs));
  const baselineMs = median(runs.map((run) => run.baselineMs));
  return [
    {
      name: `importing a list of ${count.toLocaleString('en-ZA')} numbers, half of it new`,
      against: 'COPY of the numbers, and one statement that inserts the same opt-outs and events',
      ratio: median(runs.map((run) => run.oursMs / run.baselineMs)),
      floor: 1.8,
      goal: 1.3,
      better: 'lower',
      detail: `${(oursMs / 1000).toFixed(1)} s against ${(baselineMs / 1000).toFixed(1)} s`,
    },
    {
      name: 'one Stop of a number that an import has come to, 99 of 100 replies',
      against: 'nothing: milliseconds',
      ratio: at(replies, 0.99),
      floor: 50,
      goal: 25,
      better: 'lower',
      detail: `${replies.length} replies: median ${at(replies, 0.5).toFixed(0)} ms, longest ${at(replies, 1).toFixed(0)} ms`,
    },
  ];
}

/** One side: an account with so many opt-outs, in a database of its own. */
interface Side {
  url: string;
  pool: Pool;
  scope: AccountScope;
}

async function inSeeded<Result>(
  context: BenchContext,
  optOuts: number,
  work: (side: Side) => Promise<Result>,
): Promise<Result> {
  return context.withDatabase(async (url) => {
    const database = createDatabase(url);
    try {
      await seedAccounts(database.pool, [accountId]);
      await seedOptOuts(database.pool, accountId, optOuts);
      return await work({
        url,
        pool: database.pool,
        scope: mintAccountScope(accountId, { system: 'bench' }),
      });
    } finally {
      await database.close();
    }
  });
}

async function importList({ url, pool, scope }: Side, pieces: Buffer[], added: number): Promise<number> {
  const ms = await timeMs(async () => {
    const id = await store(url, scope, pieces);
    while (!(await importNumberList(pool, scope, id)));
  });
  await expectAdded(pool, added);
  return ms;
}

async function store(url: string, scope: AccountScope, pieces: Buffer[]): Promise<string> {
  const uploads = createUploadPool(url);
  try {
    const list = { purpose: 'IMPORT', name: 'bench.csv', format } as const;
    return await storeNumberList(uploads, scope, list, Readable.from(pieces));
  } finally {
    await uploads.end();
  }
}

async function insertAtOnce({ url, pool }: Side, pieces: Buffer[], added: number): Promise<number> {
  await pool.query('create table bare_line (msisdn text collate "C" not null)');
  // of an upload: it sends what COPY takes
  const uploads = createUploadPool(url);
  const client = await uploads.connect();
  try {
    const ms = await timeMs(async () => {
      await pipeline(Readable.from(pieces), client.query(copyFrom('copy bare_line (msisdn) from stdin')));
      await client.query(
        `with fresh as (
           insert into opt_out (account_id, msisdn, kind) select $1, msisdn, 'IMPORT' from bare_line
           on conflict (account_id, msisdn) do nothing
           returning account_id, msisdn, id
         )
         insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence)
         select account_id, msisdn, id, 'OPTED_OUT', 'system',
           jsonb_build_object('list', 1, 'line', 1, 'input', msisdn)
         from fresh`,
        [accountId],
      );
    });
    await expectAdded(pool, added);
    return ms;
  } finally {
    client.release();
    await uploads.end();
  }
}

/** Opt-outs by reply of numbers that are imported meanwhile, from the `first` on: milliseconds each. */
async function replyMeanwhile(
  { url, pool, scope }: Side,
  first: number,
  numbers: readonly string[],
): Promise<number[]> {
  await seedConversations(pool, [accountId], first, numbers.length);
  const id = await store(url, scope, cutIntoPieces(numbers.map((msisdn) => `${msisdn}\n`).join('')));
  const times: number[] = [];
  let isOver = false;
  const replying = (async () => {
    for (let count = 0; !isOver; count++) {
      const { rows } = await pool.query<{ processed: number }>(
        'select processed from number_list where account_id = $1 and id = $2',
        [accountId, id],
      );
      // of those that are in hand now, a little behind the first of them
      const next = (rows[0]?.processed ?? 0) + (count % 200);
      const from = numbers[next];
      if (from === undefined) continue;
      const reply = {
        raw: null,
        from,
        to: senderNumber,
        text: 'Stop',
        carrier: 'bench',
        carrierMessageId: `meanwhile-${count}`,
      };
      times.push(await timeMs(() => receiveReplies(pool, [{ ...reply, receivedAt: new Date() }])));
    }
  })();
  while (!(await importNumberList(pool, scope, id)));
  isOver = true;
  await replying;
  return times.sort((one, other) => one - other);
}

function at(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

async function expectAdded(pool: Pool, expected: number): Promise<void> {
  const { rows } = await pool.query<{ optOuts: number; events: number }>(
    `select (select count(*)::int from opt_out where account_id = $1 and kind = 'IMPORT') as "optOuts",
       (select count(*)::int from opt_out_event where account_id = $1) as events`,
    [accountId],
  );
  const { optOuts, events } = rows[0] ?? {};
  if (optOuts !== expected || events !== expected) {
    throw new Error(`${optOuts} were added, with ${events} events, not ${expected}.`);
  }
}

function cutIntoPieces(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
}
