import { chromium, type Browser, type Page } from '@playwright/test';
import { chromiumFlags, findChromium } from '../scripts/chromium.mjs';
import type { BenchRow } from './bench-row';
import type { BenchContext } from './context';
import { compareInterleaved } from './interleave';
import { seedAccounts, seedUser } from './seed';
import { seedLists } from './seed-lists';
import { startWeb, type Web } from './web';

const accountId = 58324;
const password = 'bench-of-slow-browser';
const list = '/messages/opt-outs';
/** A sentence in the shell that every page of a customer has. */
const emptyPage = '/not-allowed';
const slowdown = 4;
const desk = { width: 1280, height: 800 };

/** What a page has to show, and what is used on it first: selectors. */
const marks = {
  [list]: { content: 'table tbody tr:not(.is-skeleton) td', input: 'input[type=search]' },
  [emptyPage]: { content: '#content h1', input: 'button[aria-haspopup=menu]' },
};
type Path = keyof typeof marks;

/**
 * What somebody waits for who opens Auto Opt-Outs for the first time on a slow computer, in a real Chromium
 * with a processor that is four times slower: until fifty rows are seen, until the search takes what is
 * typed, and from the press on a filter until its rows are seen. Each against an empty page in the same
 * shell; the last against going there from the list, without a load.
 */
export async function benchSlowBrowser(context: BenchContext): Promise<BenchRow[]> {
  const { pool, quick } = context;
  const rounds = quick ? 2 : 9;
  await seedAccounts(pool, [accountId]);
  await seedLists(pool, accountId, 10_000);
  await seedUser(pool, accountId, password);
  const web = await startWeb(context);
  const browser = await chromium.launch({ executablePath: findChromium() ?? undefined, args: chromiumFlags });
  try {
    const cookie = await web.signIn('bench', password);
    const open = (path: Path, work: (page: Page) => Promise<number>) =>
      inFreshBrowser(browser, web, cookie, async (page) => {
        await page.goto(`${web.url}${path}`);
        return work(page);
      });
    const rows: BenchRow[] = [];
    for (const [name, mark] of [
      ['first rows are seen', 'content'],
      ['the search takes what is typed', 'input'],
    ] as const) {
      const wait = (path: Path) => () => open(path, (page) => readMark(page, mark));
      rows.push(describe(name, await compareInterleaved(rounds, wait(list), wait(emptyPage))));
    }
    const answer = await compareInterleaved(
      rounds,
      () => open(list, pressFilter),
      () => open(list, goToEmptyPage),
    );
    return [...rows, describe('a filter’s rows are seen', answer, ', gone to from the list')];
  } finally {
    await browser.close();
    await web.stop();
  }
}

function describe(
  what: string,
  { timeRatio, oursMs, baselineMs }: Awaited<ReturnType<typeof compareInterleaved>>,
  how = '',
): BenchRow {
  return {
    name: `Auto Opt-Outs in a browser ${slowdown} times slower: until ${what}`,
    against: `an empty page in the same shell${how}`,
    ratio: timeRatio,
    // nothing was promised of these
    floor: 0,
    goal: 0,
    better: 'lower',
    detail: `${Math.round(oursMs)} ms against ${Math.round(baselineMs)} ms`,
  };
}

/** One that keeps nothing of the last: all scripts are fetched, read and compiled anew. */
async function inFreshBrowser(
  browser: Browser,
  web: Web,
  cookie: string,
  work: (page: Page) => Promise<number>,
): Promise<number> {
  const context = await browser.newContext({ viewport: desk, reducedMotion: 'reduce' });
  try {
    const cookies = cookie.split('; ').map((pair) => {
      const at = pair.indexOf('=');
      return { name: pair.slice(0, at), value: pair.slice(at + 1), url: web.url };
    });
    await context.addCookies(cookies);
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: slowdown });
    // what the loader of this program puts around functions with a name is not there in a page
    await page.addInitScript('globalThis.__name = (named) => named');
    await page.addInitScript(watchForMarks, Object.values(marks));
    return await work(page);
  } finally {
    await context.close();
  }
}

interface Watched {
  /** When each was there, milliseconds since the page was asked for. */
  seen: Partial<Record<'content' | 'input', number>>;
}

/**
 * Runs in the page, before its own scripts: looks before each frame whether it shows its content, and whether
 * React has what is used first in hand.
 */
function watchForMarks(pages: readonly { content: string; input: string }[]): void {
  const watched: Watched = { seen: {} };
  Object.assign(window, { watched });
  const isHeld = (element: Element) => Object.keys(element).some((key) => key.startsWith('__reactProps'));
  const look = (now: number) => {
    const shown = pages.find(({ content }) => document.querySelector(content)?.checkVisibility());
    if (shown) watched.seen.content ??= now;
    const inputs = shown ? [...document.querySelectorAll(shown.input)] : [];
    if (inputs.some((input) => input.checkVisibility() && isHeld(input)))
      watched.seen.input ??= performance.now();
    if (watched.seen.input === undefined) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function readMark(page: Page, mark: keyof Watched['seen']): Promise<number> {
  const time = await page.waitForFunction(
    (name) => (window as unknown as { watched: Watched }).watched.seen[name],
    mark,
  );
  return time.evaluate((ms) => ms as number);
}

/** From the press on one of the filters until the rows that it leaves are seen; milliseconds. */
async function pressFilter(page: Page): Promise<number> {
  await readMark(page, 'input');
  await page.getByRole('button', { name: 'How it came' }).click();
  return timeFromPress(page, 'Import', () => {
    const rows = [...document.querySelectorAll('table[aria-busy=false] tbody tr')];
    return (
      location.search.includes('kind=') &&
      rows.length > 0 &&
      rows.every((row) => row.textContent.includes('Import'))
    );
  });
}

/** From the press on a link until the empty page is seen; milliseconds. */
async function goToEmptyPage(page: Page): Promise<number> {
  await readMark(page, 'input');
  await page.evaluate((path) => {
    const { next } = window as unknown as { next: { router: { push: (to: string) => void } } };
    const button = document.createElement('button');
    button.setAttribute('role', 'menuitemcheckbox');
    button.textContent = 'Elsewhere';
    button.style.cssText = 'position: fixed; inset: 0 auto auto 0; z-index: 99';
    button.onclick = () => next.router.push(path);
    document.body.append(button);
  }, emptyPage);
  return timeFromPress(
    page,
    'Elsewhere',
    () => location.pathname === '/not-allowed' && document.querySelector('#content h1') !== null,
  );
}

/** Presses a choice by its name, and looks before each frame whether the page is as it should be. */
async function timeFromPress(page: Page, choice: string, isThere: () => boolean): Promise<number> {
  const begun = await page.evaluateHandle(
    `({ taken: new Promise((resolve) => {
      document.addEventListener('click', ({ timeStamp }) => {
        const isThere = ${isThere.toString()};
        const look = (now) => (isThere() ? resolve(now - timeStamp) : requestAnimationFrame(look));
        requestAnimationFrame(look);
      }, { capture: true, once: true });
    }) })`,
  );
  await page.getByRole('menuitemcheckbox', { name: choice, exact: true }).click();
  return begun.evaluate((object) => (object as { taken: Promise<number> }).taken);
}
