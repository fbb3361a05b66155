import {
  expect,
  test as base,
  type Browser,
  type BrowserContext,
  type ConsoleMessage,
  type Locator,
  type Page,
  type Response,
  type Route,
} from '@playwright/test';
import type { Pool } from 'pg';
import {
  createAccount,
  createFurnishedAccount,
  createStaff,
  signInByRequest,
  type Person,
  type TestAccount,
} from './accounts';
import { baseURL, openDatabase, readCarrierSecret } from './instance';

export { expect };

/**
 * Opens the menu of a row in a list that may be long by what other tests have made: scrolled to first, as a
 * menu closes when the page scrolls.
 */
export async function openRowMenu(row: Locator): Promise<void> {
  await row.scrollIntoViewIfNeeded();
  await expect(async () => {
    await row.getByRole('button', { name: /^Change / }).click();
    await expect(row.getByRole('menu')).toBeVisible({ timeout: 1_000 });
  }).toPass();
}

/** Opens the menu of whoever is signed in, also on a page that the browser has just gone to. */
export async function openUserMenu(page: Page): Promise<void> {
  const opener = page.getByRole('button', { name: /^User menu/ });
  await expect(opener).toBeVisible();
  await waitForReact(page);
  await opener.click();
}

/** Opens a page and waits until React has it in hand: a press before that would be lost on it. */
export async function visit(page: Page, path: string): Promise<Response | null> {
  const response = await page.goto(path);
  await waitForReact(page);
  return response;
}

/**
 * Goes to another page of the program as its links do, without a load; to the same by way of one that keeps
 * nothing of it.
 *
 * @returns false when something that was opened is still there, or the page is not the program's any more
 */
async function goWithin(page: Page, path: string): Promise<boolean> {
  await page.setViewportSize(test.info().project.use.viewport ?? { width: 1280, height: 800 });
  const isElsewhere = new URL(page.url()).pathname !== new URL(path, baseURL).pathname;
  const between = path.startsWith('/admin') ? '/admin/not-allowed' : '/not-allowed';
  for (const step of isElsewhere ? [path] : [between, path]) {
    const isProgram = await page.evaluate((to) => {
      const { next } = window as unknown as { next?: { router?: { push: (to: string) => void } } };
      next?.router?.push(to);
      return next?.router !== undefined;
    }, step);
    if (!isProgram) return false;
    await page.waitForFunction(
      (to) =>
        location.pathname + location.search === to &&
        document.querySelector('[aria-busy=true], .animate-pulse, .is-skeleton') === null,
      step,
    );
  }
  await waitForReact(page);
  return (await countOpened(page)) === 0;
}

/** What a hand has opened, or what a press has said. */
const opened = '[role=dialog], [role=alertdialog], [role=menu], [role=listbox], [role=alert], [role=status]';

/** How many dialogs, menus, lists and messages stand on the page. */
export function countOpened(page: Page): Promise<number> {
  return page.locator(opened).filter({ visible: true }).count();
}

async function closeKept({ pages }: WorkerFixtures['kept']): Promise<void> {
  const contexts = [...pages.values()].map((page) => page.context());
  pages.clear();
  await Promise.all(contexts.map((context) => context.close()));
}

async function openPage(browser: Browser, cookies: Cookies): Promise<Page> {
  const context = await browser.newContext();
  await context.addCookies(cookies);
  return context.newPage();
}

/** What a test listens for in the whole of a browser. */
const heardInContexts = ['console', 'weberror', 'request', 'requestfinished', 'requestfailed'] as const;

/** A browser that nobody is signed in to, and its page that no test sees. */
interface Spare {
  context: BrowserContext;
  /** Stays: when the last page is closed its process ends, and with it what that has compiled. */
  anchor: Page;
}

/**
 * Browsers to be used again: one that has read the program's scripts before, in a process that still runs,
 * opens a page with two thirds of the work of a new one.
 */
class Browsers {
  private readonly free: Spare[] = [];

  constructor(private readonly browser: Browser) {}

  async take(): Promise<Spare> {
    const spare = this.free.pop();
    if (spare) return spare;
    const context = await this.browser.newContext();
    return { context, anchor: await context.newPage() };
  }

  /**
   * Takes one back as if new, but for the scripts that it has read. A page that was on its way to another may
   * never answer again (its session ended as the test did): its browser is closed, and not used again.
   */
  async giveBack(spare: Spare): Promise<void> {
    if (await endsInTime(clear(spare))) this.free.push(spare);
    else await endsInTime(spare.context.close());
  }
}

async function clear({ context, anchor }: Spare): Promise<void> {
  for (const what of heardInContexts) context.removeAllListeners(what);
  const used = context.pages().filter((page) => page !== anchor);
  await Promise.all(used.map((page) => page.close()));
  const session = await context.newCDPSession(anchor);
  await session.send('Storage.clearDataForOrigin', {
    origin: baseURL,
    storageTypes: 'local_storage,indexeddb,cache_storage',
  });
  await session.detach();
  await Promise.all([
    context.clearCookies(),
    context.clearPermissions(),
    context.setOffline(false),
    context.unrouteAll(),
  ]);
}

const longestCloseMs = 5_000;

/** False when it takes longer; what becomes of it then is no matter, as the browser is not used again. */
async function endsInTime(work: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<boolean>((resolve) => {
    timer = setTimeout(resolve, longestCloseMs, false);
  });
  try {
    const isInTime = await Promise.race([work.then(() => true), late]);
    if (!isInTime) work.catch(() => undefined);
    return isInTime;
  } finally {
    clearTimeout(timer);
  }
}

/** Lends browsers to a test, and takes them back; none after a failure, with whatever it has left in them. */
async function withBrowsers(
  browsers: Browsers,
  complaints: Complaints,
  provide: (take: () => Promise<BrowserContext>) => Promise<void>,
): Promise<void> {
  const taken: Spare[] = [];
  await provide(async () => {
    const spare = await browsers.take();
    taken.push(spare);
    complaints.listenTo(spare.context);
    return spare.context;
  });
  const { status, expectedStatus } = test.info();
  await Promise.all(
    taken.map((spare) => (status === expectedStatus ? browsers.giveBack(spare) : spare.context.close())),
  );
}

export async function waitForReact(page: Page): Promise<void> {
  await page.waitForFunction(() =>
    [...document.querySelectorAll('button, input, textarea')].every((element) =>
      Object.keys(element).some((key) => key.startsWith('__reactProps')),
    ),
  );
  // Its effects, such as a listener for the whole page's keys, come after what it has drawn.
  await page.evaluate(() => new Promise((resolve) => requestIdleCallback(resolve, { timeout: 5_000 })));
}

/**
 * The first key on a page that has just been opened, which brings the focus to `target`. The whole page's
 * keys are listened for in an effect, a moment after React has the page in hand, on a busy machine a long
 * one; one that is pressed before is lost, and pressed again.
 */
export async function pressFirst(page: Page, key: string, target: Locator): Promise<void> {
  let isLost = true;
  await expect(async () => {
    if (isLost) await page.keyboard.press(key);
    isLost = await page.evaluate(() => document.activeElement === document.body);
    await expect(target).toBeFocused({ timeout: 1_000 });
  }).toPass();
}

/** Halfway, a text may have the colour of one scheme and its ground that of the other. */
export async function waitForStillness(page: Page): Promise<void> {
  // It may come after the page, in the same answer.
  await expect(page).toHaveTitle(/./);
  await page.evaluate(async () => {
    // No function with a name: how the pictures are run, such a name asks for a helper that the page has not.
    for (let frame = 0; frame < 2; frame++) await new Promise((resolve) => requestAnimationFrame(resolve));
    const ending = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
}

/**
 * Lets a page hear of no change, as on a slow network, so that what it shows grows old. Call it before the
 * page is opened.
 *
 * @returns how to let it hear again
 */
export async function holdEvents(page: Page): Promise<() => Promise<void>> {
  const events = /\/api\/(admin\/)?events\?/;
  const held: Route[] = [];
  await page.route(events, (route) => void held.push(route));
  return async () => {
    // "No content": it connects anew, a second later. A stream that was held once would not flow.
    for (const route of held.splice(0)) await route.fulfill({ status: 204 });
    await page.unroute(events);
  };
}

/**
 * What browsers complained of: exceptions, errors on the console, violations of the content security policy.
 */
class Complaints {
  private readonly heard: string[] = [];
  private readonly expected: RegExp[] = [];

  listenTo(context: BrowserContext): void {
    context.on('console', (message) => this.hear(message));
    context.on('weberror', (error) => this.hear(error.error()));
  }

  /** Of a page that other tests use as well; answers with how to listen no longer. */
  listenToPage(page: Page): () => void {
    const hear = (what: ConsoleMessage | Error) => this.hear(what);
    page.on('console', hear);
    page.on('pageerror', hear);
    return () => {
      page.off('console', hear);
      page.off('pageerror', hear);
    };
  }

  private hear(what: ConsoleMessage | Error): void {
    if (what instanceof Error) {
      this.heard.push(what.stack ?? what.message);
    } else if (what.type() === 'error') {
      const { url, lineNumber } = what.location();
      this.heard.push(`${what.text()} (${url}:${lineNumber})`);
    }
  }

  /** Chromium writes every answer of 400 and above on the console; some are what a test is about. */
  expectAnswer(status: number, path: string): void {
    this.expected.push(new RegExp(`status of ${status}.*${path}`, 's'));
  }

  /** A page that is open when its session ends may ask once more for its events, and is refused. */
  expectSessionEnd(): void {
    this.expected.push(/status of 401.*\/api\/(?:admin\/)?events/s);
  }

  /** It also writes each request that did not get through: of a test that switches the network off. */
  expectLostRequests(): void {
    this.expected.push(/net::ERR_INTERNET_DISCONNECTED|net::ERR_NETWORK_CHANGED|net::ERR_FAILED/);
  }

  list(): string[] {
    return this.heard.filter((complaint) => !this.expected.some((pattern) => pattern.test(complaint)));
  }
}

interface TestFixtures {
  /** Closes what the file before has kept open. */
  closesKept: undefined;
  complaints: Complaints;
  /** An account of this test's own: nothing sent, nothing received. */
  account: TestAccount;
  /** A page of a browser of its own in which this person is signed in; null: nobody. */
  openAs: (person: Person | null) => Promise<Page>;
  /**
   * A page that all tests of this worker share, for each of these people, and that goes from view to view
   * without being loaded anew, as a person does: for tests that look, and keep nothing in it.
   */
  openKept: (person: Person, path: string) => Promise<Page>;
}

interface WorkerFixtures {
  database: Pool;
  carrierSecret: string;
  /** An account with a row of every look in its lists; to be looked at, not changed. */
  furnished: TestAccount;
  /** Somebody of the staff who looks, and changes nothing. */
  onlooker: Person;
  /** Those that the tests before have used. */
  browsers: Browsers;
  /** The cookies of everyone who has signed in in this worker, so that each does so once. */
  sessions: Sessions;
  /** The pages of {@link TestFixtures.openKept}, by username, for the file that asked for them. */
  kept: { file: string; pages: Map<string, Page> };
}

class Sessions {
  private readonly kept = new Map<string, Promise<Cookies>>();

  constructor(private readonly browser: Browser) {}

  find(person: Person): Promise<Cookies> {
    const session = this.kept.get(person.username) ?? this.signIn(person);
    this.kept.set(person.username, session);
    return session;
  }

  private async signIn(person: Person): Promise<Cookies> {
    const context = await this.browser.newContext({ baseURL });
    await signInByRequest(context.request, person);
    const cookies = await context.cookies();
    await context.close();
    return cookies;
  }
}

type Cookies = Awaited<ReturnType<BrowserContext['cookies']>>;

export const test = base.extend<TestFixtures, WorkerFixtures>({
  database: [
    async ({}, provide) => {
      const database = await openDatabase();
      await provide(database);
      await database.end();
    },
    { scope: 'worker' },
  ],

  carrierSecret: [async ({}, provide) => provide(await readCarrierSecret()), { scope: 'worker' }],

  furnished: [
    async ({ database }, provide) => provide(await createFurnishedAccount(database)),
    { scope: 'worker' },
  ],

  onlooker: [async ({ database }, provide) => provide(await createStaff(database)), { scope: 'worker' }],

  browsers: [async ({ browser }, provide) => provide(new Browsers(browser)), { scope: 'worker' }],

  sessions: [async ({ browser }, provide) => provide(new Sessions(browser)), { scope: 'worker' }],

  kept: [
    async ({}, provide) => {
      const kept = { file: '', pages: new Map<string, Page>() };
      await provide(kept);
      await closeKept(kept);
    },
    { scope: 'worker' },
  ],

  // One that stays open hears of what other tests do, and is drawn anew each time.
  closesKept: [
    async ({ kept }, provide, { file }) => {
      if (kept.file !== file) await closeKept(kept);
      kept.file = file;
      await provide(undefined);
    },
    { auto: true },
  ],

  // Every test of every file fails when a browser has something to complain of.
  complaints: [
    async ({}, provide) => {
      const complaints = new Complaints();
      await provide(complaints);
      expect(complaints.list(), 'what the browser complained of').toEqual([]);
    },
    { auto: true },
  ],

  context: ({ browsers, complaints }, provide) =>
    withBrowsers(browsers, complaints, async (take) => provide(await take())),

  account: async ({ database }, provide) => provide(await createAccount(database)),

  openAs: ({ browsers, sessions, complaints }, provide) =>
    withBrowsers(browsers, complaints, (take) =>
      provide(async (person) => {
        const context = await take();
        if (person) await context.addCookies(await sessions.find(person));
        return context.newPage();
      }),
    ),

  openKept: async ({ browser, sessions, kept, complaints }, provide) => {
    const endings: (() => void)[] = [];
    await provide(async (person, path) => {
      const known = kept.pages.get(person.username);
      const page = known ?? (await openPage(browser, await sessions.find(person)));
      kept.pages.set(person.username, page);
      endings.push(complaints.listenToPage(page));
      if (!known || !(await goWithin(page, path))) await visit(page, path);
      return page;
    });
    for (const end of endings) end();
  },
});
