import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';
import type axe from 'axe-core';
import type { RunOptions } from 'axe-core';
import { formatMsisdn } from '@/lib/sms/msisdn';
import {
  createAccount,
  createFurnishedAccount,
  createMessages,
  createStaff,
  nextMsisdn,
  signInByRequest,
  type TestAccount,
} from './accounts';
import { postReply, setAside } from './carrier';
import { countOpened, expect, pressFirst, test, visit, waitForStillness } from './fixtures';
import { demo } from './instance';
import { views } from './views';

/** Half as long as what the package hands out as its source, and read anew by each page. */
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const coloursOnly = ['color-contrast', 'link-in-text-block'];
const withoutColours = Object.fromEntries(coloursOnly.map((rule) => [rule, { enabled: false }]));

/**
 * Every state of a page in the light, in the dark and on a phone: `npm run soak -- --only browser`. Otherwise
 * axe looks once at each page of every day, at half of them in the dark: of 3.3 s that a view took, the looks
 * in the dark and on a phone took 1.4.
 */
const looksAtAll = process.env.EVERY_LOOK === 'true';

type Scheme = 'light' | 'dark';

interface Look {
  onPhone?: boolean;
  /** Both, unless one is said. */
  scheme?: Scheme;
  /** Parts of the page that are made alike, of which the first few are looked at; by a selector. */
  alike?: string;
}

/**
 * What axe finds, in few words: everything in the first scheme, and in the dark, where that comes second,
 * what the dark can change. The colours of a phone are those of a desk, so they are looked at once, and a
 * phone's scheme is as it happens to be.
 */
async function findViolations(
  page: Page,
  { onPhone = false, scheme, alike = '' }: Look = {},
): Promise<string[]> {
  if (onPhone) return findWhatStays(page, { rules: withoutColours }, alike);
  await emulate(page, scheme ?? 'light');
  const found = await findWhatStays(page, {}, alike);
  if (scheme !== undefined) return found;
  await emulate(page, 'dark');
  found.push(...(await findWhatStays(page, { runOnly: { type: 'rule', values: coloursOnly } }, alike)));
  return found;
}

/** A page that is refreshed just now has no title for a moment: what is found once is looked for again. */
async function findWhatStays(page: Page, options: RunOptions, alike: string): Promise<string[]> {
  await waitForStillness(page);
  const found = await runAxe(page, options, alike);
  if (found.length === 0) return found;
  await waitForStillness(page);
  return runAxe(page, options, alike);
}

const alikeLookedAt = 4;

/**
 * Where another view has looked at the whole of a page as it is now, remembers what changes from now on: axe
 * then looks at that alone, a dialog, an error, a row that is open.
 */
function watchChanges(page: Page, isWatched: boolean): Promise<void> {
  return page.evaluate((isWanted) => {
    const changed = new Set<Element>();
    Object.assign(window, { changed });
    if (!isWanted) return;
    const elementOf = (node: Node) => (node instanceof Element ? node : node.parentElement);
    new MutationObserver((records) => {
      for (const { type, target, addedNodes } of records)
        for (const node of type === 'childList' ? addedNodes : [target]) {
          const element = elementOf(node);
          if (element && element !== document.body) changed.add(element);
        }
    }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
  }, isWatched);
}

/** Takes axe into the page once: to read its half a megabyte costs as much as some of its runs. */
async function runAxe(page: Page, options: RunOptions, alike: string): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  // Only violations are reported in full: to describe each element that passed costs as much as all rules.
  const { violations } = await page.evaluate(
    ([chosen, parts, count]) => {
      // What lies under a modal dialog cannot be reached, and is looked at where it is reached.
      const dialog = [...document.querySelectorAll('dialog:modal')].at(-1);
      const said = document.querySelectorAll('[role=status], [role=alert]');
      const changed = [...((window as unknown as { changed?: Set<Element> }).changed ?? [])].filter(
        (element) => element.isConnected,
      );
      const chosenParts = dialog ? [dialog, ...said] : changed;
      const include =
        chosenParts.length === 0
          ? [document]
          : chosenParts.filter(
              (element) => !chosenParts.some((other) => other !== element && other.contains(element)),
            );
      const exclude = parts === '' ? [] : [...document.querySelectorAll(parts)].slice(count);
      return (window as unknown as { axe: typeof axe }).axe.run({ include, exclude }, chosen);
    },
    [
      { ...options, resultTypes: ['violations'] } satisfies RunOptions,
      looksAtAll ? '' : alike,
      alikeLookedAt,
    ] as const,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')} ${failureSummary}`),
  );
}

/**
 * Shows the page in these colours. To ask for those it has draws everything anew, which costs as much as axe.
 */
async function emulate(page: Page, colorScheme: Scheme): Promise<void> {
  const isShown = await page.evaluate(
    (scheme) => matchMedia(`(prefers-color-scheme: ${scheme})`).matches,
    colorScheme,
  );
  if (!isShown) await page.emulateMedia({ colorScheme });
}

/**
 * By how many pixels the page is wider than its window. On an emulated phone innerWidth grows with the page
 * (findings/playwright-mobile-inner-width.sh).
 */
function measureOverflow(page: Page): Promise<number> {
  return page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    return Math.max(0, scrollWidth - clientWidth);
  });
}

const phone = { width: 360, height: 740 };
// 360 and 1280 are looked at by themselves.
const widths = looksAtAll ? [320, 480, 640, 768, 1024] : [320, 768];

/** The page at an address, whatever is asked of it. */
const pageOf = (path: string) => path.replace(/\?.*/, '');
const pagesOfViews = views.map(({ path }) => pageOf(path));

/** The pages that people are on all day: what `npm test` looks at, the first half in the light. */
const pagesOfEveryDay = [
  '/sign-in',
  '/',
  '/send',
  '/messages',
  '/messages/opt-outs',
  '/messages/opt-outs/import',
  '/messages/review',
  '/removal-requests',
  '/settings',
  '/admin/removal-requests',
];

async function expectNoOverflowAtAnyWidth(page: Page): Promise<void> {
  for (const width of widths) {
    await page.setViewportSize({ width, height: 800 });
    await expect.poll(() => measureOverflow(page), `at ${width} px`).toBe(0);
  }
}

for (const device of ['', ' @phone']) {
  for (const [
    index,
    { name, path, as, isMissing, changesAccount, onPhone, alike, reach },
  ] of views.entries()) {
    // A page is looked at once, and then narrowed.
    if (device !== '' && onPhone !== 'opened another way') continue;
    const isFirstOfItsPage = device === '' && pagesOfViews.indexOf(pageOf(path)) === index;
    const isNew = views.findIndex((view) => view.path === path && view.as === as) === index;
    const place = pagesOfEveryDay.indexOf(pageOf(path));
    const scheme: Scheme = place < pagesOfEveryDay.length / 2 ? 'light' : 'dark';
    const look: Look = { onPhone: device !== '', alike, ...(looksAtAll ? {} : { scheme }) };
    const when = isFirstOfItsPage && place >= 0 ? '' : ' @soak';
    test(`${name}: nothing for axe to find, nothing beside the window${device}${when}`, async ({
      openAs,
      openKept,
      database,
      furnished,
      onlooker,
      complaints,
    }) => {
      if (isMissing) complaints.expectAnswer(404, path);
      const furnish = () => (changesAccount ? createFurnishedAccount(database) : furnished);
      const person = await {
        nobody: () => null,
        customer: furnish,
        'furnished account': furnish,
        'demo customer': () => demo.thandi,
        'demo viewer': () => demo.sibusiso,
        'fresh account': () => createAccount(database),
        'trial account': () => createAccount(database, { trialMsisdn: '27710000001' }),
        staff: () => (changesAccount ? createStaff(database) : onlooker),
      }[as]();
      const isKept = !changesAccount && !['fresh account', 'trial account'].includes(as);
      const page = await (person && isKept ? openKept(person, path) : openAs(person));
      if (!person || !isKept) await visit(page, path);
      await page.waitForLoadState('load');
      if (isFirstOfItsPage) {
        const size = page.viewportSize();
        await expectNoOverflowAtAnyWidth(page);
        if (size) await page.setViewportSize(size);
      }
      await watchChanges(page, !looksAtAll && !isNew);
      await reach?.(page, '27710000201');
      expect(await findViolations(page, look)).toEqual([]);
      expect(await measureOverflow(page)).toBe(0);
      if (onPhone) return;
      const opened = await countOpened(page);
      await page.setViewportSize(phone);
      if (looksAtAll)
        expect(await findViolations(page, { ...look, onPhone: true }), 'on a phone').toEqual([]);
      await expect.poll(() => measureOverflow(page), 'on a phone').toBe(0);
      expect(await countOpened(page), 'still open on a phone').toBe(opened);
    });
  }
}

test('the pages of every day are pages', () => {
  expect(pagesOfViews).toEqual(expect.arrayContaining(pagesOfEveryDay));
});

test('what changes on a page that was looked at before is looked at: what is new, and what is different @soak', async ({
  openKept,
  furnished,
}) => {
  const page = await openKept(furnished, '/details');
  await watchChanges(page, true);
  await page.evaluate(() => {
    document.querySelector('main h1')?.append(document.createElement('img'));
    document.querySelector('main input')?.setAttribute('aria-expanded', 'perhaps');
  });
  const found = await findViolations(page, { scheme: 'light' });
  expect(found.map((violation) => violation.split(':')[0]).sort()).toEqual([
    'aria-allowed-attr',
    'aria-valid-attr-value',
    'image-alt',
  ]);
  await page.reload();
});

test('replies to review, decided: nothing for axe to find @soak', async ({ openAs, database }) => {
  const page = await openAs(await createFurnishedAccount(database));
  await visit(page, '/messages/review');
  await page.getByRole('button', { name: 'Not an opt-out', exact: true }).first().click();
  await page.reload();
  await expect(page.getByText('Decided just now')).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  expect(await measureOverflow(page)).toBe(0);
});

for (const device of ['', ' @phone']) {
  test(`replies that could not be recorded: nothing for axe to find, nothing beside the window${device} @soak`, async ({
    openAs,
    database,
    account,
  }) => {
    const from = await nextMsisdn(database);
    await setAside(database, { id: from, from, to: account.senderNumber, text: 'STOP '.repeat(80) }, false);
    const page = await openAs(await createStaff(database));
    await visit(page, '/admin/replies');
    const item = page.getByRole('listitem').filter({ hasText: formatMsisdn(from) });
    await item.getByRole('button', { name: 'Record it' }).click();
    await expect(item.getByText('It still cannot be recorded')).toBeVisible();
    expect(await findViolations(page, { onPhone: device !== '' })).toEqual([]);
    expect(await measureOverflow(page)).toBe(0);
  });

  test(`a second factor to be set up: nothing for axe to find, nothing beside the window${device} @soak`, async ({
    page,
    account,
    database,
  }) => {
    await database.query('update account set requires_second_factor = true where id = $1', [account.id]);
    await signInByRequest(page.request, account);
    await visit(page, '/');
    await expect(page.getByRole('heading', { name: 'Set up a second factor' })).toBeVisible();
    expect(await findViolations(page, { onPhone: device !== '' })).toEqual([]);
    await page.getByRole('button', { name: 'Set up an authenticator app' }).click();
    await expect(page.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();
    expect(await findViolations(page, { onPhone: device !== '' })).toEqual([]);
    expect(await measureOverflow(page)).toBe(0);
  });
}

test('the drawer: nothing for axe to find; Escape closes it @phone', async ({ openAs, furnished }) => {
  const page = await openAs(furnished);
  await visit(page, '/messages');
  const opener = page.getByRole('button', { name: 'Menu', exact: true });
  await opener.click();
  const drawer = page.getByRole('dialog', { name: 'Menu' });
  await expect(drawer.getByRole('link', { name: 'Auto Opt-Outs' })).toBeVisible();
  expect(await findViolations(page)).toEqual([]);
  await page.keyboard.press('Escape');
  await expect(drawer).toBeHidden();
  await expect(opener).toBeFocused();
  await opener.click();
  await drawer.getByRole('link', { name: 'Auto Opt-Outs' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Auto Opt-Outs' })).toBeVisible();
  await expect(drawer).toBeHidden();
});

/**
 * Presses Tab until the focus has gone round, and says what it came by, in the order of the page's own text.
 */
async function tabThrough(page: Page): Promise<string[]> {
  const reached: string[] = [];
  for (let presses = 0; presses < 200; presses++) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const element = document.activeElement;
      return element && element !== document.body
        ? (element.getAttribute('data-stop') ?? element.outerHTML)
        : null;
    });
    if (name === null || name === reached[0]) return reached;
    reached.push(name);
  }
  throw new Error('The focus does not come round.');
}

/** Marks everything that a press or a key could use, and names it. */
function markStops(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    // Of radio buttons Tab reaches the one that is chosen; the arrow keys reach the others.
    const selector =
      'a[href], button, input:not([type="radio"]:not(:checked)), textarea, select, [tabindex="0"]';
    return [...document.querySelectorAll<HTMLElement>(selector)]
      .filter((element) => element.tabIndex >= 0 && element.checkVisibility({ visibilityProperty: true }))
      .map((element, index) => {
        const words = element.getAttribute('aria-label') ?? element.textContent ?? '';
        const name = `${index} ${element.tagName} ${words.trim().slice(0, 30)}`;
        element.setAttribute('data-stop', name);
        return name;
      });
  });
}

for (const [path, when] of [
  ['/messages/opt-outs', ''],
  ['/', ' @soak'],
  ['/send', ' @soak'],
  ['/messages', ' @soak'],
] as const) {
  test(`${path}: Tab reaches everything, in the order of the page${when}`, async ({ openAs, furnished }) => {
    const page = await openAs(furnished);
    await visit(page, path);
    await page.waitForLoadState('load');
    const stops = await markStops(page);
    expect(stops.length).toBeGreaterThan(5);
    expect(stops[0]).toContain('Skip to content');
    expect(await tabThrough(page)).toEqual(stops);
  });
}

test('Skip to content leads past the navigation', async ({ openAs, furnished }) => {
  const page = await openAs(furnished);
  await visit(page, '/messages/opt-outs');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.getByRole('navigation', { name: 'Breadcrumb' }).getByRole('link')).toBeFocused();
});

test('a list has a keyboard: slash, arrows, Enter, Escape', async ({
  openAs,
  account,
  database,
  request,
  carrierSecret,
}) => {
  await receiveReplies(account, ['Stop', 'STOP', 'Unsubscribe']);
  const page = await openAs(account);
  await visit(page, '/messages/opt-outs');
  const rows = page.getByRole('table').locator('tbody tr');
  await expect(rows).toHaveCount(3);

  await pressFirst(page, '/', page.getByRole('searchbox'));
  await page.keyboard.press('ArrowDown');
  await expect(rows.nth(0)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('End');
  await expect(rows.nth(2)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog');
  await expect(panel.getByRole('blockquote')).toHaveText('STOP');
  await page.keyboard.press('Escape');
  await expect(panel).toBeHidden();
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('searchbox')).toBeFocused();
  await page.keyboard.type('unsub');
  await expect(rows).toHaveCount(1);
  await page.keyboard.press('Escape');
  await expect(rows).toHaveCount(3);

  async function receiveReplies(to: TestAccount, texts: readonly string[]): Promise<void> {
    for (const text of texts) {
      const msisdn = await nextMsisdn(database);
      await createMessages(database, to, [{ msisdn, text: 'Good morning' }]);
      await postReply(request, carrierSecret, { id: msisdn, from: msisdn, to: to.senderNumber, text });
    }
  }
});

test('menus and dialogs have a keyboard, and give the focus back', async ({ openAs, furnished }) => {
  const page = await openAs(furnished);
  await visit(page, '/messages');
  const user = page.getByRole('button', { name: /^User menu/ });
  await user.focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('menuitemradio', { name: 'System' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitemradio', { name: 'Dark' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await page.keyboard.press('End');
  await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('menu')).toHaveCount(0);
  await expect(user).toBeFocused();
  await page.reload();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');

  const download = page.getByRole('button', { name: 'Download Messages' });
  await download.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Download Messages' });
  await expect(dialog.getByRole('radio', { name: 'CSV' })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(dialog.getByRole('radio', { name: 'Comma' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: 'Semicolon' })).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(download).toBeFocused();
});
