import { gzipSync } from 'node:zlib';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { seedAccounts, seedOptOuts, seedUser } from './seed';
import { startWeb, type Web } from './web';

const accountId = 58324;
const password = 'bench-of-pages';
const kilobyte = 1024;

/**
 * How much JavaScript a browser fetches for Auto Opt-Outs when it comes for the first time: the production
 * build's, gzipped.
 */
export async function benchPageJs(context: BenchContext): Promise<BenchRow[]> {
  const { pool } = context;
  await seedAccounts(pool, [accountId]);
  await seedOptOuts(pool, accountId, 100);
  await seedUser(pool, accountId, password);
  const web = await startWeb(context);
  try {
    const scripts = await listScripts(web, '/messages/opt-outs');
    const sizes = await Promise.all(scripts.map((script) => measureGzipped(`${web.url}${script}`)));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    return [
      {
        name: 'JavaScript of Auto Opt-Outs, first load',
        against: 'nothing: kilobytes, gzipped',
        ratio: total / kilobyte,
        floor: 170,
        goal: 140,
        better: 'lower',
        detail: `${scripts.length} files, the largest ${Math.round(Math.max(...sizes) / kilobyte)} KB`,
      },
    ];
  } finally {
    await web.stop();
  }
}

/** The scripts that a page names: in its tags, and in what it tells the browser of its components. */
async function listScripts(web: Web, path: string): Promise<string[]> {
  const cookie = await web.signIn('bench', password);
  const response = await fetch(`${web.url}${path}`, { headers: { cookie }, redirect: 'manual' });
  if (!response.ok) throw new Error(`The page was answered with ${response.status}.`);
  // what only browsers without modules fetch does not count
  const page = (await response.text()).replaceAll(/<script[^>]*\snomodule\b[^>]*>/gi, '');
  const scripts = new Set(page.match(/\/_next\/static\/[^"'\\\s?]+\.js/g));
  if (scripts.size === 0) throw new Error('The page names no scripts.');
  return [...scripts];
}

async function measureGzipped(url: string): Promise<number> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url} was answered with ${response.status}.`);
  return gzipSync(Buffer.from(await response.arrayBuffer())).length;
}
