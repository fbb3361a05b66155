import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pool } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { mintAccountScope } from '@/lib/auth/scope';
import { storeNumberList } from '@/lib/number-lists/commands';
import { createUploadPool } from '@/lib/number-lists/upload-pool';
import type { FileFormat } from '@/lib/number-lists/schema';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs } from './interleave';
import { describeMsisdn, seedAccounts, seedOptOuts } from './seed';

const accountId = 58324;
const format: FileFormat = { encoding: 'utf-8', separator: ',', columns: [1], headerRows: 1 };
/** As the web hands an upload on. */
const pieceBytes = 64 * 1024;

/**
 * A list of names and numbers as people type them, half of them blocked: read, kept line by line and checked;
 * against COPY of the numbers alone, ready-made, into a table without a key, and an anti-join.
 */
export async function benchCheckList({ url, pool, quick, report }: BenchContext): Promise<BenchRow[]> {
  const count = quick ? 50_000 : 1_000_000;
  await seedAccounts(pool, [accountId]);
  await seedOptOuts(pool, accountId, count);
  report('writing the lists');
  const numbers = Array.from({ length: count }, (_, index) => describeMsisdn(index + count / 2));
  const file = cutIntoPieces(`name,number\n${numbers.map(composeLine).join('')}`);
  const bare = cutIntoPieces(numbers.map((msisdn) => `${msisdn}\n`).join(''));
  await pool.query('create table bare_line (msisdn text collate "C" not null)');
  const scope = mintAccountScope(accountId, { system: 'bench' });
  const uploads = createUploadPool(url);
  const store = () =>
    storeNumberList(uploads, scope, { purpose: 'CHECK', name: 'bench.csv', format }, Readable.from(file));

  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    quick ? 3 : 5,
    async () => {
      await pool.query('truncate number_list_block');
      return timeMs(async () => expectBlocked(pool, await store(), count / 2));
    },
    async () => {
      await pool.query('truncate bare_line');
      return timeMs(() => copyAndAntiJoin(uploads, bare, count / 2));
    },
  );
  const amount = count.toLocaleString('en-ZA');
  await uploads.end();
  return [
    {
      name: `checking a list of ${amount} lines against ${amount} opt-outs`,
      against: 'COPY of its numbers alone, ready-made, into a table without a key, and an anti-join',
      ratio: timeRatio,
      floor: 1.6,
      goal: 1.2,
      better: 'lower',
      detail: `${(oursMs / 1000).toFixed(2)} s against ${(baselineMs / 1000).toFixed(2)} s`,
    },
  ];
}

function composeLine(msisdn: string, index: number): string {
  return `Customer ${index},0${msisdn.slice(2)}\r\n`;
}

function cutIntoPieces(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
}

async function expectBlocked(pool: Pool, id: string, expected: number): Promise<void> {
  const { blocked } = await readCounts(pool, id);
  if (blocked !== expected) throw new Error(`${blocked} are blocked, not ${expected}.`);
}

async function readCounts(pool: Pool, id: string): Promise<{ blocked?: number }> {
  const { rows } = await pool.query<{ blocked: number }>(
    'select blocked from number_list where account_id = $1 and id = $2',
    [accountId, id],
  );
  return rows[0] ?? {};
}

async function copyAndAntiJoin(pool: Pool, pieces: Buffer[], expected: number): Promise<void> {
  const client = await pool.connect();
  try {
    await pipeline(Readable.from(pieces), client.query(copyFrom('copy bare_line (msisdn) from stdin')));
    const { rows } = await client.query<{ clear: string }>(
      `select count(*) as clear from bare_line as line
       where not exists (select from opt_out where account_id = $1 and opt_out.msisdn = line.msisdn)`,
      [accountId],
    );
    if (Number(rows[0]?.clear) !== expected) throw new Error(`${rows[0]?.clear} are clear, not ${expected}.`);
  } finally {
    client.release();
  }
}
