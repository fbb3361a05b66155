import { spawn, spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { get } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Client } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { mintAccountScope } from '@/lib/auth/scope';
import { readOptOutFilter } from '@/lib/opt-outs/list-filter';
import { composeOptOutDownload } from '@/lib/opt-outs/queries';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs } from './interleave';
import { seedAccounts, seedOptOuts, seedUser } from './seed';
import { startWeb, type Web } from './web';

const accountId = 58324;
const password = 'bench-of-downloads';
const megabyte = 1024 * 1024;

/** The Auto Opt-Outs of one account as a file: from the production web, signed in, against `psql \copy`; and what it costs in memory. */
export async function benchDownload(context: BenchContext): Promise<BenchRow[]> {
  const { pool, quick } = context;
  const rowCount = quick ? 100_000 : 1_000_000;
  await seedAccounts(pool, [accountId]);
  await seedOptOuts(pool, accountId, rowCount);
  await seedUser(pool, accountId, password);
  const scope = mintAccountScope(accountId, { system: 'bench' });
  const query = composeOptOutDownload(scope, readOptOutFilter({}).filter, 'Africa/Johannesburg', {
    columns: null,
    numbersAsText: false,
  }).replace(/\s+/g, ' ');
  const baseline = chooseBaseline(context.url, query);
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
    return [
      {
        name: `download of ${rows} opt-outs over HTTP`,
        against: `${baseline.name} of the same query`,
        ratio: timeRatio,
        floor: 1.5,
        goal: 1.1,
        better: 'lower',
        detail:
          `${(oursMs / 1000).toFixed(2)} s against ${(baselineMs / 1000).toFixed(2)} s, ` +
          `${Math.round(fileBytes / megabyte)} MB; asked for gzip ${(compressedMs / 1000).toFixed(2)} s`,
      },
      {
        name: `memory while downloading ${rows}`,
        against: 'the same process before it',
        ratio: grownBytes / megabyte,
        floor: 96,
        goal: 32,
        better: 'lower',
        detail: 'megabytes of resident memory, peak less before',
      },
    ];
  } finally {
    await web.stop();
  }
}

/** Reads a whole file and throws it away. Answers with its size in bytes. */
async function download(
  web: Web,
  cookie: string,
  { search = '', encoding = 'identity' } = {},
): Promise<number> {
  const url = `${web.url}/api/downloads/auto-opt-outs?separator=,&q=${search}`;
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

function chooseBaseline(url: string, query: string): Baseline {
  if (spawnSync('psql', ['--version']).status === 0) {
    return {
      name: 'psql \\copy',
      run: (file) => runPsql(url, `\\copy (${query}) to '${file}' with (format csv, header)`),
    };
  }
  return { name: 'a COPY read by Node.js (there is no psql)', run: (file) => copyByNode(url, query, file) };
}

async function runPsql(url: string, command: string): Promise<void> {
  const psql = spawn('psql', ['--no-psqlrc', '--quiet', '--command', command, url], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise((resolve, reject) => psql.on('error', reject).on('exit', resolve));
  if (code !== 0) throw new Error(`psql ended with ${code}.`);
}

async function copyByNode(url: string, query: string, file: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const rows = client.query(copyTo(`copy (${query}) to stdout with (format csv, header)`));
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
