import { readFile } from 'node:fs/promises';
import { Agent, get, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { RefreshQueue } from '@/components/live/refresh-queue';
import { tellAccounts } from '@/lib/events/account-changes';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { seedAccounts, seedOptOuts, seedUser } from './seed';
import { startWeb, type Web } from './web';

const accountId = 58324;
const password = 'bench-of-tabs';
const page = '/messages/opt-outs';

/**
 * What it costs the web to keep a hundred pages of one account up to date, each in a browser of its own and
 * looked at, while fifty numbers opt out in a second: the time of its process, as a part of a core. A browser
 * is stood in for by its requests: one event stream, and the page's data whenever its own queue of refreshes
 * asks for it.
 */
export async function benchTabs(context: BenchContext): Promise<BenchRow[]> {
  const { pool, quick, report } = context;
  const [tabCount, optOutsPerSecond, seconds] = [100, 50, quick ? 5 : 30];
  await seedAccounts(pool, [accountId]);
  await seedOptOuts(pool, accountId, 10_000);
  await seedUser(pool, accountId, password);
  const web = await startWeb(context);
  try {
    const cookie = await web.signIn('bench', password);
    const address = await findAddress(web, cookie);
    const tabs = await Promise.all(Array.from({ length: tabCount }, () => openTab(web, cookie, address)));
    const optOuts = beginOptOuts(context, optOutsPerSecond);
    // until pages refresh as seldom as they do while it lasts
    await delay(quick ? 1_000 : 15_000);
    const before = { cpuMs: await readCpuMs(web.pid), at: performance.now(), refreshes: sum(tabs) };
    report(`${tabCount} pages are open`);
    await delay(seconds * 1000);
    const elapsedMs = performance.now() - before.at;
    const cpuMs = (await readCpuMs(web.pid)) - before.cpuMs;
    const refreshes = sum(tabs) - before.refreshes;
    const made = await optOuts.stop();
    for (const tab of tabs) tab.close();
    if (refreshes < tabCount) throw new Error(`${tabCount} pages refreshed ${refreshes} times.`);
    return [
      {
        name: `${tabCount} open pages, ${optOutsPerSecond} opt-outs a second`,
        against: 'one core',
        ratio: cpuMs / elapsedMs,
        floor: 0.5,
        goal: 0.2,
        better: 'lower',
        detail:
          `${made} opt-outs; ${(refreshes / (elapsedMs / 1000)).toFixed(0)} refreshes a second, ` +
          `${(cpuMs / refreshes).toFixed(1)} ms of the web's time each`,
      },
    ];
  } finally {
    await web.stop();
  }
}

const sum = (tabs: readonly { count: () => number }[]) => tabs.reduce((all, tab) => all + tab.count(), 0);

/**
 * Where the page's data are: Next answers a request without their mark, a digest of its headers, with the
 * address that has it.
 */
async function findAddress(web: Web, cookie: string): Promise<string> {
  const answer = await fetch(`${web.url}${page}`, { redirect: 'manual', headers: { cookie, rsc: '1' } });
  return new URL(answer.headers.get('location') ?? page, web.url).href;
}

/** A page that is open: its stream, and its refreshes. */
async function openTab(
  web: Web,
  cookie: string,
  address: string,
): Promise<{ count: () => number; close: () => void }> {
  const agent = new Agent({ keepAlive: true });
  const queue = new RefreshQueue();
  let count = 0;
  let isClosed = false;
  const refresh = () => {
    void readAll(address, { agent, headers: { cookie, rsc: '1' } }).then(
      () => {
        count += 1;
        queue.finish(refresh);
      },
      (error: unknown) => {
        if (!isClosed) throw error;
      },
    );
  };
  queue.join(refresh);
  const stream = await begin(`${web.url}/api/events?age=0`, { agent, headers: { cookie } });
  stream.setEncoding('utf8').on('data', (text: string) => {
    if (text.includes('"opt-outs"')) queue.request();
  });
  stream.on('error', () => undefined);
  return {
    count: () => count,
    close() {
      isClosed = true;
      stream.destroy();
      agent.destroy();
    },
  };
}

function begin(url: string, options: { agent: Agent; headers: Record<string, string> }) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    get(url, options, (response) => {
      if (response.statusCode === 200) resolve(response);
      else reject(new Error(`${url} was answered with ${response.statusCode}.`));
    }).on('error', reject);
  });
}

async function readAll(url: string, options: Parameters<typeof begin>[1]): Promise<void> {
  const response = await begin(url, options);
  await new Promise((resolve, reject) => response.on('end', resolve).on('error', reject).resume());
}

/** One at a time, each in its own transaction, as replies come. */
function beginOptOuts({ pool }: BenchContext, perSecond: number): { stop: () => Promise<number> } {
  let isOver = false;
  const work = (async () => {
    let made = 0;
    const begunAt = performance.now();
    while (!isOver) {
      await pool.query(
        `insert into opt_out (account_id, msisdn, kind, reply_text) values ($1, $2, 'REPLY', 'Stop')
         on conflict do nothing`,
        [accountId, `2784${String(made).padStart(7, '0')}`],
      );
      await tellAccounts(pool, [accountId], ['opt-outs', 'replies']);
      made += 1;
      const dueMs = (made / perSecond) * 1000 - (performance.now() - begunAt);
      if (dueMs > 0) await delay(dueMs);
    }
    return made;
  })();
  return {
    stop() {
      isOver = true;
      return work;
    },
  };
}

/** The processor's time that a process has had: user and system, of hundredths of a second. */
async function readCpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
