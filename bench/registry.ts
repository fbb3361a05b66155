import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pool } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { mintAccountScope, mintStaffScope } from '@/lib/auth/scope';
import { createUploadPool } from '@/lib/number-lists/upload-pool';
import { claimBatch } from '@/lib/messages/claim';
import { acceptMessages } from '@/lib/messages/commands';
import { applyAnswer, storeAnswer } from '@/lib/registry/commands';
import { importRegistry } from '@/lib/registry/import-job';
import { text } from './accept-messages';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs } from './interleave';
import {
  describeMsisdn,
  msisdnSql,
  seedAccounts,
  seedHistory,
  seedOptOuts,
  seedUser,
  senderNumber,
} from './seed';

const accountId = 100;
const batchSize = 1000;
/** A Wednesday, at noon: marketing may leave. */
const noon = new Date('2026-11-25T12:00:00+02:00');

/**
 * What the registry and the hours cost: marketing against service, by the same program, in turns. And putting
 * an answer file in force, against COPY of its numbers and one merge into the same table.
 */
export async function benchRegistry(context: BenchContext): Promise<BenchRow[]> {
  const { pool, quick } = context;
  const entries = quick ? 20_000 : 5_000_000;
  const optOuts = quick ? 10_000 : 200_000;
  const put = await benchImport(context, entries);
  await seedAccounts(pool, [accountId]);
  await seedHistory(context, [accountId]);
  await seedOptOuts(pool, accountId, optOuts);
  await pool.query('vacuum analyze');
  await pool.query('checkpoint');
  const size = `${entries.toLocaleString('en-ZA')} entries of the registry`;
  return [
    { ...(await benchAccept(context, optOuts)), name: `accept 1,000 recipients, marketing, with ${size}` },
    ...(await benchClaims(context, size)),
    put,
  ];
}

async function benchAccept({ pool, quick }: BenchContext, first: number): Promise<Omit<BenchRow, 'name'>> {
  const scope = mintAccountScope(accountId, { userId: await seedUser(pool, accountId) });
  let next = first;
  const accept = async (purpose: 'MARKETING' | 'SERVICE') => {
    const recipients = Array.from({ length: batchSize }, () => describeMsisdn(next++));
    return timeMs(async () => {
      const message = { recipients, text, idempotencyKey: randomUUID(), purpose };
      const result = await acceptMessages(pool, scope, message);
      if (!result.ok || result.queued !== batchSize) throw new Error('A batch was not accepted.');
    });
  };
  const compare = (rounds: number) =>
    compareInterleaved(
      rounds,
      () => accept('MARKETING'),
      () => accept('SERVICE'),
    );
  // After a start, the first batches fetch the registry's key from files.
  const cold = await compare(quick ? 2 : 40);
  const { timeRatio, oursMs, baselineMs } = await compare(quick ? 5 : 40);
  return {
    against: 'the same as service, which asks neither',
    ratio: 1 / timeRatio,
    floor: 0.9,
    goal: 0.95,
    better: 'higher',
    detail:
      `${oursMs.toFixed(1)} ms against ${baselineMs.toFixed(1)} ms; ` +
      `the first ${cold.rounds} batches after a start: ${(1 / cold.timeRatio).toFixed(2)}`,
  };
}

/** What was accepted a day or more after the last answer is not looked up again, and on its day it is. */
async function benchClaims(context: BenchContext, size: string): Promise<BenchRow[]> {
  const onTheDay = await benchClaim(context);
  await context.pool.query(`update registry_import set finished_at = now() - interval '2 days'`);
  return [
    { ...(await benchClaim(context)), name: `claim 1,000 messages, marketing, with ${size}` },
    { ...onTheDay, name: `claim 1,000 messages, marketing, on the day of an answer, with ${size}` },
  ];
}

async function benchClaim({ pool, quick }: BenchContext): Promise<Omit<BenchRow, 'name'>> {
  const claim = async (purpose: 'MARKETING' | 'SERVICE') => {
    await pool.query('delete from message where account_id = $1 and next_attempt_at is not null', [
      accountId,
    ]);
    await pool.query(
      `insert into message (account_id, purpose, msisdn, sender_number, text, segments, cost, status, next_attempt_at)
       select $1, $2::message_purpose, ${msisdnSql('1000000 + n')}, $3, $4, 1, 1, 'QUEUED', now()
       from generate_series(1, $5::int) as n`,
      [accountId, purpose, senderNumber, text, batchSize],
    );
    return timeMs(async () => {
      const options = { limit: batchSize, leaseMs: 60_000, now: noon };
      const { messages } = await claimBatch(pool, accountId, options);
      if (messages.length !== batchSize) throw new Error('A batch was not claimed.');
    });
  };
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    quick ? 5 : 40,
    () => claim('MARKETING'),
    () => claim('SERVICE'),
  );
  return {
    against: 'the same as service, which asks neither the registry nor the hours',
    ratio: 1 / timeRatio,
    floor: 0.9,
    goal: 0.95,
    better: 'higher',
    detail: `${oursMs.toFixed(1)} ms against ${baselineMs.toFixed(1)} ms`,
  };
}

/** The first number of the registry: it has none of those who are written to below. */
const firstEntry = 50_000_000;

/**
 * Each round has its own table, empty and with the same key; the file is made before. The entries of the last
 * round stay in force.
 */
async function benchImport({ pool, url }: BenchContext, lines: number): Promise<BenchRow> {
  const staff = mintStaffScope(1);
  const file = writeAnswer(lines);
  const uploads = createUploadPool(url);
  const empty = async () => {
    await pool.query('truncate registry_entry');
    await pool.query(`update registry_import set state = 'DISCARDED' where state = 'DONE'`);
    await pool.query('checkpoint');
  };
  const answer = {
    name: 'answer.csv',
    source: 'NCC',
    answeredOn: '2026-11-01',
    marketerId: 0,
    format: { encoding: 'utf-8', separator: ',', columns: [0], headerRows: 0 },
  } as const;
  try {
    const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
      2,
      async () => {
        await empty();
        return timeMs(async () => {
          const id = await storeAnswer(uploads, staff, answer, Readable.from(cut(file)), '2026-11-29');
          await applyAnswer(pool, staff, id);
          await importRegistry(pool, id);
        });
      },
      async () => {
        await empty();
        return timeMs(() => mergePlainly(uploads, file));
      },
    );
    return {
      name: `put ${lines.toLocaleString('en-ZA')} lines of an answer in force`,
      against: 'COPY of its numbers, and one merge into the same table',
      ratio: timeRatio,
      floor: 1.5,
      goal: 1.2,
      better: 'lower',
      detail: `${(oursMs / 1000).toFixed(1)} s against ${(baselineMs / 1000).toFixed(1)} s`,
    };
  } finally {
    await uploads.end();
  }
}

/** A number a line, as people write it. */
function writeAnswer(lines: number): Buffer {
  const file = Buffer.alloc(lines * '0821234567\n'.length);
  let length = 0;
  for (let index = 0; index < lines; index++) {
    length += file.write(`0${describeMsisdn(firstEntry + index).slice(2)}\n`, length, 'latin1');
  }
  return file;
}

/** Numbers that need no reading. */
async function mergePlainly(pool: Pool, file: Buffer): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query('create temporary table line (typed text) on commit drop');
    await pipeline(Readable.from(cut(file)), client.query(copyFrom('copy line from stdin')));
    await client.query(
      `insert into registry_entry (msisdn, marketer_id, import_id)
       select distinct '27' || substr(typed, 2), 0, 0 from line order by 1 on conflict (msisdn, marketer_id) do nothing`,
    );
    await client.query(
      `delete from registry_entry where marketer_id = 0
         and not exists (select from line where '27' || substr(typed, 2) = registry_entry.msisdn)`,
    );
    await client.query('commit');
  } finally {
    client.release();
  }
}

/** In pieces, as a file arrives. */
function* cut(file: Buffer): Generator<Buffer> {
  for (let start = 0; start < file.length; start += 65_536) yield file.subarray(start, start + 65_536);
}
