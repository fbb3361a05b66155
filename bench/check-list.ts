import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pool } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { mintAccountScope } from '@/lib/auth/scope';
import { storeNumberList } from '@/lib/number-lists/commands';
import type { FileFormat } from '@/lib/number-lists/schema';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, median, timeMs } from './interleave';
import { describeMsisdn, seedAccounts, seedOptOuts } from './seed';

const accountId = 58324;
const format: FileFormat = { encoding: 'utf-8', separator: ',', column: 1, header: true };
/** As the web hands an upload on. */
const pieceBytes = 64 * 1024;

/**
 * A list of names and numbers as people type them, half of them blocked: read, kept line by line and checked; against COPY
 * of the same lines, ready-made, into the same table, and an anti-join. The time of both against a table that has nothing
 * but the numbers, and no key, is told beside it.
 */
export async function benchCheckList({ pool, quick, report }: BenchContext): Promise<BenchRow[]> {
  const count = quick ? 50_000 : 1_000_000;
  await seedAccounts(pool, [accountId]);
  await seedOptOuts(pool, accountId, count);
  report('writing the lists');
  const numbers = Array.from({ length: count }, (_, index) => describeMsisdn(index + count / 2));
  const file = cutIntoPieces(`name,number\n${numbers.map(composeLine).join('')}`);
  const ready = cutIntoPieces(numbers.map(composeRow).join(''));
  const bare = cutIntoPieces(numbers.map((msisdn) => `${msisdn}\n`).join(''));
  await pool.query('create table bare_line (msisdn text collate "C" not null)');
  const scope = mintAccountScope(accountId, { system: 'bench' });

  const ours = async () => {
    await pool.query('truncate number_list_line');
    return timeMs(async () => {
      const list = { purpose: 'CHECK' as const, name: 'bench.csv', format };
      const id = await storeNumberList(pool, scope, list, Readable.from(file));
      await expectBlocked(pool, id, count / 2);
    });
  };
  const baseline = async () => {
    await pool.query('truncate number_list_line');
    const table = 'number_list_line (account_id, list_id, line, input, msisdn)';
    return timeMs(() => copyAndAntiJoin(pool, table, ready, count / 2));
  };
  const rounds = quick ? 3 : 5;
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(rounds, ours, baseline);
  const bareMs: number[] = [];
  for (let round = 0; round < rounds; round++) {
    await pool.query('truncate bare_line');
    bareMs.push(await timeMs(() => copyAndAntiJoin(pool, 'bare_line (msisdn)', bare, count / 2)));
  }
  const amount = count.toLocaleString('en-ZA');
  return [
    {
      name: `checking a list of ${amount} lines against ${amount} opt-outs`,
      against: 'COPY of its lines, ready-made, and an anti-join',
      ratio: timeRatio,
      floor: 2,
      goal: 1.3,
      better: 'lower',
      detail:
        `${(oursMs / 1000).toFixed(2)} s against ${(baselineMs / 1000).toFixed(2)} s; ` +
        `bare numbers without a key ${(median(bareMs) / 1000).toFixed(2)} s`,
    },
  ];
}

function composeLine(msisdn: string, index: number): string {
  return `Customer ${index},0${msisdn.slice(2)}\r\n`;
}

function composeRow(msisdn: string, index: number): string {
  return `${accountId}\t0\t${index + 2}\t0${msisdn.slice(2)}\t${msisdn}\n`;
}

function cutIntoPieces(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  return Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
    bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
  );
}

async function expectBlocked(pool: Pool, id: string, expected: number): Promise<void> {
  const { rows } = await pool.query<{ blocked: number }>(
    'select blocked from number_list where account_id = $1 and id = $2',
    [accountId, id],
  );
  if (rows[0]?.blocked !== expected) throw new Error(`${rows[0]?.blocked} are blocked, not ${expected}.`);
}

async function copyAndAntiJoin(pool: Pool, table: string, pieces: Buffer[], expected: number): Promise<void> {
  const client = await pool.connect();
  try {
    await pipeline(Readable.from(pieces), client.query(copyFrom(`copy ${table} from stdin`)));
    const name = table.slice(0, table.indexOf(' '));
    const { rows } = await client.query<{ clear: string }>(
      `select count(*) as clear from ${name} as line
       where not exists (select from opt_out where account_id = $1 and opt_out.msisdn = line.msisdn)`,
      [accountId],
    );
    if (Number(rows[0]?.clear) !== expected) throw new Error(`${rows[0]?.clear} are clear, not ${expected}.`);
  } finally {
    client.release();
  }
}
