import { randomInt, randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { expect, type Page } from '@playwright/test';
import { TOTP } from 'otpauth';
import { writeXlsx } from '@/lib/lists/xlsx';
import { testPassword } from './accounts';
import { findLink, readMail } from './mails';

/** A page in a state: who sees it, where it is, and how one comes into that state. */
export interface View {
  name: string;
  path: string;
  /**
   * The demo's customer has removal requests in every state, which the others have not. A customer is
   * pictured as the demo's, whose lists are longer; where the demo has nothing to show, a furnished account
   * is.
   */
  as:
    | 'nobody'
    | 'customer'
    | 'demo customer'
    | 'demo viewer'
    | 'furnished account'
    | 'fresh account'
    | 'trial account'
    | 'staff';
  /** The answer is 404. */
  isMissing?: boolean;
  /** Reaching it leaves something behind in the account, so it needs one that no other view looks at. */
  changesAccount?: boolean;
  /** What is open stays open when the page is narrowed; unless a phone has another way to it, or has none. */
  onPhone?: 'opened another way' | 'not there';
  /** Parts that are made alike, of which the first few are looked at; by a selector. */
  alike?: string;
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
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await expect(page.getByRole('main').getByRole('alert')).toBeVisible();
    },
  },
  { name: 'session ended', path: '/sign-in?reason=ended', as: 'nobody' },
  { name: 'register', path: '/register', as: 'nobody' },
  {
    name: 'register, refused',
    path: '/register',
    as: 'nobody',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Register', exact: true }).click();
      await expect(page.getByText('Enter the name of your company.')).toBeVisible();
    },
  },
  { name: 'register, the code', path: '/register', as: 'nobody', reach: (page) => registerToCode(page) },
  {
    name: 'register, the code, in another browser',
    path: '/register',
    as: 'nobody',
    reach: async (page) => {
      await registerToCode(page, true);
      await expect(page.getByText('You opened the link in another browser')).toBeVisible();
    },
  },
  { name: 'register, a dead link', path: '/register/confirm?token=none', as: 'nobody' },
  { name: 'recover a password', path: '/recover', as: 'nobody' },
  {
    name: 'recover a password by a code',
    path: '/recover',
    as: 'nobody',
    reach: async (page) => {
      await page.getByLabel('Username').fill(`nobody-${randomUUID()}`);
      await page.getByRole('radio', { name: /A code by SMS/ }).check();
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await expect(page.getByRole('heading', { name: 'Choose a new password' })).toBeVisible();
    },
  },
  { name: 'recover a username', path: '/recover/username', as: 'nobody' },
  { name: 'recovery, a dead link', path: '/recover/password?token=none', as: 'nobody' },
  { name: 'the API', path: '/docs/api', as: 'nobody', alike: 'main section' },
  { name: 'problems of the API', path: '/docs/api/problems', as: 'nobody', alike: 'main section' },
  { name: 'your details', path: '/details', as: 'fresh account' },
  { name: 'your details, a dead link', path: '/details/confirm?token=none', as: 'nobody' },
  { name: 'first steps of a trial', path: '/welcome', as: 'trial account' },
  { name: 'send, of a trial', path: '/send', as: 'trial account' },
  { name: 'home of a trial', path: '/', as: 'trial account' },
  { name: 'home', path: '/', as: 'customer' },
  { name: 'home of a fresh account', path: '/', as: 'fresh account' },
  {
    name: 'user menu open',
    path: '/',
    as: 'customer',
    onPhone: 'opened another way',
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
    name: 'send, at a time',
    path: '/send',
    as: 'customer',
    reach: async (page) => {
      await page.getByRole('radio', { name: 'At a time you choose' }).check();
      await page.getByRole('button', { name: 'Schedule', exact: true }).click();
      await expect(page.getByText('Choose a day.')).toBeVisible();
    },
  },
  {
    name: 'send, asked whether it is marketing',
    path: '/send',
    as: 'customer',
    reach: async (page) => {
      await page.getByLabel('Recipients').fill('0821234567');
      await page.getByLabel('Message').fill('Spring sale: 40% off all tulips.');
      await page.getByRole('radio', { name: 'Service' }).check();
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await expect(page.getByRole('dialog', { name: 'Is this marketing?' })).toBeVisible();
    },
  },
  {
    name: 'send, asked whether marketing may wait',
    path: '/send',
    as: 'customer',
    reach: async (page) => {
      await page.getByLabel('Recipients').fill('0821234567\n+44 7400 123456');
      await page.getByLabel('Message').fill('Spring sale: 40% off all tulips.');
      await page.getByRole('radio', { name: 'Marketing' }).check();
      await chooseNextSunday(page);
      await page.getByRole('button', { name: 'Schedule', exact: true }).click();
      await expect(page.getByRole('dialog', { name: 'That is outside lawful hours' })).toBeVisible();
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
    changesAccount: true,
    reach: async (page, optedOut) => {
      await page
        .getByLabel('Recipients')
        .fill(['0710000000', '071 000 0000', '021 555 0123', optedOut].join('\n'));
      await page.getByLabel('Message').fill('Good morning, your order is ready.');
      await page.getByRole('radio', { name: 'Service' }).check();
      await page.getByRole('button', { name: 'Send' }).click();
      await expect(page.getByText('1 message is on the way')).toBeVisible();
    },
  },
  {
    name: 'send, marketing that waits',
    path: '/send',
    as: 'customer',
    changesAccount: true,
    reach: async (page) => {
      await page.getByLabel('Recipients').fill('0821234567\n+44 7400 123456');
      await page.getByLabel('Message').fill('Spring sale: 40% off all tulips.');
      await page.getByRole('radio', { name: 'Marketing' }).check();
      await chooseNextSunday(page);
      await page.getByRole('button', { name: 'Schedule', exact: true }).click();
      await page.getByRole('button', { name: 'Let it wait' }).click();
      await expect(page.getByText('2 messages are accepted')).toBeVisible();
    },
  },
  {
    name: 'send, blocked',
    path: '/send',
    as: 'customer',
    changesAccount: true,
    reach: async (page, optedOut) => {
      await page.getByLabel('Recipients').fill(optedOut);
      await page.getByLabel('Message').fill('Good morning, your order is ready.');
      await page.getByRole('radio', { name: 'Service' }).check();
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
    // Cards have no columns.
    onPhone: 'not there',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Columns' }).click();
      await expect(page.getByRole('menuitemcheckbox', { name: 'Credits' })).toBeVisible();
    },
  },
  {
    name: 'navigation drawer open',
    path: '/messages',
    as: 'customer',
    onPhone: 'opened another way',
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
  { name: 'opt-outs, filtered', path: '/messages/opt-outs?kind=MANUAL,IMPORT,API', as: 'customer' },
  { name: 'opt-outs, oldest first', path: '/messages/opt-outs?sort=oldest', as: 'customer' },
  { name: 'a filter that does not exist', path: '/messages/opt-outs?kind=NOTHING', as: 'customer' },
  {
    name: 'no opt-out in these days',
    path: '/messages/opt-outs?from=2020-01-01&to=2020-01-31',
    as: 'customer',
  },
  {
    name: 'filter menu open',
    path: '/messages/opt-outs',
    as: 'customer',
    reach: press(/^How it came/, (page) =>
      expect(
        page
          .getByRole('menuitemcheckbox')
          .or(page.getByRole('checkbox', { name: 'By hand' }))
          .first(),
      ).toBeVisible(),
    ),
  },
  {
    name: 'date filter open',
    path: '/messages/opt-outs',
    as: 'customer',
    reach: press(/^Date/, (page) => expect(page.getByText('Last 7 days').first()).toBeVisible()),
  },
  {
    name: 'rows selected',
    path: '/messages/opt-outs',
    as: 'customer',
    reach: async (page) => {
      const boxes = page.getByRole('table').locator('tbody').getByRole('checkbox');
      await boxes.first().check();
      await expect(page.getByText('1 selected').first()).toBeVisible();
    },
  },
  {
    name: 'add opt-out numbers',
    path: '/messages/opt-outs',
    as: 'customer',
    reach: press('Add Opt-Out Number', (page) =>
      expect(page.getByRole('dialog', { name: 'Add Opt-Out Number' })).toBeVisible(),
    ),
  },
  {
    name: 'results of adding',
    path: '/messages/opt-outs',
    as: 'customer',
    reach: async (page, optedOut) => {
      await page.getByRole('button', { name: 'Add Opt-Out Number' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add Opt-Out Number' });
      await dialog.getByRole('textbox').fill(`021 555 0123, Thandi\n${optedOut}`);
      await dialog.getByRole('button', { name: /^Add / }).click();
      await expect(dialog.getByRole('list', { name: 'Results' })).toBeVisible();
    },
  },
  {
    name: 'delete opt-out number',
    path: '/messages/opt-outs?kind=MANUAL,IMPORT,API',
    as: 'customer',
    reach: press(/^Delete /, (page) =>
      expect(page.getByRole('dialog', { name: 'Delete Opt-Out Number' })).toBeVisible(),
    ),
  },
  {
    name: 'download, more options',
    path: '/messages/opt-outs?kind=REPLY',
    as: 'customer',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Download Messages' }).click();
      const dialog = page.getByRole('dialog', { name: 'Download Messages' });
      await dialog.getByText('More options').click();
      await expect(dialog.getByText('Keep numbers as text for Excel')).toBeVisible();
    },
  },
  {
    name: 'download as a workbook',
    path: '/messages/opt-outs',
    as: 'customer',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Download Messages' }).click();
      await page.getByRole('dialog').getByRole('radio', { name: 'Workbook' }).check();
    },
  },
  { name: 'import', path: '/messages/opt-outs/import', as: 'customer' },
  {
    name: 'import, preview',
    path: '/messages/opt-outs/import',
    as: 'customer',
    reach: (page) => chooseFile(page, 'Name;Cell\nA;0821234567\nB;2.78E+10\n', 'A spreadsheet has shortened'),
  },
  {
    name: 'import, several columns and numbers in a cell',
    path: '/messages/opt-outs/import',
    as: 'customer',
    reach: (page) =>
      chooseFile(
        page,
        'Name,Phone 1 - Value,Phone 2 - Value,Notes\nAnna van der Merwe-Nkosi,082 123 4567 ::: 083 123 4567,+27 84 123 4567,Prefers mornings\n' +
          'Thandi,0821234568,,\nNeo,,+266 5812 3456,From Maseru\n',
        '::: ',
      ),
  },
  {
    name: 'import, odd quotation marks',
    path: '/messages/opt-outs/import',
    as: 'customer',
    reach: (page) =>
      chooseFile(
        page,
        'name,number\n"Piet" Botha,0821234567\nAnna,0831234567\nNeo,0841234567\n',
        'quotation mark',
      ),
  },
  {
    name: 'import, refused',
    path: '/messages/opt-outs/import',
    as: 'customer',
    reach: (page) => chooseFile(page, 'PK\u0003\u0004\u0014\u0000', 'This workbook is damaged'),
  },
  {
    name: 'import, a workbook with several sheets',
    path: '/messages/opt-outs/import',
    as: 'customer',
    reach: async (page) => {
      async function* rows() {
        yield await Promise.resolve(
          ['27821234567', '27831234567', '27841234567'].map((number) => ['Thandi', number]),
        );
      }
      const columns = [
        { label: 'Client', type: 'text' },
        { label: 'Cell', type: 'integer' },
      ] as const;
      const workbook = await buffer(writeXlsx(rows(), { sheetName: 'Clients', columns, sheetRows: 3 }));
      const file = { name: 'clients.xlsx', mimeType: 'application/octet-stream', buffer: workbook };
      await page.locator('input[type=file]').setInputFiles(file);
      await page.getByLabel('Sheet').selectOption('Clients (2): 1 number');
      await expect(page.getByText('1 number will be read.')).toBeVisible();
    },
  },
  { name: 'check a list', path: '/messages/opt-outs/check', as: 'customer' },
  {
    name: 'check, report',
    path: '/messages/opt-outs/check',
    as: 'customer',
    reach: async (page, optedOut) => {
      await page.getByLabel('Or paste numbers').fill(`0821234567\n${optedOut}\n021 555 0123`);
      await page.getByRole('button', { name: 'Read the numbers' }).click();
      await page.getByRole('button', { name: 'Check the list' }).click();
      await expect(page).toHaveURL(/\/lists\/\d+$/);
      await expect(page.getByRole('link', { name: /blocked/i }).first()).toBeVisible();
    },
  },
  { name: 'cleansing', path: '/messages/cleansing', as: 'customer' },
  {
    name: 'cleansing, other columns',
    path: '/messages/cleansing',
    as: 'customer',
    reach: async (page) => {
      await page.getByRole('checkbox', { name: 'Other columns' }).check();
      await expect(page.getByLabel('Columns, a line each')).toBeVisible();
    },
  },
  {
    name: 'cleansing, an answer that waits',
    path: '/messages/cleansing',
    as: 'customer',
    changesAccount: true,
    reach: async (page) => {
      const fresh = `082${randomInt(1_000_000, 10_000_000)}`;
      await page.getByLabel('Or paste numbers').fill(`${fresh}\n0831234567\n021 555 0123`);
      await page.getByRole('button', { name: 'Read the numbers' }).click();
      await page.getByRole('button', { name: 'Compare the answer' }).click();
      await expect(page.getByRole('button', { name: 'Put in force' })).toBeVisible();
    },
  },
  { name: 'contact form', path: '/contact', as: 'nobody' },
  {
    name: 'contact form, refused',
    path: '/contact',
    as: 'nobody',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Request removal' }).click();
      await expect(page.getByRole('main').getByRole('alert').first()).toBeVisible();
    },
  },
  { name: 'a link that cannot be used', path: '/contact/confirm?token=x', as: 'nobody' },
  { name: 'removal requests', path: '/removal-requests', as: 'demo customer' },
  {
    name: 'a removal request in detail',
    path: '/removal-requests',
    as: 'demo customer',
    reach: async (page) => {
      await page.getByRole('table').locator('tbody tr').first().click();
      await expect(page.getByRole('dialog').getByRole('link', { name: 'Open the request' })).toBeVisible();
    },
  },
  ...(['AWAITING_REPLY', 'AWAITING_APPROVAL', 'REMOVED', 'REJECTED'] as const).map((state): View => ({
    name: `a removal request, ${state.toLowerCase().replace('_', ' ')}`,
    path: `/removal-requests?state=${state}`,
    as: 'demo customer',
    reach: (page) => openRequest(page, '/removal-requests/'),
  })),
  { name: 'no removal requests', path: '/removal-requests', as: 'fresh account' },
  { name: 'no request in this state', path: '/removal-requests?state=EXPIRED', as: 'fresh account' },
  {
    name: 'new removal request',
    path: '/removal-requests/new',
    as: 'customer',
    reach: async (page, optedOut) => {
      await page.goto(`/removal-requests/new?number=${optedOut}`);
      await expect(page.getByRole('checkbox')).toBeVisible();
    },
  },
  {
    name: 'new removal request, not opted out',
    path: '/removal-requests/new?number=27710000999',
    as: 'customer',
  },
  {
    name: 'new removal request, after an error',
    path: '/removal-requests/new',
    as: 'customer',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Request removal' }).click();
      await expect(page.getByText('Tick the box').first()).toBeVisible();
    },
  },
  { name: 'notices', path: '/notices', as: 'demo customer' },
  { name: 'no notices', path: '/notices', as: 'fresh account' },
  { name: 'approval queue', path: '/admin/removal-requests', as: 'staff' },
  {
    name: 'requests selected',
    path: '/admin/removal-requests',
    as: 'staff',
    reach: async (page) => {
      await page.getByRole('checkbox').first().check();
      await expect(page.getByText(/selected/).first()).toBeVisible();
    },
  },
  {
    name: 'a request to decide',
    path: '/admin/removal-requests',
    as: 'staff',
    reach: (page) => openRequest(page, '/admin/removal-requests/'),
  },
  {
    name: 'a request to decide, rejecting',
    path: '/admin/removal-requests',
    as: 'staff',
    reach: async (page) => {
      await openRequest(page, '/admin/removal-requests/');
      await page
        .getByRole('button', { name: /^Reject/ })
        .first()
        .click();
      await expect(page.getByRole('dialog').getByLabel('Reason')).toBeVisible();
    },
  },
  { name: 'all requests', path: '/admin/removal-requests?state=ALL', as: 'staff' },
  { name: 'replies without an owner', path: '/admin/replies', as: 'staff' },
  { name: 'replies without an owner, filtered', path: '/admin/replies?state=KEPT', as: 'staff' },
  {
    name: 'a reply without an owner, to be decided',
    path: '/admin/replies',
    as: 'staff',
    reach: async (page) => {
      await openUndecided(page, 'Needs a decision');
      await page.getByRole('dialog').getByRole('button', { name: 'Opt out for this account' }).click();
      await expect(page.getByText('Write the reason.')).toBeVisible();
    },
  },
  {
    name: 'a reply without an owner that may be an opt-out',
    path: '/admin/replies?state=UNSURE',
    as: 'staff',
    reach: async (page) => {
      await page.getByRole('table').locator('tbody tr').first().click();
      await page.getByRole('button', { name: 'Let the account decide' }).scrollIntoViewIfNeeded();
      await expect(page.getByText(/Looking for accounts/)).toBeHidden();
    },
  },
  { name: 'accounts', path: '/admin/accounts', as: 'staff' },
  { name: 'no account matches', path: '/admin/accounts?q=nobody-of-that-name', as: 'staff' },
  {
    name: 'an account',
    path: '/admin/accounts?q=W58324',
    as: 'staff',
    reach: async (page) => {
      await page.getByRole('main').getByRole('link', { name: 'Karoo Coffee Roasters' }).first().click();
      await expect(page.getByRole('heading', { level: 1, name: /Karoo/ })).toBeVisible();
      await expect(page).toHaveTitle(/Client Zone/);
    },
  },
  { name: 'platform keywords', path: '/admin/keywords', as: 'staff' },
  { name: 'month', path: '/messages/month', as: 'demo customer' },
  { name: 'month without marketing', path: '/messages/month?month=2020-01', as: 'furnished account' },
  { name: 'month of all accounts', path: '/admin/month', as: 'staff' },
  { name: 'consents', path: '/messages/consents', as: 'demo customer' },
  {
    name: 'consents, refused',
    path: '/messages/consents',
    as: 'furnished account',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Record the consent' }).click();
      await expect(page.getByText('Write what they agreed to, word for word.')).toBeVisible();
    },
  },
  {
    name: 'consents, a file with days',
    path: '/messages/consents',
    as: 'demo customer',
    reach: async (page) => {
      await chooseFile(
        page,
        'Cell,Consent date,Source\n0821234567,03/04/2026,Web form\n0831234567,,\n',
        'is read as 3 April 2026',
      );
      await page.getByText('is read as 3 April 2026').scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'consents, one withdrawn',
    path: '/messages/consents',
    as: 'demo customer',
    reach: async (page) => {
      await page
        .getByRole('button', { name: /^Withdraw the consent of/ })
        .first()
        .click();
      const dialog = page.getByRole('dialog', { name: 'Withdraw a consent' });
      await dialog.getByRole('button', { name: 'Withdraw' }).click();
      await expect(dialog.getByText('Write how you know that they withdrew it.')).toBeVisible();
    },
  },
  { name: 'registry', path: '/admin/registry', as: 'staff' },
  {
    name: 'registry, a number looked up',
    path: '/admin/registry',
    as: 'staff',
    reach: async (page) => {
      await page.getByLabel('Mobile number').fill('082 123 4567');
      await page.getByRole('button', { name: 'Look it up' }).click();
      await expect(page.getByText('never was')).toBeVisible();
    },
  },
  {
    name: 'registry, a file to be compared',
    path: '/admin/registry',
    as: 'staff',
    reach: async (page) => {
      await page.getByLabel('Or paste numbers').fill('0821234567\n0831234567\n021 555 0123');
      await page.getByRole('button', { name: 'Read the numbers' }).click();
      await expect(page.getByRole('button', { name: 'Compare the answer' })).toBeVisible();
    },
  },
  {
    name: 'registry, an answer that waits',
    path: '/admin/registry',
    as: 'staff',
    reach: async (page) => {
      // the very same again would be refused
      const fresh = `082${randomInt(1_000_000, 10_000_000)}`;
      await page.getByLabel('Or paste numbers').fill(`${fresh}\n0831234567\n021 555 0123`);
      await page.getByRole('button', { name: 'Read the numbers' }).click();
      await page.getByRole('button', { name: 'Compare the answer' }).click();
      await expect(page.getByRole('button', { name: 'Put in force' })).toBeVisible();
    },
  },
  { name: 'audit log', path: '/admin/audit', as: 'staff' },
  { name: 'outbox', path: '/admin/outbox', as: 'staff' },
  {
    name: 'an e-mail',
    path: '/admin/outbox',
    as: 'staff',
    reach: async (page) => {
      await page.getByRole('main').locator('a[href^="/admin/outbox/"]').first().click();
      await expect(page).toHaveURL(/\/admin\/outbox\/\d+\/\d+$/);
      await expect(page.getByRole('main').getByRole('heading', { level: 1 })).toBeVisible();
    },
  },
  { name: 'platform settings', path: '/admin/settings', as: 'staff' },
  { name: 'system', path: '/admin/system', as: 'staff' },
  {
    name: 'system, adding a carrier refused',
    path: '/admin/system',
    as: 'staff',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Add a carrier' }).click();
      await page.getByRole('button', { name: 'Add carrier' }).click();
      await expect(page.getByText('Write the user name.')).toBeVisible();
    },
  },
  {
    name: 'system, removing a route',
    path: '/admin/system',
    as: 'staff',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Remove “Every number by simulator”' }).click();
      await expect(page.getByRole('button', { name: 'Remove route' })).toBeVisible();
    },
  },
  { name: 'staff', path: '/admin/staff', as: 'staff' },
  {
    name: 'staff, adding somebody refused',
    path: '/admin/staff',
    as: 'staff',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Add somebody' }).click();
      await page.getByRole('button', { name: 'Add to the staff' }).click();
      await expect(page.getByText('Enter their name.')).toBeVisible();
    },
  },
  { name: 'privacy', path: '/admin/privacy', as: 'staff' },
  {
    name: 'privacy, one person',
    path: '/admin/privacy',
    as: 'staff',
    reach: async (page, optedOut) => {
      await page.getByLabel('Number', { exact: true }).fill(`+${optedOut}`);
      await page.getByRole('button', { name: 'Look up' }).click();
      await expect(page.getByText('The number is opted out.').first()).toBeVisible();
    },
  },
  {
    name: 'privacy, erasing asked',
    path: '/admin/privacy',
    as: 'staff',
    reach: async (page, optedOut) => {
      await page.getByLabel('Number', { exact: true }).fill(`+${optedOut}`);
      await page.getByRole('button', { name: 'Look up' }).click();
      await page.getByRole('button', { name: 'Erase', exact: true }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
  { name: 'a number', path: '/messages/opt-outs', as: 'customer', reach: openNumber },
  {
    name: 'number, a complaint pack',
    path: '/messages/opt-outs',
    as: 'customer',
    reach: async (page, optedOut) => {
      await openNumber(page, optedOut);
      await page.getByRole('button', { name: 'Complaint pack' }).click();
      await expect(page.getByRole('dialog', { name: 'Complaint pack' })).toBeVisible();
    },
  },
  {
    name: 'a number, with a reply that is cut',
    path: '/messages/opt-outs',
    as: 'customer',
    reach: async (page, optedOut) => {
      await openNumber(page, optedOut);
      await page
        .getByText(/^Cut here/)
        .first()
        .scrollIntoViewIfNeeded();
    },
  },
  {
    name: 'evidence pack dialog',
    path: '/messages/opt-outs',
    as: 'customer',
    reach: async (page, optedOut) => {
      await openNumber(page, optedOut);
      await page.getByRole('button', { name: 'Evidence pack' }).click();
      await page.getByRole('radio', { name: 'CSV' }).check();
      await expect(page.getByText('Field separator')).toBeVisible();
    },
  },
  {
    name: 'a number nobody knows',
    path: '/messages/opt-outs/27829999999',
    as: 'customer',
    isMissing: true,
  },
  { name: 'replies to review', path: '/messages/review', as: 'customer' },
  { name: 'no replies to review', path: '/messages/review', as: 'fresh account' },
  { name: 'home, 90 days', path: '/?days=90', as: 'customer' },
  {
    name: 'home, as tables',
    path: '/',
    as: 'customer',
    reach: async (page) => {
      const toggle = page.getByRole('button', { name: 'Show as table' });
      for (let left = await toggle.count(); left > 0; left--) await toggle.first().click();
      await expect(toggle).toHaveCount(0);
    },
  },
  { name: 'credits', path: '/credits', as: 'demo customer' },
  {
    name: 'credits, an entry',
    path: '/credits?kind=SEND',
    as: 'demo customer',
    reach: async (page) => {
      await page.getByRole('row').nth(1).click();
      await expect(page.getByRole('dialog').getByText('Balance after it')).toBeVisible();
    },
  },
  { name: 'credits, nothing matches', path: '/credits?q=no-such-reference', as: 'customer' },
  {
    name: 'credits, a level that cannot be',
    path: '/credits',
    as: 'customer',
    reach: async (page) => {
      await page.getByLabel('Warn the owner by e-mail below').fill('many');
      await page.getByRole('button', { name: 'Save' }).click();
      await expect(page.getByText('Enter a whole number of credits.')).toBeVisible();
    },
  },
  { name: 'no sub-accounts', path: '/credits/sub-accounts', as: 'fresh account' },
  {
    name: 'sub-accounts',
    path: '/credits/sub-accounts',
    as: 'fresh account',
    changesAccount: true,
    reach: openSubAccount,
  },
  {
    name: 'opt-outs of all sub-accounts, not saved yet',
    path: '/credits/sub-accounts',
    as: 'fresh account',
    changesAccount: true,
    reach: async (page) => {
      await openSubAccount(page);
      await page.getByRole('radio', { name: 'Honour opt-outs of my other accounts too' }).check();
      await expect(page.getByText('Not saved yet')).toBeVisible();
    },
  },
  {
    name: 'moving credits, refused',
    path: '/credits/sub-accounts',
    as: 'fresh account',
    changesAccount: true,
    reach: async (page) => {
      await openSubAccount(page);
      await page.getByRole('button', { name: 'Move credits: Durban branch' }).click();
      await page.getByRole('dialog').getByLabel('Credits').fill('0');
      await page.getByRole('dialog').getByRole('button', { name: 'Move credits' }).click();
      await expect(page.getByText('Enter at least 1 credit.')).toBeVisible();
    },
  },
  {
    name: 'a top-up',
    path: '/admin/accounts?q=W58324',
    as: 'staff',
    reach: async (page) => {
      await page.getByRole('main').getByRole('link', { name: 'Karoo Coffee Roasters' }).first().click();
      await page.getByRole('button', { name: 'Top up' }).click();
      await expect(page.getByRole('dialog').getByLabel('Reference')).toBeVisible();
    },
  },
  { name: 'people', path: '/people', as: 'customer' },
  {
    name: 'people, somebody invited',
    path: '/people',
    as: 'furnished account',
    changesAccount: true,
    reach: async (page) => {
      await page.getByRole('button', { name: 'Invite somebody' }).click();
      await page.getByLabel('E-mail address').fill('naledi@florist.example');
      await page.getByRole('button', { name: 'Send the invitation' }).click();
      await expect(page.getByRole('list', { name: 'Invitations' })).toBeVisible();
    },
  },
  {
    name: 'people, inviting somebody refused',
    path: '/people',
    as: 'customer',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Invite somebody' }).click();
      await page.getByRole('button', { name: 'Send the invitation' }).click();
      await expect(page.getByText('Enter your e-mail address.')).toBeVisible();
    },
  },
  { name: 'activity', path: '/activity', as: 'customer' },
  { name: 'activity, nothing matches', path: '/activity?q=no-such-thing', as: 'customer' },
  { name: 'an invitation, a dead link', path: '/invitation?token=none', as: 'nobody' },
  { name: 'settings, of a viewer', path: '/settings', as: 'demo viewer' },
  { name: 'replies to review, of a viewer', path: '/messages/review', as: 'demo viewer' },
  { name: 'your accounts', path: '/accounts', as: 'customer' },
  { name: 'not for your role', path: '/not-allowed', as: 'customer' },
  { name: 'not for your role, of staff', path: '/admin/not-allowed', as: 'staff' },
  { name: 'scheduled messages', path: '/messages/scheduled', as: 'furnished account' },
  { name: 'nothing is scheduled', path: '/messages/scheduled', as: 'fresh account' },
  {
    name: 'scheduled messages, changed',
    path: '/messages/scheduled',
    as: 'furnished account',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Change', exact: true }).click();
      await page.getByLabel('Time', { exact: true }).fill('');
      await page.getByRole('button', { name: 'Save' }).click();
      await expect(page.getByText('Choose a time.')).toBeVisible();
    },
  },
  { name: 'api keys', path: '/settings/api-keys', as: 'furnished account' },
  { name: 'no api keys', path: '/settings/api-keys', as: 'fresh account' },
  {
    name: 'api keys, one that cannot be made',
    path: '/settings/api-keys',
    as: 'fresh account',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Make a key' }).click();
      await page.getByLabel('Only from these addresses').fill('example.com');
      await page.getByRole('button', { name: 'Make key' }).click();
      await expect(page.getByText('is no address')).toBeVisible();
    },
  },
  {
    name: 'api keys, a new secret',
    path: '/settings/api-keys',
    as: 'furnished account',
    changesAccount: true,
    reach: async (page) => {
      await page.getByRole('button', { name: 'New secret for “Web shop”' }).click();
      await page.getByRole('button', { name: 'Make new secret' }).click();
      await expect(page.getByText('Copy it now')).toBeVisible();
    },
  },
  {
    name: 'api keys, the number that one sends from',
    path: '/settings/api-keys',
    as: 'furnished account',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Change the number of “Web shop”' }).click();
      await expect(page.getByRole('combobox', { name: 'It sends from' })).toBeVisible();
    },
  },
  { name: 'webhooks', path: '/settings/webhooks', as: 'furnished account' },
  { name: 'no webhooks', path: '/settings/webhooks', as: 'fresh account' },
  {
    name: 'webhooks, one that cannot be added',
    path: '/settings/webhooks',
    as: 'fresh account',
    reach: async (page) => {
      await page.getByRole('button', { name: 'Add a webhook' }).click();
      await page.getByRole('textbox', { name: 'Address' }).fill('https://10.0.0.1/');
      await page.getByRole('button', { name: 'Add webhook' }).click();
      await expect(page.getByText('That is a private address')).toBeVisible();
    },
  },
  {
    name: 'deliveries of a webhook',
    path: '/settings/webhooks',
    as: 'furnished account',
    reach: async (page) => {
      await page.getByRole('link', { name: 'Deliveries to https://shop.example/hooks', exact: true }).click();
      await expect(page.getByRole('heading', { name: 'Deliveries' })).toBeVisible();
      await page.getByText('Request and answer').click();
    },
  },
  { name: 'settings', path: '/settings', as: 'customer' },
  {
    name: 'settings, a text that cannot be',
    path: '/settings',
    as: 'customer',
    reach: async (page) => {
      await page.getByLabel('Text', { exact: true }).fill('Bye, see www.x.co.za, 20% off');
      await expect(page.getByText('Name your account').first()).toBeVisible();
    },
  },
  {
    name: 'settings, costly characters',
    path: '/settings',
    as: 'customer',
    reach: async (page) => {
      await page
        .getByLabel('Text', { exact: true })
        .fill(`You won\u2019t hear from\u00a0us again \u2013 ever. \u201cBye\u201d\u200b \u{1f44b}`);
      await expect(page.getByRole('button', { name: /^Replace/ }).first()).toBeVisible();
    },
  },
  {
    name: 'settings, a keyword refused and a reply tried',
    path: '/settings',
    as: 'customer',
    reach: async (page) => {
      await page.getByLabel('Word or words').fill('stop');
      await page.getByRole('button', { name: 'Add', exact: true }).click();
      await page.getByLabel('Try a reply').fill('Stop. Thank you');
      await expect(page.getByText('Keyword among other words').first()).toBeVisible();
    },
  },
  {
    name: 'settings, time zones open',
    path: '/settings',
    as: 'customer',
    reach: async (page) => {
      await page.getByRole('combobox').click();
      await expect(page.getByRole('listbox')).toBeVisible();
    },
  },
  { name: 'help', path: '/help', as: 'customer' },
  { name: 'security', path: '/account/security', as: 'customer' },
  { name: 'security of staff', path: '/admin/account/security', as: 'staff' },
  {
    name: 'security, the password asked for',
    path: '/account/security',
    as: 'customer',
    reach: press('Set up', (page) => expect(page.getByLabel('Your password')).toBeVisible()),
  },
  {
    name: 'security, setting up an app',
    path: '/account/security',
    as: 'fresh account',
    reach: beginApp,
  },
  {
    name: 'security, recovery codes',
    path: '/account/security',
    as: 'fresh account',
    changesAccount: true,
    reach: async (page) => {
      await turnOnApp(page);
    },
  },
  {
    name: 'second step',
    path: '/account/security',
    as: 'fresh account',
    changesAccount: true,
    reach: async (page) => {
      await turnOnApp(page);
      await page.getByRole('button', { name: 'I have kept them' }).click();
      const told = await page.getByText(/^How you sign in as /).innerText();
      const username = /^How you sign in as ([^,]+),/.exec(told)?.[1] ?? '';
      await page.context().clearCookies();
      await page.goto('/sign-in');
      await page.getByLabel('Username').fill(username);
      await page.getByLabel('Password', { exact: true }).fill(testPassword);
      await page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await expect(page.getByRole('heading', { name: 'Confirm that it is you' })).toBeVisible();
    },
  },
  { name: 'home of staff', path: '/admin', as: 'staff' },
  { name: 'simulator', path: '/simulator', as: 'nobody' },
  { name: 'e-mails of the demo', path: '/simulator/mail', as: 'nobody' },
  { name: 'e-mails of the demo, none', path: '/simulator/mail?to=nobody@example.com', as: 'nobody' },
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

/** Begins to set up an authenticator app: of an account that the tests have made. */
async function beginApp(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Set up', exact: true }).click();
  await page.getByLabel('Your password').fill(testPassword);
  await page.getByRole('button', { name: 'Go on' }).click();
  await expect(page.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();
}

async function turnOnApp(page: Page): Promise<void> {
  await beginApp(page);
  const key = await page.getByTestId('app-key').innerText();
  const code = new TOTP({ secret: key.replaceAll(/\s/g, '') }).generate();
  await page.getByLabel('Code from the app').fill(code);
  await page.getByRole('button', { name: 'Turn on' }).click();
  await expect(page.getByRole('list', { name: 'Recovery codes' })).toBeVisible();
}

async function openFirstRow(page: Page): Promise<void> {
  await page.getByRole('table').locator('tbody tr').first().click();
  await expect(
    page
      .getByRole('dialog')
      .getByText(/^(When|Received|Queued|Blocked)$/)
      .first(),
  ).toBeVisible();
}

/** One of the replies without an owner that wait, in the panel. @param state its badge */
async function openUndecided(page: Page, state: string): Promise<void> {
  await page.getByRole('button', { name: state }).first().click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByText('Which account is meant?')).toBeVisible();
  await expect(dialog.getByText(/Looking for accounts/)).toBeHidden();
}

function press(name: string | RegExp, then: (page: Page) => Promise<void>): View['reach'] {
  return async (page) => {
    await page.getByRole('button', { name }).first().click();
    await then(page);
  };
}

/** @param shown what the page says of the file */
async function chooseFile(page: Page, content: string, shown: string): Promise<void> {
  const file = { name: 'numbers.csv', mimeType: 'text/csv', buffer: Buffer.from(content, 'latin1') };
  // where a form has a file of its own, the list is the last
  await page.locator('input[type=file]').last().setInputFiles(file);
  await expect(page.getByText(shown).first()).toBeVisible();
}

/** The page of a number that is on the list. */
async function openNumber(page: Page, optedOut: string): Promise<void> {
  await page.goto(`/messages/opt-outs/${optedOut}`);
  await expect(page.getByRole('region', { name: 'State now' })).toBeVisible();
}

/** The first of a list of removal requests. @param path what the addresses of requests begin with */
async function openRequest(page: Page, path: string): Promise<void> {
  const link = page.getByRole('main').locator(`a[href^="${path}"]:not([href$="/new"])`).first();
  await page.goto((await link.getAttribute('href')) ?? '');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
}

/** Registers somebody new up to the page of the code. */
async function registerToCode(page: Page, isElsewhere = false): Promise<void> {
  const email = `${randomUUID()}@ceramics.example`;
  await page.getByLabel('Company').fill('Knysna Ceramics');
  await page.getByLabel('Your name').fill('Sipho Dlamini');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Cell number').fill(`072${String(randomInt(10_000_000)).padStart(7, '0')}`);
  await page.getByLabel('Username').fill('thandi');
  await page.getByLabel('Password', { exact: true }).fill('proteas and tulips');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Look into your e-mail' })).toBeVisible();
  const link = findLink(await readMail(email, 'Confirm your e-mail address'));
  if (isElsewhere) await page.context().clearCookies();
  await page.goto(link);
  await page.getByRole('button', { name: 'Confirm and send the code' }).click();
  await expect(page.getByLabel('Code')).toBeVisible();
}

/** A sub-account with nobody in it. */
async function openSubAccount(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'New sub-account' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Company or branch').fill('Durban branch');
  await dialog.getByLabel('Somebody works with it already').uncheck();
  await dialog.getByRole('button', { name: 'Open sub-account' }).click();
  await expect(page.getByRole('row', { name: /Durban branch/ })).toBeVisible();
}

/** Ten o'clock of a day on which marketing may not leave. */
export async function chooseNextSunday(page: Page): Promise<void> {
  const now = new Date();
  const days = 7 - now.getUTCDay();
  await page.getByRole('radio', { name: 'At a time you choose' }).check();
  await page
    .getByLabel('Day', { exact: true })
    .fill(new Date(now.getTime() + days * 86_400_000).toISOString().slice(0, 10));
  await page.getByLabel('Time', { exact: true }).fill('10:00');
}
