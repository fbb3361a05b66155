import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { createAccount, createMessages, createStaff, nextMsisdn, type TestAccount } from './accounts';
import { postReply } from './carrier';
import { expect, test, visit } from './fixtures';

/** A page in a state: who sees it, where it is, and how one comes into that state. */
interface View {
  name: string;
  path: string;
  as: 'nobody' | 'customer' | 'fresh account' | 'staff';
  /** The answer is 404. */
  isMissing?: boolean;
  reach?: (page: Page) => Promise<void>;
}

const views: View[] = [
  { name: 'sign-in', path: '/sign-in', as: 'nobody' },
  {
    name: 'sign-in, refused',
    path: '/sign-in',
    as: 'nobody',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Sign in' }).click();
      await expect(page.getByRole('main').getByRole('alert')).toBeVisible();
    },
  },
  { name: 'session ended', path: '/sign-in?reason=ended', as: 'nobody' },
  { name: 'home', path: '/', as: 'customer' },
  { name: 'home of a fresh account', path: '/', as: 'fresh account' },
  {
    name: 'user menu open',
    path: '/',
    as: 'customer',
    reach: async (page) => {
      const drawer = page.getByRole('button', { name: 'Menu', exact: true });
      if (await drawer.isVisible()) await drawer.click();
      await page
        .getByRole('button', { name: /^User menu/ })
        .filter({ visible: true })
        .click();
      await expect(page.getByRole('menuitem', { name: 'Sign out' })).toBeVisible();
    },
  },
  { name: 'send', path: '/send', as: 'customer' },
  {
    name: 'send, after an error',
    path: '/send',
    as: 'customer',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Send' }).click();
      await expect(page.getByText('Write a message.')).toBeVisible();
    },
  },
  {
    name: 'send, with odd numbers and letters',
    path: '/send',
    as: 'customer',
    reach: async (page) => {
      await page.getByLabel('Recipients').fill('021 555 0123\n082 123\nThandi\n0821234567\n082 123 4567');
      await page.getByLabel('Message').fill('Lekker dag! ☕ “Koffie” is gereed.');
      await expect(page.getByText('3 numbers cannot be used')).toBeVisible();
    },
  },
  {
    name: 'send, refused',
    path: '/send',
    as: 'fresh account',
    reach: async (page) => {
      await page.getByLabel('Recipients').fill('021 555 0123');
      await page.getByLabel('Message').fill('Good morning');
      await page.getByRole('button', { name: 'Send' }).click();
      await expect(page.getByText('None of the numbers can receive an SMS.')).toBeVisible();
    },
  },
  {
    name: 'send, accepted',
    path: '/send',
    as: 'fresh account',
    reach: async (page) => {
      await page.getByLabel('Recipients').fill('0710000000\n071 000 0000\n021 555 0123');
      await page.getByLabel('Message').fill('Good morning');
      await page.getByRole('button', { name: 'Send' }).click();
      await expect(page.getByText('1 message is on the way')).toBeVisible();
    },
  },
  { name: 'outgoing messages', path: '/messages', as: 'customer' },
  { name: 'no outgoing messages', path: '/messages', as: 'fresh account' },
  {
    name: 'a message in detail',
    path: '/messages',
    as: 'customer',
    reach: openFirstRow,
  },
  {
    name: 'download dialog',
    path: '/messages',
    as: 'customer',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Download Messages' }).click();
      const dialog = page.getByRole('dialog', { name: 'Download Messages' });
      await dialog.getByRole('radio', { name: 'Other' }).check();
      await dialog.getByRole('button', { name: 'OK' }).click();
      await expect(dialog.getByRole('alert')).toBeVisible();
    },
  },
  { name: 'incoming replies', path: '/messages?tab=incoming', as: 'customer' },
  { name: 'no incoming replies', path: '/messages?tab=incoming', as: 'fresh account' },
  { name: 'a reply in detail', path: '/messages?tab=incoming', as: 'customer', reach: openFirstRow },
  { name: 'auto opt-outs', path: '/messages/opt-outs', as: 'customer' },
  { name: 'no opt-outs', path: '/messages/opt-outs', as: 'fresh account' },
  { name: 'no opt-out matches', path: '/messages/opt-outs?q=nobody', as: 'customer' },
  { name: 'an opt-out in detail', path: '/messages/opt-outs', as: 'customer', reach: openFirstRow },
  { name: 'accounts, for staff', path: '/admin', as: 'staff' },
  { name: 'simulator', path: '/simulator', as: 'nobody' },
  { name: 'simulator with phones', path: '/simulator?phones=27735550188,27825550142', as: 'nobody' },
  {
    name: 'simulator, a number that is none',
    path: '/simulator',
    as: 'nobody',
    reach: async (page) => {
      await page.getByLabel('Add a phone').fill('021 555 0123');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await expect(page.getByText('is a landline')).toBeVisible();
    },
  },
  { name: 'no such page', path: '/no-such-page', as: 'nobody', isMissing: true },
];

async function openFirstRow(page: Page): Promise<void> {
  await page.getByRole('table').locator('tbody tr').first().click();
  await expect(page.getByRole('dialog').getByText('When').or(page.getByText('Accepted'))).toBeVisible();
}

/** What axe finds, in few words: everything in the light, and in the dark what the dark can change. */
async function findViolations(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await new AxeBuilder({ page }).analyze();
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await new AxeBuilder({ page }).withRules(['color-contrast', 'link-in-text-block']).analyze();
  return [...light.violations, ...dark.violations].flatMap(({ id, help, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')} ${failureSummary}`),
  );
}

/** By how many pixels the page is wider than its window. */
function measureOverflow(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - window.innerWidth));
}

for (const device of ['', ' @phone']) {
  for (const { name, path, as, isMissing, reach } of views) {
    test(`${name}: nothing for axe to find, nothing beside the window${device}`, async ({
      openAs,
      database,
      furnished,
      complaints,
    }) => {
      if (isMissing) complaints.expectAnswer(404, path);
      const page = await openAs(
        await {
          nobody: () => null,
          customer: () => furnished,
          'fresh account': () => createAccount(database),
          staff: () => createStaff(database),
        }[as](),
      );
      await visit(page, path);
      await page.waitForLoadState('load');
      await reach?.(page);
      expect(await findViolations(page)).toEqual([]);
      expect(await measureOverflow(page)).toBe(0);
    });
  }
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

test('no page is wider than its window, whatever the window', async ({ openAs, database, furnished }) => {
  const customer = await openAs(furnished);
  const staff = await openAs(await createStaff(database));
  for (const path of new Set(views.filter((view) => !view.isMissing).map((view) => view.path))) {
    const page = path === '/admin' ? staff : customer;
    await visit(page, path);
    for (const width of [320, 360, 480, 640, 768, 1024, 1280, 1600]) {
      await page.setViewportSize({ width, height: 800 });
      expect(await measureOverflow(page), `${path} at ${width} px`).toBe(0);
    }
  }
});

/** Presses Tab until the focus has gone round, and says what it came by, in the order of the page's own text. */
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
    const selector = 'a[href], button, input, textarea, select, [tabindex="0"]';
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

for (const path of ['/', '/send', '/messages', '/messages/opt-outs']) {
  test(`${path}: Tab reaches everything, in the order of the page`, async ({ openAs, furnished }) => {
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

  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
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
  await expect(dialog.getByRole('radio', { name: 'Comma' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(dialog.getByRole('radio', { name: 'Semicolon' })).toBeChecked();
  await page.keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(download).toBeFocused();
});
