import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { get } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { mintAccountScope } from '@/lib/auth/scope';
import { composeCsvCopy } from '@/lib/lists/csv';
import { optOutList } from '@/lib/opt-outs/list';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs } from './interleave';
import { seedAccounts, seedOptOuts, seedUser } from './seed';
import { startWeb, type Web } from './web';

const accountId = 58324;
const password = 'bench-of-downloads';
const megabyte = 1024 * 1024;

/**
 * The Auto Opt-Outs of one account as a file: from the production web, signed in, against `psql \copy`; and
 * what it costs in memory.
 */
export async function benchDownload(context: BenchContext): Promise<BenchRow[]> {
  const { pool, quick } = context;
  const rowCount = quick ? 100_000 : 1_000_000;
  await seedAccounts(pool, [accountId]);
  await seedOptOuts(pool, accountId, rowCount);
  await seedUser(pool, accountId, password);
  const scope = mintAccountScope(accountId, { system: 'bench' });
  const statement = composeCsvCopy(optOutList.prepareFile({}, scope, 'Africa/Johannesburg'));
  const baseline = chooseBaseline(context.url, statement);
  const web = await startWeb(context);
  try {
    const cookie = await web.signIn('bench', password);
    // Loads the route and what it needs; of the file, one row.
    await download(web, cookie, { search: '27600000000' });

    const { grownBytes, fileBytes } = await watchMemory(web, () => download(web, cookie));
    await expectSame(context, baseline, fileBytes);
    const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
      quick ? 3 : 7,
      () => timeMs(() => download(web, cookie)),
      () => timeMs(() => baseline.run('/dev/null')),
    );
    const compressedMs = await timeMs(() => download(web, cookie, { encoding: 'gzip' }));
    const rows = rowCount.toLocaleString('en-ZA');
    const workbook = await measureWorkbook(web, cookie, rows, quick);
    return [
      {
        name: `download of ${rows} opt-outs over HTTP`,
        against: `${baseline.name}, the same COPY`,
        ratio: timeRatio,
        floor: 1.2,
        goal: 1,
        better: 'lower',
        detail:
          `${(oursMs / 1000).toFixed(2)} s against ${(baselineMs / 1000).toFixed(2)} s, ` +
          `${Math.round(fileBytes / megabyte)} MB; asked for gzip ${(compressedMs / 1000).toFixed(2)} s`,
      },
      {
        name: `memory while downloading ${rows}`,
        against: 'the same process before it',
        ratio: grownBytes / megabyte,
        floor: 64,
        goal: 24,
        better: 'lower',
        detail: 'megabytes of resident memory, peak less before',
      },
      ...workbook,
    ];
  } finally {
    await web.stop();
  }
}

/** The same opt-outs as a workbook, against the CSV; what it costs in memory. */
async function measureWorkbook(web: Web, cookie: string, rows: string, quick: boolean): Promise<BenchRow[]> {
  await download(web, cookie, { search: '27600000000', format: 'xlsx' });
  const { grownBytes, fileBytes } = await watchMemory(web, () => download(web, cookie, { format: 'xlsx' }));
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    quick ? 3 : 5,
    () => timeMs(() => download(web, cookie, { format: 'xlsx' })),
    () => timeMs(() => download(web, cookie)),
  );
  return [
    {
      name: `.xlsx of ${rows} opt-outs over HTTP`,
      against: 'the CSV of the same, over HTTP',
      ratio: timeRatio,
      floor: 3,
      goal: 2,
      better: 'lower',
      detail:
        `${(oursMs / 1000).toFixed(2)} s against ${(baselineMs / 1000).toFixed(2)} s, ` +
        `${Math.round(fileBytes / megabyte)} MB`,
    },
    {
      name: `memory while writing the .xlsx of ${rows}`,
      against: 'the same process before it',
      ratio: grownBytes / megabyte,
      floor: 64,
      goal: 64,
      better: 'lower',
      detail: 'megabytes of resident memory, peak less before',
    },
  ];
}

/** Reads a whole file and throws it away. Answers with its size in bytes. */
async function download(
  web: Web,
  cookie: string,
  { search = '', encoding = 'identity', format = 'csv' } = {},
): Promise<number> {
  const url = `${web.url}/api/downloads/auto-opt-outs?format=${format}&separator=,&q=${search}`;
  return new Promise((resolve, reject) => {
    get(url, { headers: { cookie, 'accept-encoding': encoding } }, (response) => {
      if (response.statusCode !== 200) {
        reject(new Error(`The download was answered with ${response.statusCode}.`));
      }
      let bytes = 0;
      response
        .on('data', (chunk: Buffer) => (bytes += chunk.length))
        .on('end', () => resolve(bytes))
        .on('error', reject);
    }).on('error', reject);
  });
}

async function watchMemory(
  web: Web,
  work: () => Promise<number>,
): Promise<{ grownBytes: number; fileBytes: number }> {
  const before = await web.readMemory();
  let peak = before;
  const look = async () => {
    peak = Math.max(peak, await web.readMemory());
  };
  const timer = setInterval(() => void look(), 50);
  const fileBytes = await work();
  clearInterval(timer);
  await look();
  return { grownBytes: peak - before, fileBytes };
}

interface Baseline {
  name: string;
  /** Writes the rows as CSV into a file. */
  run(file: string): Promise<void>;
}

function chooseBaseline(url: string, statement: string): Baseline {
  if (spawnSync('psql', ['--version']).status === 0) {
    return {
      name: 'psql',
      run: (file) => runPsql(url, statement, file),
    };
  }
  return {
    name: 'a COPY read by Node.js (there is no psql)',
    run: (file) => copyByNode(url, statement, file),
  };
}

/** What `\copy` does, without its own reading of the statement, which knows not all of SQL. */
async function runPsql(url: string, statement: string, file: string): Promise<void> {
  const psql = spawn('psql', ['--no-psqlrc', '--quiet', '--command', statement, '--output', file, url], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise((resolve, reject) => psql.on('error', reject).on('exit', resolve));
  if (code !== 0) throw new Error(`psql ended with ${code}.`);
}

async function copyByNode(url: string, statement: string, file: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const rows = client.query(copyTo(statement));
    await pipeline(rows, createWriteStream(file));
  } finally {
    await client.end();
  }
}

/** Both sides must have written the same; ours begins with a byte-order mark. */
async function expectSame({ dataDir }: BenchContext, baseline: Baseline, fileBytes: number): Promise<void> {
  const file = path.join(dataDir, 'baseline.csv');
  await baseline.run(file);
  const { size } = await stat(file);
  await rm(file);
  if (fileBytes !== size + 3) {
    throw new Error(`The download has ${fileBytes} bytes; ${baseline.name} wrote ${size}.`);
  }
}
