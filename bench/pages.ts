import { Agent, get } from 'node:http';
import { gzipSync } from 'node:zlib';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved, timeMs } from './interleave';
import { seedAccounts, seedUser } from './seed';
import { seedLists } from './seed-lists';
import { startWeb } from './web';

const accountId = 58324;
const password = 'bench-of-pages';
/** A sentence in the shell that every page of a customer has. */
const emptyPage = '/not-allowed';
const rowCount = 100_000;
const connections = 4;

/**
 * How often the web serves a page of fifty rows, against an empty page in the same shell: four requests at a
 * time, so that it always has something to do, the two in turns. And how much HTML the list is.
 */
export async function benchPages(context: BenchContext): Promise<BenchRow[]> {
  const { pool, quick } = context;
  await seedAccounts(pool, [accountId]);
  await seedLists(pool, accountId, quick ? 2_000 : rowCount);
  await seedUser(pool, accountId, password);
  const web = await startWeb(context);
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  try {
    const headers = { cookie: await web.signIn('bench', password) };
    const read = (path: string) => readPage(`${web.url}${path}`, { agent, headers });
    const cases = [
      { name: 'Auto Opt-Outs, first page', path: '/messages/opt-outs' },
      { name: 'Auto Opt-Outs, deep page', path: await findDeepPage(read, quick) },
      { name: 'Auto Opt-Outs, search', path: '/messages/opt-outs?q=12' },
      { name: 'Message Logs, first page', path: '/messages' },
    ];
    const rows: BenchRow[] = [];
    for (const { name, path } of cases) rows.push(await compareRates(name, path, read, quick));
    return [...rows, describeHtml(await read('/messages/opt-outs'))];
  } finally {
    agent.destroy();
    await web.stop();
  }
}

type Read = (path: string) => Promise<string>;

async function compareRates(name: string, path: string, read: Read, quick: boolean): Promise<BenchRow> {
  const pagesEach = 3;
  const pagesPerRound = pagesEach * connections;
  const readTimes = async (page: string) => {
    for (let count = 0; count < pagesEach; count++) await read(page);
  };
  const times = (page: string) => () =>
    timeMs(async () => {
      await Promise.all(Array.from({ length: connections }, () => readTimes(page)));
    });
  // until both have been compiled
  for (let round = 0; round < (quick ? 1 : 15); round++) {
    await times(path)();
    await times(emptyPage)();
  }
  const { timeRatio, oursMs, baselineMs } = await compareInterleaved(
    quick ? 3 : 21,
    times(path),
    times(emptyPage),
  );
  const describe = (ms: number) => (ms / pagesPerRound).toFixed(1);
  return {
    name: `${name}, pages a second`,
    against: 'an empty page in the same shell',
    ratio: 1 / timeRatio,
    floor: 0.4,
    goal: 0.6,
    better: 'higher',
    detail: `${describe(oursMs)} against ${describe(baselineMs)} ms a page`,
  };
}

/** The address of the page that comes after twenty others. */
async function findDeepPage(read: Read, quick: boolean): Promise<string> {
  let path = '/messages/opt-outs';
  for (let page = 0; page < (quick ? 2 : 20); page++) {
    const next = /<a[^>]*\srel="next"[^>]*>/.exec(await read(path))?.[0];
    const href = next && /\shref="([^"]+)"/.exec(next)?.[1];
    if (!href) throw new Error('The list has no next page.');
    path = href.replaceAll('&amp;', '&');
  }
  return path;
}

function describeHtml(html: string): BenchRow {
  const bytes = Buffer.byteLength(html);
  const classNames = [...html.matchAll(/\sclass="([^"]*)"/g)].reduce(
    (sum, [, names = '']) => sum + names.length,
    0,
  );
  const rows = html.match(/<tr\b/g)?.length ?? 0;
  if (rows < 50) throw new Error(`The list has ${rows} rows.`);
  const kilobytes = (count: number) => Math.round(count / 1000);
  return {
    name: 'Auto Opt-Outs, HTML of 50 rows',
    against: 'nothing: kilobytes',
    ratio: bytes / 1000,
    floor: 130,
    goal: 90,
    better: 'lower',
    detail: `${kilobytes(classNames)} kB of class names; ${kilobytes(gzipSync(html).length)} kB gzipped`,
  };
}

function readPage(url: string, options: { agent: Agent; headers: Record<string, string> }): Promise<string> {
  return new Promise((resolve, reject) => {
    get(url, options, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} was answered with ${response.statusCode}.`));
      let text = '';
      response
        .setEncoding('utf8')
        .on('data', (part: string) => (text += part))
        .on('end', () => resolve(text))
        .on('error', reject);
    }).on('error', reject);
  });
}
