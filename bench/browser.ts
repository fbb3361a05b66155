import { chromium, type Page } from '@playwright/test';
import { chromiumFlags, findChromium } from '../scripts/chromium.mjs';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { median } from './interleave';
import { seedAccounts, seedUser } from './seed';
import { seedLists } from './seed-lists';
import { startWeb } from './web';

const accountId = 58324;
const password = 'bench-of-browsers';
const slowdown = 4;
/** A sentence in the shell that every page of a customer has; and a list that finds nothing. */
const emptyPage = '/not-allowed';
const otherPage = '/messages/opt-outs?q=99999999999';

/**
 * What somebody waits for in a Chromium whose processor is four times slower, against an empty page in the
 * same shell: until the rows of Auto Opt-Outs are there, until the page answers to keys, and until a search
 * has been answered.
 */
export async function benchBrowser(context: BenchContext): Promise<BenchRow[]> {
  const { pool, quick } = context;
  await seedAccounts(pool, [accountId]);
  await seedLists(pool, accountId, quick ? 2_000 : 100_000);
  await seedUser(pool, accountId, password);
  const web = await startWeb(context);
  const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: chromiumFlags });
  try {
    const cookies = (await web.signIn('bench', password)).split('; ').map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return { name, value: value.join('='), url: web.url };
    });
    const open = async () => {
      const page = await browser.newPage({ baseURL: web.url });
      await page.context().addCookies(cookies);
      const session = await page.context().newCDPSession(page);
      await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
      return page;
    };
    const page = await open();
    const rounds = quick ? 2 : 7;
    const times = {
      rows: [] as number[],
      ready: [] as number[],
      empty: [] as number[],
      emptyReady: [] as number[],
    };
    const answers = { search: [] as number[], nothing: [] as number[] };
    for (let round = 0; round <= rounds; round++) {
      const list = await measureLoad(
        page,
        '/messages/opt-outs',
        'tbody tr[role="row"]',
        'input[type="search"]',
      );
      const search = await measureSearch(page, '12', 'tbody tr[role="row"]');
      const empty = await measureLoad(page, emptyPage, 'main h1', 'nav a');
      await measureLoad(page, otherPage, 'main h1', 'input[type="search"]');
      const nothing = await measureSearch(page, '88888888888', 'main h2, main p');
      // the first round fetches and compiles the scripts
      if (round === 0) continue;
      times.rows.push(list.shownMs);
      times.ready.push(list.readyMs);
      times.empty.push(empty.shownMs);
      times.emptyReady.push(empty.readyMs);
      answers.search.push(search);
      answers.nothing.push(nothing);
    }
    const compare = (name: string, against: string, ours: number[], baseline: number[]): BenchRow => ({
      name,
      against,
      ratio: median(ours) / median(baseline),
      floor: 0,
      goal: 0,
      better: 'lower',
      detail: `${median(ours).toFixed(0)} against ${median(baseline).toFixed(0)} ms, ${rounds} rounds, a processor ${slowdown} times slower`,
    });
    const [shell, none] = ['an empty page in the same shell', 'one that finds nothing'];
    return [
      compare('Auto Opt-Outs in a browser, rows are there', shell, times.rows, times.empty),
      compare('Auto Opt-Outs in a browser, answers to keys', shell, times.ready, times.emptyReady),
      compare('Auto Opt-Outs in a browser, a search answered', none, answers.search, answers.nothing),
    ];
  } finally {
    await browser.close();
    await web.stop();
  }
}

/** Milliseconds from the navigation's start until something is there, and until React listens to it. */
async function measureLoad(
  page: Page,
  path: string,
  shown: string,
  ready: string,
): Promise<{ shownMs: number; readyMs: number }> {
  await page.goto(path, { waitUntil: 'commit' });
  return page.evaluate(
    async ([shownSelector, readySelector]) => {
      const until = async (isSo: () => boolean) => {
        while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 4));
        return performance.now();
      };
      const find = (selector: string) =>
        [...document.querySelectorAll(selector)].find((element) => element.checkVisibility());
      const shownMs = await until(() => find(shownSelector) !== undefined);
      const readyMs = await until(() => {
        const element = find(readySelector);
        return element !== undefined && Object.keys(element).some((key) => key.startsWith('__reactProps'));
      });
      return { shownMs, readyMs };
    },
    [shown, ready] as const,
  );
}

/** Milliseconds from Enter until the page of the search is there. */
async function measureSearch(page: Page, text: string, shown: string): Promise<number> {
  await page.getByRole('searchbox').fill(text);
  const begunAt = await page.evaluate(() => performance.now());
  await page.getByRole('searchbox').press('Enter');
  return page.evaluate(
    async ([wanted, selector, start]) => {
      const isThere = () =>
        new URLSearchParams(location.search).get('q') === wanted && document.querySelector(selector) !== null;
      while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 4));
      return performance.now() - start;
    },
    [text, shown, begunAt] as const,
  );
}
