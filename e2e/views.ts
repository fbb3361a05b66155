import { expect, type Page } from '@playwright/test';

/** A page in a state: who sees it, where it is, and how one comes into that state. */
export interface View {
  name: string;
  path: string;
  as: 'nobody' | 'customer' | 'fresh account' | 'staff';
  /** The answer is 404. */
  isMissing?: boolean;
  /** @param optedOut a number on the customer's list */
  reach?: (page: Page, optedOut: string) => Promise<void>;
}

/** Every page, and every state of it that looks different. */
export const views: View[] = [
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
    name: 'send, accepted in part',
    path: '/send',
    as: 'customer',
    reach: async (page, optedOut) => {
      await page
        .getByLabel('Recipients')
        .fill(['0710000000', '071 000 0000', '021 555 0123', optedOut].join('\n'));
      await page.getByLabel('Message').fill('Good morning, your order is ready.');
      await page.getByRole('button', { name: 'Send' }).click();
      await expect(page.getByText('1 message is on the way')).toBeVisible();
    },
  },
  {
    name: 'send, blocked',
    path: '/send',
    as: 'customer',
    reach: async (page, optedOut) => {
      await page.getByLabel('Recipients').fill(optedOut);
      await page.getByLabel('Message').fill('Good morning, your order is ready.');
      await page.getByRole('button', { name: 'Send' }).click();
      await expect(page.getByText('Nothing was sent')).toBeVisible();
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
    name: 'columns menu open',
    path: '/messages',
    as: 'customer',
    reach: async (page) => {
      // Cards, on a phone, have no columns.
      const opener = page.getByRole('button', { name: 'Columns' });
      if (!(await opener.isVisible())) return;
      await opener.click();
      await expect(page.getByRole('menuitemcheckbox', { name: 'Credits' })).toBeVisible();
    },
  },
  {
    name: 'navigation drawer open',
    path: '/messages',
    as: 'customer',
    reach: async (page) => {
      const opener = page.getByRole('button', { name: 'Menu', exact: true });
      if (!(await opener.isVisible())) return;
      await opener.click();
      await expect(page.getByRole('dialog', { name: 'Menu' })).toBeVisible();
    },
  },
  {
    name: 'download dialog',
    path: '/messages/opt-outs',
    as: 'customer',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Download Messages' }).click();
      await expect(page.getByRole('dialog', { name: 'Download Messages' })).toBeVisible();
    },
  },
  {
    name: 'download dialog, a separator that cannot be',
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
  {
    name: 'simulator with phones',
    path: '/simulator?phones=27735550188,27825550142',
    as: 'nobody',
    reach: (page) => expect(page.getByRole('log').last()).toBeVisible(),
  },
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
