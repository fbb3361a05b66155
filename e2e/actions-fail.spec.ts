import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { APIRequestContext, Locator, Page } from '@playwright/test';
import type { Pool } from 'pg';
import { formatMsisdn } from '@/lib/sms/msisdn';
import {
  createAccount,
  createMessages,
  createStaff,
  nextMsisdn,
  nextSerial,
  signInByRequest,
  toNationalForm,
  type Person,
  type TestAccount,
  createColleague,
} from './accounts';
import { createAnsweredRequest } from './answered-requests';
import { createKey, scheduleMessages } from './api-keys';
import { postReply, setAside } from './carrier';
import { computeCode, giveApp, givePasskey, nextCode, prove, typeFirstCode } from './factors';
import { expect, openRowMenu, openUserMenu, test, visit, waitForReact } from './fixtures';
import { findLink, readMail } from './mails';
import { optOut, readLink, replyAs, requestRemoval } from './requests';
import { createWebhook } from './webhooks';
import { addVirtualAuthenticator, holdFinger } from './virtual-authenticator';

/*
 * Every form, button and list that calls a server action, on a page that is older than the server and without
 * a network: what is true then is said, what was typed is still there, and the same press works once the
 * server can be reached. A new action is added here; the last test sees to that.
 */

interface Stage {
  openAs: (person: Person | null) => Promise<Page>;
  account: TestAccount;
  database: Pool;
  carrier: { request: APIRequestContext; carrierSecret: string; database: Pool };
}

interface Ready {
  page: Page;
  /** Opens the dialog, before the first press and again after a reload. */
  open?: () => Promise<void>;
  type?: () => Promise<void>;
  /** Typed as well, and never kept: a password, a code. It is there after a failure, and gone by a reload. */
  secret?: { field: Locator; make: () => string | Promise<string> };
  /** What was typed or shown is there, as if nothing had been tried. */
  isThere: () => Promise<void>;
  press: () => Promise<void>;
  /** What is true when nothing was done. */
  undone: string;
  /** The press that is made again has worked. Left out where it would change what other tests look at. */
  isDone?: () => Promise<void>;
  tryAgain?: string;
  /** Another problem stands above the one that counts. */
  lastTryAgain?: boolean;
  /** What is pressed is there once on a page: the second press is on one that was reloaded. */
  isPressedOnce?: boolean;
}

interface Case {
  name: string;
  /** Those that fail here, by their names in lib. */
  actions: readonly string[];
  begin: (stage: Stage) => Promise<Ready>;
}

/** Has somebody invited, on the page of people. */
async function invite(page: Page, email: string): Promise<void> {
  await visit(page, '/people');
  await page.getByRole('button', { name: 'Invite somebody' }).click();
  await page.getByLabel('E-mail address').fill(email);
  await page.getByRole('button', { name: 'Send the invitation' }).click();
  await expect(page.getByRole('list', { name: 'Invitations' }).getByText(email)).toBeVisible();
}

/** A paused carrier without routes; answers with its name. */
async function addCarrier(database: Pool): Promise<string> {
  const name = `c${await nextSerial(database)}`;
  await database.query(
    `insert into carrier (name, kind, state, rate_per_second, window_size, address, username, sealed_password, created_at)
     values ($1, 'KANNEL', 'PAUSED', 10, 10, 'http://127.0.0.1:9/sendsms', 'us', 'sealed', now())`,
    [name],
  );
  return name;
}

/** An answer of the registry for one account, which waits to be looked at; answers with its id. */
async function createAnswer(database: Pool, accountId: number): Promise<string> {
  const { rows } = await database.query<{ id: string }>(
    `with answer as (
       insert into registry_import (state, marketer_id, name, source, answered_on, lines, numbers, comes)
       values ('WAITING', $1, 'answer.csv', 'NCC', '2026-01-01', 1, 1, 1) returning id
     ), block as (
       insert into registry_block (import_id, first_position, msisdns) select id, 1, array[$2] from answer
     )
     select id from answer`,
    [accountId, await nextMsisdn(database)],
  );
  return rows[0]?.id ?? '';
}

const nothingTyped = () => Promise.resolve();

const cases: Case[] = [
  {
    name: 'send',
    actions: ['sendMessages'],
    begin: async ({ openAs, account, database }) => {
      const page = await openAs(account);
      const number = toNationalForm(await nextMsisdn(database));
      await visit(page, '/send');
      return {
        page,
        type: async () => {
          await page.getByLabel('Recipients').fill(number);
          await page.getByLabel('Message').fill('The tulips are in.');
          await page.getByRole('radio', { name: 'Service' }).check();
        },
        isThere: async () => {
          await expect(page.getByLabel('Recipients')).toHaveValue(number);
          await expect(page.getByLabel('Message')).toHaveValue('The tulips are in.');
          await expect(page.getByRole('radio', { name: 'Service' })).toBeChecked();
        },
        press: () => page.getByRole('button', { name: 'Send', exact: true }).click(),
        undone: 'Nothing was sent or charged.',
        isDone: () => expect(page.getByText('1 message is on the way')).toBeVisible(),
      };
    },
  },
  {
    name: 'add opt-outs',
    actions: ['addOptOutNumbers'],
    begin: async ({ openAs, account, database }) => {
      const page = await openAs(account);
      const number = toNationalForm(await nextMsisdn(database));
      await visit(page, '/messages/opt-outs');
      const numbers = page.getByLabel('Numbers');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Add Opt-Out Number' }).click(),
        type: () => numbers.fill(number),
        isThere: () => expect(numbers).toHaveValue(number),
        press: () => page.getByRole('button', { name: 'Add number' }).click(),
        undone: 'No number was added.',
        isDone: () => expect(page.getByText('1 number added')).toBeVisible(),
      };
    },
  },
  {
    name: 'remove an opt-out from the list',
    actions: ['removeOptOutNumbers'],
    begin: async ({ openAs, account, database }) => {
      const msisdn = await addByHand(database, account);
      const page = await openAs(account);
      await visit(page, '/messages/opt-outs');
      const row = page.getByRole('row').filter({ hasText: formatMsisdn(msisdn) });
      return {
        page,
        open: () => row.getByRole('button', { name: /^Delete/ }).click(),
        isThere: () => expect(row).toBeVisible(),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click(),
        undone: `Nothing was removed; ${formatMsisdn(msisdn)} is still on the list.`,
        isDone: () => expect(row).toHaveCount(0),
      };
    },
  },
  {
    name: 'remove an opt-out on the page of the number',
    actions: ['removeOptOutNumbers'],
    begin: async ({ openAs, account, database }) => {
      const msisdn = await addByHand(database, account);
      const page = await openAs(account);
      await visit(page, `/messages/opt-outs/${msisdn}`);
      const remove = page.getByRole('button', { name: 'Remove' });
      return {
        page,
        open: () => remove.click(),
        isThere: nothingTyped,
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click(),
        undone: `${formatMsisdn(msisdn)} is still opted out; nothing was removed.`,
        isDone: () => expect(remove).toHaveCount(0),
      };
    },
  },
  {
    name: 'opt out in Replies to review',
    actions: ['optOutReply'],
    begin: async (stage) => {
      const { page, card, msisdn } = await openReplyToReview(stage);
      return {
        page,
        isThere: () => expect(card).toBeVisible(),
        press: () => card.getByRole('button', { name: 'Opt out', exact: true }).click(),
        undone: `${formatMsisdn(msisdn)} is not opted out; nothing was changed.`,
        isDone: async () => {
          await expect(card).toHaveCount(0);
          await expect(page.getByText(/The confirmation SMS leaves in \d+ s\./)).toBeVisible();
          expect(await isOptedOut(stage, msisdn)).toBe(true);
        },
      };
    },
  },
  {
    name: 'dismiss in Replies to review',
    actions: ['dismissReply'],
    begin: async (stage) => {
      const { page, card, msisdn } = await openReplyToReview(stage);
      return {
        page,
        isThere: () => expect(card).toBeVisible(),
        press: () => card.getByRole('button', { name: 'Not an opt-out' }).click(),
        undone: `${formatMsisdn(msisdn)} still waits for your decision; nothing was changed.`,
        isDone: async () => {
          await expect(page.getByText(`${formatMsisdn(msisdn)}: not an opt-out.`)).toBeVisible();
          await expect(page.getByRole('button', { name: /^Undo(?!:)/ })).toBeEnabled();
        },
      };
    },
  },
  {
    name: 'undo in Replies to review',
    actions: ['undoDecision'],
    begin: async (stage) => {
      const { page, card, msisdn } = await openReplyToReview(stage);
      await card.getByRole('button', { name: 'Opt out', exact: true }).click();
      await expect(page.getByText(/The confirmation SMS leaves in \d+ s\./)).toBeVisible();
      return {
        isPressedOnce: true,
        page,
        isThere: async () => expect(await isOptedOut(stage, msisdn)).toBe(true),
        // In the bar, and after the reload in the list of what was decided just now.
        press: () => page.getByRole('button', { name: /^Undo/ }).click(),
        undone: `${formatMsisdn(msisdn)} is still opted out.`,
        isDone: async () => {
          await expect(card).toBeVisible();
          expect(await isOptedOut(stage, msisdn)).toBe(false);
        },
      };
    },
  },
  {
    name: 'confirmation text',
    actions: ['saveConfirmation'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/settings');
      const section = findSection(page, 'Confirmation text');
      const text = section.getByLabel('Text', { exact: true });
      const own = `${account.name}: you get no more SMSs from us.`;
      return {
        page,
        type: () => text.fill(own),
        isThere: () => expect(text).toHaveValue(own),
        press: () => section.getByRole('button', { name: 'Save' }).click(),
        undone: 'Nothing was saved.',
        isDone: () => expect(page.getByText('Confirmation text saved')).toBeVisible(),
      };
    },
  },
  {
    name: 'a keyword of one’s own',
    actions: ['addKeyword'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/settings');
      const section = findSection(page, 'Your own keywords');
      const word = section.getByLabel('Word or words');
      return {
        page,
        type: () => word.fill('genoeg'),
        isThere: () => expect(word).toHaveValue('genoeg'),
        press: () => section.getByRole('button', { name: 'Add', exact: true }).click(),
        undone: '“genoeg” was not added.',
        isDone: () => expect(section.getByRole('button', { name: 'Remove “genoeg”' })).toBeVisible(),
      };
    },
  },
  {
    name: 'a keyword that is removed',
    actions: ['removeKeyword'],
    begin: async ({ openAs, account, database }) => {
      await database.query(
        `insert into account_keyword (account_id, word, match) values ($1, 'genoeg', 'EXACT')`,
        [account.id],
      );
      const page = await openAs(account);
      await visit(page, '/settings');
      const remove = page.getByRole('button', { name: 'Remove “genoeg”' });
      return {
        page,
        isThere: () => expect(remove).toBeVisible(),
        press: () => remove.click(),
        undone: '“genoeg” still counts.',
        isDone: () => expect(remove).toHaveCount(0),
      };
    },
  },
  {
    name: 'what to do with replies for review',
    actions: ['saveReviewPolicy'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/settings');
      const section = findSection(page, 'Replies that are probably opt-outs');
      const block = section.getByRole('radio', { name: 'Block at once' });
      return {
        page,
        type: () => block.check(),
        isThere: () => expect(block).toBeChecked(),
        press: () => section.getByRole('button', { name: 'Save' }).click(),
        undone: 'Nothing was saved.',
        isDone: () => expect(page.getByText('Such replies now block at once')).toBeVisible(),
      };
    },
  },
  {
    name: 'the purpose of messages',
    actions: ['saveDefaultPurpose'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/settings');
      const section = findSection(page, 'Purpose of messages');
      const marketing = section.getByRole('radio', { name: 'Marketing' });
      return {
        page,
        type: () => marketing.check(),
        isThere: () => expect(marketing).toBeChecked(),
        press: () => section.getByRole('button', { name: 'Save' }).click(),
        undone: 'Nothing was saved.',
        isDone: () => expect(page.getByText('Messages are marketing now')).toBeVisible(),
      };
    },
  },
  {
    name: 'names that the account trades under',
    actions: ['saveTradingNames'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/settings');
      const section = findSection(page, 'Names you trade under');
      const names = section.getByLabel('Names');
      return {
        page,
        type: () => names.fill('Tulips Direct'),
        isThere: () => expect(names).toHaveValue('Tulips Direct'),
        press: () => section.getByRole('button', { name: 'Save' }).click(),
        undone: 'Nothing was saved.',
        isDone: () => expect(page.getByText('Names saved')).toBeVisible(),
      };
    },
  },
  {
    name: 'the registration as a direct marketer',
    actions: ['saveRegistration'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/settings');
      const section = findSection(page, 'Registration as a direct marketer');
      const [number, lastDay] = [section.getByLabel('Registration number'), section.getByLabel('Last day')];
      const day = `${new Date().getFullYear() + 1}-06-30`;
      return {
        page,
        type: async () => {
          await number.fill('DM 2026/001');
          await lastDay.fill(day);
        },
        isThere: async () => {
          await expect(number).toHaveValue('DM 2026/001');
          await expect(lastDay).toHaveValue(day);
        },
        press: () => section.getByRole('button', { name: 'Save' }).click(),
        undone: 'Nothing was saved.',
        isDone: () => expect(page.getByText('Registration saved')).toBeVisible(),
      };
    },
  },
  {
    name: 'a cleansing that is put in force',
    actions: ['putCleansingInForce'],
    begin: async ({ openAs, account, database }) => {
      const page = await openAs(account);
      await visit(page, `/messages/cleansing/${await createAnswer(database, account.id)}`);
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Put in force' }).click(),
        isThere: () => expect(dialog).toContainText(/1.number will be blocked/),
        press: () => dialog.getByRole('button', { name: 'Put in force' }).click(),
        undone: 'Nothing was changed.',
        isDone: () => expect(page.getByText('The answer is being put in force')).toBeVisible(),
      };
    },
  },
  {
    name: 'a cleansing that is discarded',
    actions: ['discardCleansing'],
    begin: async ({ openAs, account, database }) => {
      const page = await openAs(account);
      await visit(page, `/messages/cleansing/${await createAnswer(database, account.id)}`);
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Discard' }).click(),
        isThere: () => expect(dialog).toContainText('stays as it is'),
        press: () => dialog.getByRole('button', { name: 'Discard' }).click(),
        undone: 'It was not discarded.',
        isDone: () => expect(page.getByText('Discarded', { exact: true })).toBeVisible(),
      };
    },
  },
  {
    name: 'a cleansing that found nobody',
    actions: ['reportNobody'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/messages/cleansing');
      const day = page.getByLabel('Day of the answer');
      return {
        page,
        type: () => day.fill('2026-01-31'),
        isThere: () => expect(day).toHaveValue('2026-01-31'),
        press: () => page.getByRole('button', { name: 'Nobody is on the registry' }).click(),
        undone: 'Nothing was kept.',
        isDone: () => expect(page.getByRole('heading', { name: 'Nobody is on the registry' })).toBeVisible(),
      };
    },
  },
  {
    name: 'the frequency cap',
    actions: ['saveMarketingCap'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/settings');
      const section = findSection(page, 'Frequency cap');
      const cap = section.getByLabel('Marketing messages to a number in 7 days');
      return {
        page,
        type: () => cap.fill('3'),
        isThere: () => expect(cap).toHaveValue('3'),
        press: () => section.getByRole('button', { name: 'Save' }).click(),
        undone: 'Nothing was saved.',
        isDone: () => expect(page.getByText('At most 3 in 7 days from now on')).toBeVisible(),
      };
    },
  },
  {
    name: 'a consent',
    actions: ['recordConsent'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/messages/consents');
      const number = page.getByLabel('Mobile number');
      return {
        page,
        type: async () => {
          await number.fill('082 555 0177');
          await page.getByLabel('What was agreed to, word for word').fill('Yes, send me offers.');
        },
        isThere: () => expect(number).toHaveValue('082 555 0177'),
        press: () => page.getByRole('button', { name: 'Record the consent' }).click(),
        undone: 'Nothing was recorded.',
        isDone: () => expect(page.getByText('Consent of +27 82 555 0177 recorded')).toBeVisible(),
      };
    },
  },
  {
    name: 'a consent that is withdrawn',
    actions: ['withdrawConsentByHand'],
    begin: async ({ openAs, account, database }) => {
      await database.query(
        `insert into consent (account_id, msisdn, given_at, source, wording) values ($1, '27825550178', '2026-11-01', 'PAPER', 'Yes')`,
        [account.id],
      );
      const page = await openAs(account);
      await visit(page, '/messages/consents');
      const dialog = page.getByRole('dialog', { name: 'Withdraw a consent' });
      const reason = dialog.getByLabel('How you know');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Withdraw the consent of +27 82 555 0178' }).click(),
        type: () => reason.fill('Told our shop'),
        isThere: () => expect(reason).toHaveValue('Told our shop'),
        press: () => dialog.getByRole('button', { name: 'Withdraw' }).click(),
        undone: 'The consent of +27 82 555 0178 is still in force.',
        isDone: () => expect(page.getByText('Consent of +27 82 555 0178 withdrawn')).toBeVisible(),
      };
    },
  },
  {
    name: 'time zone',
    actions: ['saveTimeZone'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/settings');
      const section = findSection(page, 'Time zone');
      const box = section.getByRole('combobox', { name: 'Time zone' });
      return {
        page,
        type: async () => {
          await box.fill('Windhoek');
          await page.getByRole('option', { name: /Windhoek/ }).click();
        },
        isThere: () => expect(box).toHaveValue(/Windhoek/),
        press: () => section.getByRole('button', { name: 'Save' }).click(),
        undone: 'Nothing was saved.',
        isDone: () => expect(page.getByText('Time zone saved')).toBeVisible(),
      };
    },
  },
  {
    name: 'the level of a credit warning',
    actions: ['saveWarningLevel'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/credits');
      const level = page.getByLabel('Warn the owner by e-mail below');
      return {
        page,
        type: () => level.fill('250'),
        isThere: () => expect(level).toHaveValue('250'),
        press: () => page.getByRole('main').getByRole('button', { name: 'Save' }).click(),
        undone: 'The level is as it was.',
        isDone: () => expect(page.getByText('Warning level saved')).toBeVisible(),
      };
    },
  },
  {
    name: 'moving credits',
    actions: ['transferCredits'],
    begin: async ({ openAs, account, database }) => {
      const sub = await createAccount(database, { credits: 5, parentAccountId: account.id });
      const page = await openAs(account);
      await visit(page, '/credits/sub-accounts');
      const dialog = page.getByRole('dialog');
      const credits = dialog.getByLabel('Credits', { exact: true });
      return {
        page,
        open: () => page.getByRole('button', { name: `Move credits: ${sub.name}` }).click(),
        type: () => credits.fill('20'),
        isThere: () => expect(credits).toHaveValue('20'),
        press: () => dialog.getByRole('button', { name: 'Move credits' }).click(),
        undone: 'No credits were moved.',
        isDone: () => expect(page.getByText(`${sub.name} has 25 credits now`)).toBeVisible(),
      };
    },
  },
  {
    name: 'a new sub-account',
    actions: ['openSubAccount'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/credits/sub-accounts');
      const dialog = page.getByRole('dialog');
      const company = dialog.getByLabel('Company or branch');
      return {
        page,
        open: () => page.getByRole('button', { name: 'New sub-account' }).click(),
        type: async () => {
          await company.fill('Durban branch');
          await dialog.getByLabel('Somebody works with it already').uncheck();
        },
        isThere: async () => {
          await expect(company).toHaveValue('Durban branch');
          await expect(dialog.getByLabel('Somebody works with it already')).not.toBeChecked();
        },
        press: () => dialog.getByRole('button', { name: 'Open sub-account' }).click(),
        undone: 'No sub-account was opened.',
        isDone: () => expect(page.getByText(/^Sub-account W\d+ is open$/)).toBeVisible(),
      };
    },
  },
  {
    name: 'whose opt-outs count',
    actions: ['honourFamilyOptOuts'],
    begin: async ({ openAs, account, database }) => {
      await createAccount(database, { parentAccountId: account.id });
      const page = await openAs(account);
      await visit(page, '/credits/sub-accounts');
      const section = page.getByRole('region', { name: 'Whose opt-outs count' });
      const all = section.getByRole('radio', { name: 'Honour opt-outs of my other accounts too' });
      return {
        page,
        type: () => all.check(),
        isThere: () => expect(all).toBeChecked(),
        press: () => section.getByRole('button', { name: 'Save' }).click(),
        undone: 'Nothing was saved.',
        isDone: () => expect(page.getByText('Your accounts honour each other’s opt-outs now')).toBeVisible(),
      };
    },
  },
  {
    name: 'credits that staff give',
    actions: ['topUpAccount'],
    begin: async ({ openAs, account, database }) => {
      const page = await openAs(await createStaff(database));
      await visit(page, `/admin/accounts/${account.id}`);
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => page.getByRole('main').getByRole('button', { name: 'Top up' }).click(),
        type: async () => {
          await dialog.getByLabel('Credits', { exact: true }).fill('500');
          await dialog.getByLabel('Reference').fill('INV-2041');
        },
        isThere: async () => {
          await expect(dialog.getByLabel('Credits', { exact: true })).toHaveValue('500');
          await expect(dialog.getByLabel('Reference')).toHaveValue('INV-2041');
        },
        press: () => dialog.getByRole('button', { name: 'Give credits' }).click(),
        undone: `${account.name} got no credits.`,
        isDone: () => expect(page.getByText(`Credits given to ${account.name}`)).toBeVisible(),
      };
    },
  },
  {
    name: 'credits that staff correct',
    actions: ['correctAccountCredits'],
    begin: async ({ openAs, account, database }) => {
      const page = await openAs(await createStaff(database));
      await visit(page, `/admin/accounts/${account.id}`);
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => page.getByRole('main').getByRole('button', { name: 'Correct credits' }).click(),
        type: async () => {
          await dialog.getByLabel('Credits', { exact: true }).fill('−20');
          await dialog.getByLabel('Reason').fill('Counted twice');
        },
        isThere: async () => {
          await expect(dialog.getByLabel('Credits', { exact: true })).toHaveValue('−20');
          await expect(dialog.getByLabel('Reason')).toHaveValue('Counted twice');
        },
        press: () => dialog.getByRole('button', { name: 'Correct credits' }).click(),
        undone: `The credits of ${account.name} are as they were.`,
        isDone: () => expect(page.getByText(`Credits of ${account.name} corrected`)).toBeVisible(),
      };
    },
  },
  {
    name: 'try a reply',
    actions: ['tryReply'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/settings');
      const reply = page.getByLabel('Try a reply');
      let times = 0;
      return {
        page,
        isThere: () => expect(reply).toHaveValue(`Stop${' '.repeat(times)}`),
        press: () => reply.fill(`Stop${' '.repeat(++times)}`),
        undone: 'This cannot be told just now.',
        isDone: () => expect(page.getByText('The number is blocked at once')).toBeVisible(),
      };
    },
  },
  {
    name: 'the SMS that asks, and the words that count as YES',
    actions: ['saveConsent'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/settings');
      const section = findSection(page, 'Removal requests');
      const words = section.getByLabel('Words that count as YES');
      return {
        page,
        type: () => words.fill('ja'),
        isThere: () => expect(words).toHaveValue('ja'),
        press: () => section.getByRole('button', { name: 'Save' }).click(),
        undone: 'Nothing was saved.',
        isDone: () => expect(page.getByText('Saved', { exact: true }).last()).toBeVisible(),
      };
    },
  },
  {
    name: 'request a removal',
    // Typed, a number is looked up; that failing, it can be requested all the same.
    actions: ['requestNumberRemoval', 'checkNumber'],
    begin: async ({ openAs, account, carrier }) => {
      const msisdn = await optOut(account, carrier);
      const page = await openAs(account);
      await visit(page, '/removal-requests/new');
      const number = page.getByLabel('Opted-out number');
      const press = page.getByRole('button', { name: 'Request removal' });
      return {
        page,
        type: async () => {
          await number.fill(toNationalForm(msisdn));
          await page.getByRole('checkbox').check();
        },
        isThere: async () => {
          await expect(number).toHaveValue(toNationalForm(msisdn));
          await expect(page.getByRole('checkbox')).toBeChecked();
        },
        press: () => press.click(),
        undone: 'Nobody was asked; what you typed is still here.',
        isDone: () => expect(page).toHaveURL(/\/removal-requests\/\d+$/),
      };
    },
  },
  {
    name: 'cancel a removal request',
    actions: ['cancelRemovalRequest'],
    begin: async ({ openAs, account, carrier }) => {
      const page = await openAs(account);
      await requestRemoval(page, await optOut(account, carrier));
      await waitForReact(page);
      return {
        page,
        open: () => page.getByRole('main').getByRole('button', { name: 'Cancel request' }).first().click(),
        isThere: nothingTyped,
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Cancel request' }).click(),
        undone: 'The request goes on; nothing was changed.',
        isDone: () => expect(page.getByText('The request is cancelled')).toBeVisible(),
      };
    },
  },
  {
    name: 'contact form',
    actions: ['sendContactForm'],
    begin: async ({ openAs, account, carrier }) => {
      const msisdn = await optOut(account, carrier);
      const page = await openAs(null);
      await visit(page, '/contact');
      return {
        page,
        type: async () => {
          await page.getByLabel('Account number').fill(account.number);
          await page.getByLabel('Opted-out number').fill(toNationalForm(msisdn));
          await page.getByRole('checkbox').check();
        },
        isThere: async () => {
          await expect(page.getByLabel('Account number')).toHaveValue(account.number);
          await expect(page.getByLabel('Opted-out number')).toHaveValue(toNationalForm(msisdn));
          await expect(page.getByRole('checkbox')).toBeChecked();
        },
        press: () => page.getByRole('button', { name: 'Request removal' }).click(),
        undone: 'Your request was not sent; what you typed is still here.',
        isDone: () => expect(page.getByRole('heading', { name: 'Thank you' })).toBeVisible(),
      };
    },
  },
  {
    name: 'confirm by the link of the e-mail',
    actions: ['confirmRemovalRequest'],
    begin: async ({ openAs, account, carrier }) => {
      const msisdn = await optOut(account, carrier);
      const page = await openAs(null);
      await visit(page, '/contact');
      await page.getByLabel('Account number').fill(account.number);
      await page.getByLabel('Opted-out number').fill(toNationalForm(msisdn));
      await page.getByRole('checkbox').check();
      await page.getByRole('button', { name: 'Request removal' }).click();
      await visit(page, await readLink(account));
      return {
        page,
        isThere: nothingTyped,
        press: () => page.getByRole('button', { name: 'Give permission and ask the recipient' }).click(),
        undone: 'The request is not confirmed yet; the recipient has not been asked.',
        isDone: () => expect(page.getByRole('heading', { name: 'Confirmed' })).toBeVisible(),
      };
    },
  },
  {
    name: 'register',
    actions: ['registerAccount'],
    begin: async ({ openAs }) => {
      const page = await openAs(null);
      await visit(page, '/register');
      return {
        page,
        type: () => page.getByLabel('Company').fill('Knysna Ceramics'),
        secret: { field: page.getByLabel('Password', { exact: true }), make: () => 'proteas and tulips' },
        isThere: () => expect(page.getByLabel('Company')).toHaveValue('Knysna Ceramics'),
        press: () => page.getByRole('button', { name: 'Register', exact: true }).click(),
        undone: 'Your registration was not sent; what you typed is still here.',
        isDone: () => expect(page.getByText('Enter your name.')).toBeVisible(),
      };
    },
  },
  {
    name: 'confirm the address of a registration',
    actions: ['confirmRegistrationEmail'],
    begin: async ({ openAs, database }) => {
      const page = await openAs(null);
      await visit(page, await beginRegistration(page, database));
      return {
        page,
        isThere: nothingTyped,
        press: () => page.getByRole('button', { name: 'Confirm and send the code' }).click(),
        undone: 'Your address is not confirmed yet.',
        isDone: () => expect(page).toHaveURL('/register/code'),
      };
    },
  },
  ...(
    [
      ['openTrialAccount', 'Open my account', 'Your account is not open yet; what you typed is still here.'],
      ['sendAnotherCode', 'Send another code', 'No code was sent.'],
    ] as const
  ).map(([action, button, undone]): Case => ({
    name: action === 'openTrialAccount' ? 'open an account with a code' : 'send another code',
    actions: [action],
    begin: async ({ openAs, database }) => {
      const page = await openAs(null);
      const link = await beginRegistration(page, database);
      await visit(page, link);
      await page.getByRole('button', { name: 'Confirm and send the code' }).click();
      await expect(page).toHaveURL('/register/code');
      // a minute ago
      await database.query(
        `update one_time_secret set created_at = created_at - interval '2 minutes' where purpose = 'register-number'`,
      );
      await visit(page, '/register/code');
      return {
        page,
        isThere: nothingTyped,
        press: () => page.getByRole('button', { name: button }).click(),
        undone,
        isDone: () =>
          expect(
            page.getByText(
              action === 'openTrialAccount' ? /Enter the code of the SMS/ : /Another code is on its way/,
            ),
          ).toBeVisible(),
      };
    },
  })),
  {
    name: 'recover a password',
    actions: ['recoverPassword'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(null);
      await visit(page, '/recover');
      const username = page.getByLabel('Username');
      return {
        page,
        type: () => username.fill(account.username),
        isThere: () => expect(username).toHaveValue(account.username),
        press: () => page.getByRole('button', { name: 'Send', exact: true }).click(),
        undone: 'Nothing was sent.',
        isDone: () => expect(page.getByRole('heading', { name: 'Look into your e-mail' })).toBeVisible(),
      };
    },
  },
  {
    name: 'recover a username',
    actions: ['recoverUsername'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(null);
      await visit(page, '/recover/username');
      const email = page.getByLabel('E-mail address');
      return {
        page,
        type: () => email.fill(`${account.username}@florist.example`),
        isThere: () => expect(email).toHaveValue(`${account.username}@florist.example`),
        press: () => page.getByRole('button', { name: 'Send my username' }).click(),
        undone: 'Nothing was sent.',
        isDone: () => expect(page.getByRole('heading', { name: 'Look into your e-mail' })).toBeVisible(),
      };
    },
  },
  {
    name: 'choose a new password',
    actions: ['setNewPassword'],
    begin: async ({ openAs, account, database }) => {
      // as somebody who has signed in before
      await database.query('update portal_user set last_sign_in_at = now() where username = $1', [
        account.username,
      ]);
      const page = await openAs(null);
      await visit(page, '/recover');
      await page.getByLabel('Username').fill(account.username);
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await visit(
        page,
        findLink(await readMail(`${account.username}@florist.example`, 'Choose a new password')),
      );
      return {
        page,
        isThere: nothingTyped,
        press: () => page.getByRole('button', { name: 'Change my password' }).click(),
        undone: 'Your password is as it was.',
        isDone: () => expect(page.getByText('Choose a password.')).toBeVisible(),
      };
    },
  },
  ...(
    [
      ['changeOwnPassword', 'Password', 'Change my password', 'Your password is as it was.'],
      ['changeOwnEmail', 'E-mail address', 'Send a link to the new address', 'Your address is as it was.'],
      ['changeOwnNumber', 'Cell number', 'Send a code to the new number', 'Your number is as it was.'],
    ] as const
  ).map(([action, name, button, undone]): Case => ({
    name: `one’s own: ${name}`,
    actions: [action],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/details');
      const section = findSection(page, name);
      return {
        page,
        secret: { field: section.getByLabel('Your password now'), make: () => 'a guess' },
        isThere: nothingTyped,
        press: () => section.getByRole('button', { name: button }).click(),
        undone,
        isDone: () => expect(section.getByRole('alert').first()).toBeVisible(),
      };
    },
  })),
  {
    name: 'one’s own number that is confirmed',
    actions: ['confirmOwnNumber'],
    begin: async ({ openAs, account, database }) => {
      const page = await openAs(account);
      await visit(page, '/details');
      const section = findSection(page, 'Cell number');
      await section.getByLabel('New cell number').fill(toNationalForm(await nextMsisdn(database)));
      await section.getByLabel('Your password now').fill(account.password);
      await section.getByRole('button', { name: 'Send a code to the new number' }).click();
      await expect(section.getByLabel('Code')).toBeVisible();
      return {
        page,
        secret: { field: section.getByLabel('Code'), make: () => '1' },
        isThere: () => expect(section.getByLabel('Code')).toBeVisible(),
        press: () => section.getByRole('button', { name: 'Confirm the new number' }).click(),
        undone: 'Your number is not changed yet.',
        isDone: () => expect(section.getByText(/This is not the code/)).toBeVisible(),
      };
    },
  },
  {
    name: 'one’s own address that is confirmed by a link',
    actions: ['confirmOwnEmail'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      const email = `new-${account.username}@florist.example`;
      await visit(page, '/details');
      const section = findSection(page, 'E-mail address');
      await section.getByLabel('New e-mail address').fill(email);
      await section.getByLabel('Your password now').fill(account.password);
      await section.getByRole('button', { name: 'Send a link to the new address' }).click();
      await visit(page, findLink(await readMail(email, 'Confirm your new e-mail address')));
      return {
        page,
        isThere: nothingTyped,
        press: () => page.getByRole('button', { name: 'Confirm my new address' }).click(),
        undone: 'Your address is as it was.',
        isDone: () =>
          expect(page.getByRole('heading', { name: 'Your e-mail address is changed' })).toBeVisible(),
      };
    },
  },
  {
    name: 'a trial that is made a full account',
    actions: ['makeFullAccount'],
    begin: async ({ openAs, account, database }) => {
      await database.query(`update account set trial_msisdn = '27710000001' where id = $1`, [account.id]);
      const page = await openAs(await createStaff(database));
      await visit(page, `/admin/accounts/${account.id}`);
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => page.getByRole('main').getByRole('button', { name: 'Make full account' }).click(),
        type: async () => {
          await dialog.getByLabel('Credits').fill('500');
          await dialog.getByLabel('Reference').fill('Invoice 7');
        },
        isThere: async () => {
          await expect(dialog.getByLabel('Credits')).toHaveValue('500');
          await expect(dialog.getByLabel('Reference')).toHaveValue('Invoice 7');
        },
        press: () => dialog.getByRole('button', { name: 'Make it a full account' }).click(),
        undone: `${account.name} is still a trial.`,
        isDone: () => expect(page.getByText(`${account.name} is a full account now.`)).toBeVisible(),
      };
    },
  },
  {
    name: 'a notice that is read',
    actions: ['readNotices'],
    begin: async ({ openAs, account, database }) => {
      await createNotice(database, account);
      const page = await openAs(account);
      await visit(page, '/notices');
      const line = page.getByRole('listitem').filter({ hasText: 'The tulips are in' });
      return {
        page,
        isThere: () => expect(line.getByText('Unread:')).toHaveCount(1),
        press: () => line.getByRole('button', { name: 'Mark as read' }).click(),
        undone: 'It is still unread.',
        isDone: () => expect(line.getByText('Unread:')).toHaveCount(0),
      };
    },
  },
  {
    name: 'all notices',
    actions: ['readNotices'],
    begin: async ({ openAs, account, database }) => {
      await createNotice(database, account);
      const page = await openAs(account);
      await visit(page, '/notices');
      const all = page.getByRole('button', { name: 'Mark all as read' });
      return {
        page,
        isThere: () => expect(page.getByRole('main').getByText('Unread:')).toHaveCount(1),
        press: () => all.click(),
        undone: 'They are still unread.',
        isDone: () => expect(all).toHaveCount(0),
      };
    },
  },
  {
    name: 'an import that is stopped',
    actions: ['stopImport'],
    begin: async ({ openAs, account, database }) => {
      // Without its job, so that it lies there.
      const { rows } = await database.query<{ id: string }>(
        `insert into number_list (account_id, purpose, state, name, lines, invalid, duplicates)
         values ($1, 'IMPORT', 'QUEUED', 'tulips.csv', 7, 0, 0) returning id`,
        [account.id],
      );
      const page = await openAs(account);
      await visit(page, `/messages/opt-outs/lists/${rows[0]?.id}`);
      const stop = page.getByRole('button', { name: 'Stop the import' });
      return {
        page,
        isThere: () => expect(stop).toBeVisible(),
        press: () => stop.click(),
        undone: 'The import goes on.',
        isDone: () => expect(page.getByText(/^Stopped before/)).toBeVisible(),
      };
    },
  },
  {
    name: 'sign out',
    actions: ['signOut'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      // Not the session that other tests use.
      await visit(page, '/help');
      return {
        isPressedOnce: true,
        page,
        open: () => openUserMenu(page),
        isThere: nothingTyped,
        press: () => page.getByRole('menuitem', { name: 'Sign out' }).click(),
        undone: 'Nobody was signed out.',
        isDone: () => expect(page).toHaveURL(/\/sign-in/),
      };
    },
  },
  {
    name: 'a reply from a phone of the simulator',
    actions: ['sendReply', 'loadPhone'],
    begin: async ({ openAs, account, database }) => {
      const msisdn = await nextMsisdn(database);
      await database.query(
        `insert into simulator_message (msisdn, from_phone, sender_number, text) values ($1, false, $2, 'Tulips')`,
        [msisdn, account.senderNumber],
      );
      const page = await openAs(account);
      await page.route('**/api/simulator/events*', () => undefined);
      await visit(page, `/simulator?phones=${msisdn}`);
      const phone = page.getByRole('region', { name: `Phone ${formatMsisdn(msisdn)}` });
      await expect(phone.getByText('Tulips')).toBeVisible();
      const box = phone.getByLabel(/^Reply to/);
      return {
        page,
        isThere: async () => {
          // As a bubble that has not gone, and over a reload in the box.
          const isKept = async () =>
            (await box.inputValue()) === 'Lovely ones' ||
            (await phone.getByRole('log').getByText('Lovely ones', { exact: true }).count()) > 0;
          await expect.poll(isKept).toBe(true);
        },
        press: async () => {
          await box.fill('Lovely ones');
          await phone.getByRole('button', { name: 'Send', exact: true }).click();
        },
        undone: 'The reply was not sent.',
        isDone: () => expect(phone.getByLabel('Delivered')).toHaveCount(1),
        tryAgain: 'Send again',
      };
    },
  },
  {
    name: 'requests that are approved',
    actions: ['decideRemovalRequests'],
    begin: async ({ openAs, account, database }) => {
      const { msisdn } = await createAnsweredRequest(database, account, { minutesAgo: 60 * 24 * 300 });
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/removal-requests');
      const row = page.getByRole('row').filter({ hasText: formatMsisdn(msisdn) });
      return {
        page,
        open: async () => {
          await row.focus();
          await page.keyboard.press('a');
        },
        isThere: () => expect(row).toBeVisible(),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Approve' }).click(),
        undone: 'The request still waits for a decision; nothing was changed.',
        isDone: () => expect(row).toHaveCount(0),
      };
    },
  },
  {
    name: 'a request that is rejected, with a reason',
    actions: ['decideRemovalRequests'],
    begin: async ({ openAs, account, database }) => {
      const { id } = await createAnsweredRequest(database, account);
      const page = await openAs(await createStaff(database));
      await visit(page, `/admin/removal-requests/${account.id}/${id}`);
      const dialog = page.getByRole('dialog');
      const reason = dialog.getByLabel('Reason');
      return {
        page,
        open: () => page.getByRole('main').getByRole('button', { name: 'Reject' }).first().click(),
        type: () => reason.fill('The permission was not yours.'),
        isThere: () => expect(reason).toHaveValue('The permission was not yours.'),
        press: () => dialog.getByRole('button', { name: 'Reject' }).click(),
        undone: 'The request still waits for a decision; nothing was changed.',
        isDone: () => expect(page.getByText(/^Rejected: /)).toBeVisible(),
      };
    },
  },
  ...(
    [
      ['suspendAccount', 'Suspend', 'Suspend account', 'is not suspended.', 'is suspended.'],
      ['reinstateAccount', 'Reinstate', 'Reinstate account', 'is still suspended.', 'is reinstated.'],
    ] as const
  ).map(([action, button, submit, undone, done]): Case => ({
    name: action === 'suspendAccount' ? 'an account that is suspended' : 'an account that is reinstated',
    actions: [action],
    begin: async ({ openAs, account, database }) => {
      if (action === 'reinstateAccount') {
        await database.query(`update account set status = 'SUSPENDED' where id = $1`, [account.id]);
      }
      const page = await openAs(await createStaff(database));
      await visit(page, `/admin/accounts/${account.id}`);
      const dialog = page.getByRole('dialog');
      const reason = dialog.getByLabel('Reason');
      return {
        page,
        open: () => page.getByRole('main').getByRole('button', { name: button, exact: true }).click(),
        type: () => reason.fill('Unpaid since March.'),
        isThere: () => expect(reason).toHaveValue('Unpaid since March.'),
        press: () => dialog.getByRole('button', { name: submit }).click(),
        undone: `${account.name} ${undone}`,
        isDone: () => expect(page.getByText(`${account.name} ${done}`)).toBeVisible(),
      };
    },
  })),
  {
    name: 'an opt-out that staff add',
    actions: ['addOptOutForAccount'],
    begin: async ({ openAs, account, database }) => {
      const msisdn = await nextMsisdn(database);
      const page = await openAs(await createStaff(database));
      await visit(page, `/admin/accounts/${account.id}`);
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => page.getByRole('main').getByRole('button', { name: 'Add opt-out' }).first().click(),
        type: async () => {
          await dialog.getByLabel('Number to block').fill(msisdn);
          await dialog.getByLabel('Reason').fill('They phoned us.');
        },
        isThere: async () => {
          await expect(dialog.getByLabel('Number to block')).toHaveValue(msisdn);
          await expect(dialog.getByLabel('Reason')).toHaveValue('They phoned us.');
        },
        press: () => dialog.getByRole('button', { name: 'Add opt-out' }).click(),
        undone: 'The number was not blocked; nothing was changed.',
        isDone: () => expect(page.getByText(`${formatMsisdn(msisdn)} is blocked for`)).toBeVisible(),
      };
    },
  },
  {
    name: 'an opt-out that staff take out',
    actions: ['correctOptOut'],
    begin: async ({ openAs, account, database, carrier }) => {
      const msisdn = await optOut(account, carrier);
      const page = await openAs(await createStaff(database));
      await visit(page, `/admin/accounts/${account.id}`);
      const dialog = page.getByRole('dialog');
      const reason = dialog.getByLabel('Why it never was their wish');
      return {
        page,
        open: () => page.getByRole('main').getByRole('button', { name: 'Take out opt-out' }).first().click(),
        type: async () => {
          await dialog.getByLabel('Blocked number').fill(msisdn);
          await reason.fill('They wrote of a bus stop.');
        },
        isThere: async () => {
          await expect(dialog.getByLabel('Blocked number')).toHaveValue(msisdn);
          await expect(reason).toHaveValue('They wrote of a bus stop.');
        },
        press: () => dialog.getByRole('button', { name: 'Take out opt-out' }).click(),
        undone: 'The opt-out is still in force; nothing was changed.',
        isDone: () =>
          expect(page.getByText(`${formatMsisdn(msisdn)} is no longer blocked for`)).toBeVisible(),
      };
    },
  },
  {
    name: 'a keyword of the platform that is tried',
    actions: ['tryPlatformKeyword'],
    begin: async ({ openAs, database }) => {
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/keywords');
      const word = page.getByLabel('Word or words');
      const tried = `tried${await nextSerial(database)}`;
      let times = 0;
      return {
        page,
        isThere: () => expect(word).toHaveValue(`${tried}${'!'.repeat(times)}`),
        press: () => word.fill(`${tried}${'!'.repeat(++times)}`),
        undone: 'This cannot be told just now.',
        isDone: () => expect(page.getByText('It would have matched nothing')).toBeVisible(),
      };
    },
  },
  {
    name: 'a keyword of the platform that is added',
    actions: ['savePlatformKeyword'],
    begin: async ({ openAs, database }) => {
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/keywords');
      const word = `added${await nextSerial(database)}`;
      const field = page.getByLabel('Word or words');
      await field.fill(word);
      await expect(page.getByText('It would have matched nothing')).toBeVisible();
      const add = page.getByRole('main').getByRole('button', { name: 'Add keyword' }).first();
      return {
        page,
        open: async () => {
          await expect(page.getByText('It would have matched nothing')).toBeVisible();
          await add.click();
        },
        isThere: () => expect(field).toHaveValue(word),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Add keyword' }).click(),
        undone: `“${word}” was not added.`,
        isDone: () => expect(page.getByRole('button', { name: `Remove “${word}”` })).toBeVisible(),
      };
    },
  },
  {
    name: 'a keyword of the platform that is removed',
    actions: ['deletePlatformKeyword'],
    begin: async ({ openAs, database }) => {
      const word = `gone${await nextSerial(database)}`;
      await database.query(
        `insert into platform_keyword (word, match, created_by)
         select $1, 'EXACT', min(id) from portal_user where role = 'STAFF'`,
        [word],
      );
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/keywords');
      const remove = page.getByRole('button', { name: `Remove “${word}”` });
      return {
        page,
        open: () => remove.click(),
        isThere: () => expect(remove).toHaveCount(1),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Remove keyword' }).click(),
        undone: `“${word}” still counts; nothing was changed.`,
        isDone: () => expect(remove).toHaveCount(0),
      };
    },
  },
  ...(
    [
      {
        name: 'a reply that is opted out for an account',
        action: 'assignReply',
        text: 'STOP',
        button: 'Opt out for this account',
        done: /^Opted out from/,
      },
      {
        name: 'a reply that an account is to decide about',
        action: 'assignReply',
        text: 'Please unsubscribe me',
        button: 'Let the account decide',
        done: /among its replies to review/,
      },
      {
        name: 'a reply that is given to nobody',
        action: 'noteReply',
        text: 'STOP',
        button: 'Note why not',
        done: /It needs no decision any more/,
      },
    ] as const
  ).map(({ name, action, text, button, done }): Case => ({
    name,
    actions: [action, 'suggestAccounts'],
    begin: async ({ openAs, account, database, carrier }) => {
      const msisdn = await nextMsisdn(database);
      await postReply(carrier.request, carrier.carrierSecret, {
        id: `unowned-${msisdn}`,
        from: msisdn,
        to: '99998',
        text,
      });
      const page = await openAs(await createStaff(database));
      await visit(page, `/admin/replies?q=${msisdn}`);
      const panel = page.getByRole('dialog');
      return {
        page,
        open: () =>
          page
            .getByRole('row')
            .filter({ hasText: formatMsisdn(msisdn) })
            .click(),
        type: async () => {
          await panel.getByLabel('Account number').fill(account.number);
          await panel.getByLabel('Reason').fill('They phoned us.');
        },
        isThere: async () => {
          await expect(panel.getByLabel('Account number')).toHaveValue(account.number);
          await expect(panel.getByLabel('Reason')).toHaveValue('They phoned us.');
        },
        press: () => panel.getByRole('button', { name: button }).click(),
        undone: 'Nothing was decided.',
        isDone: () => expect(page.getByText(done)).toBeVisible(),
        lastTryAgain: true,
      };
    },
  })),
  {
    name: 'a reply that could not be recorded, tried again',
    actions: ['tryReplyAgain'],
    begin: async ({ openAs, account, database }) => {
      const from = await nextMsisdn(database);
      await setAside(database, { id: from, from, to: account.senderNumber, text: 'STOP' }, true);
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/replies');
      const item = page
        .getByRole('list', { name: 'Replies that could not be recorded' })
        .getByRole('listitem')
        .filter({ hasText: formatMsisdn(from) });
      return {
        page,
        type: nothingTyped,
        isThere: () => expect(item).toBeVisible(),
        press: () => item.getByRole('button', { name: 'Record it' }).click(),
        undone: 'It was not tried; it still waits.',
        isDone: () => expect(item).toBeHidden(),
      };
    },
  },
  {
    name: 'a reply that could not be recorded, and need not be',
    actions: ['leaveReply'],
    begin: async ({ openAs, account, database }) => {
      const from = await nextMsisdn(database);
      await setAside(database, { id: from, from, to: account.senderNumber, text: 'STOP' }, false);
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/replies');
      const item = page
        .getByRole('list', { name: 'Replies that could not be recorded' })
        .getByRole('listitem')
        .filter({ hasText: formatMsisdn(from) });
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => item.getByRole('button', { name: 'Leave it' }).click(),
        type: () => dialog.getByLabel('Reason').fill('Added by hand.'),
        isThere: () => expect(dialog.getByLabel('Reason')).toHaveValue('Added by hand.'),
        press: () => dialog.getByRole('button', { name: 'Leave it' }).click(),
        undone: 'Nothing was decided; it still waits.',
        isDone: () => expect(item).toBeHidden(),
      };
    },
  },
  {
    name: 'make an API key',
    actions: ['makeKey'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/settings/api-keys');
      const name = page.getByRole('textbox', { name: 'Name' });
      return {
        page,
        open: () => page.getByRole('button', { name: 'Make a key' }).click(),
        type: () => name.fill('Web shop'),
        isThere: () => expect(name).toHaveValue('Web shop'),
        press: () => page.getByRole('button', { name: 'Make key' }).click(),
        undone: 'No key was made.',
        isDone: () => expect(page.getByText('Copy it now')).toBeVisible(),
      };
    },
  },
  {
    name: 'a new secret for an API key',
    actions: ['rotateKey'],
    begin: async ({ openAs, account, database }) => {
      await createKey(database, account.id);
      const page = await openAs(account);
      await visit(page, '/settings/api-keys');
      return {
        page,
        open: () => page.getByRole('button', { name: 'New secret for “Web shop”' }).click(),
        isThere: nothingTyped,
        press: () => page.getByRole('button', { name: 'Make new secret' }).click(),
        undone: '“Web shop” has its old secret still.',
        isDone: () => expect(page.getByText('Copy it now')).toBeVisible(),
      };
    },
  },
  {
    name: 'the number that an API key sends from',
    actions: ['chooseSender'],
    begin: async ({ openAs, account, database }) => {
      await createKey(database, account.id);
      const page = await openAs(account);
      await visit(page, '/settings/api-keys');
      const from = page.getByRole('dialog').getByRole('combobox', { name: 'It sends from' });
      return {
        page,
        open: () => page.getByRole('button', { name: 'Change the number of “Web shop”' }).click(),
        isThere: nothingTyped,
        press: async () => {
          await from.selectOption(account.senderNumber);
          await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
        },
        undone: '“Web shop” sends from the number it had.',
        isDone: () => expect(page.getByText(/Sends from/)).toBeVisible(),
      };
    },
  },
  {
    name: 'revoke an API key',
    actions: ['revokeKey'],
    begin: async ({ openAs, account, database }) => {
      await createKey(database, account.id);
      const page = await openAs(account);
      await visit(page, '/settings/api-keys');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Revoke “Web shop”' }).click(),
        isThere: nothingTyped,
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click(),
        undone: '“Web shop” still works.',
        isDone: () => expect(page.getByText('“Web shop” was revoked')).toBeVisible(),
      };
    },
  },
  {
    name: 'add a webhook',
    actions: ['addWebhook'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/settings/webhooks');
      const address = page.getByRole('textbox', { name: 'Address' });
      return {
        page,
        open: () => page.getByRole('button', { name: 'Add a webhook' }).click(),
        type: () => address.fill('https://shop.example/hooks'),
        isThere: () => expect(address).toHaveValue('https://shop.example/hooks'),
        press: () => page.getByRole('button', { name: 'Add webhook' }).click(),
        undone: 'No webhook was added.',
        isDone: () => expect(page.getByText('Copy it now')).toBeVisible(),
      };
    },
  },
  {
    name: 'change a webhook',
    actions: ['changeWebhook'],
    begin: async ({ openAs, account, database }) => {
      await createWebhook(database, account.id);
      const page = await openAs(account);
      await visit(page, '/settings/webhooks');
      const address = page.getByRole('textbox', { name: 'Address' });
      return {
        page,
        open: () => page.getByRole('button', { name: 'Change https://shop.example/hooks' }).click(),
        type: () => address.fill('https://shop.example/new'),
        isThere: () => expect(address).toHaveValue('https://shop.example/new'),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Save' }).click(),
        undone: 'The webhook is as it was.',
        isDone: () => expect(page.getByText('The webhook was changed')).toBeVisible(),
      };
    },
  },
  {
    name: 'a new secret for a webhook',
    actions: ['rotateWebhook'],
    begin: async ({ openAs, account, database }) => {
      await createWebhook(database, account.id, 'ACTIVE');
      const page = await openAs(account);
      await visit(page, '/settings/webhooks');
      return {
        page,
        open: () => page.getByRole('button', { name: 'New secret for https://shop.example/hooks' }).click(),
        isThere: nothingTyped,
        press: () =>
          page.getByRole('dialog').getByRole('button', { name: 'Make new secret', exact: true }).click(),
        undone: 'The webhook has its old secret still.',
        isDone: () => expect(page.getByText('Copy it now')).toBeVisible(),
      };
    },
  },
  {
    name: 'pause a webhook',
    actions: ['pauseWebhook'],
    begin: async ({ openAs, account, database }) => {
      await createWebhook(database, account.id, 'ACTIVE');
      const page = await openAs(account);
      await visit(page, '/settings/webhooks');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Pause https://shop.example/hooks' }).click(),
        isThere: nothingTyped,
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Pause', exact: true }).click(),
        undone: 'The webhook is not paused.',
        isDone: () => expect(page.getByText('The webhook is paused')).toBeVisible(),
      };
    },
  },
  {
    name: 'resume a webhook',
    actions: ['resumeWebhook'],
    begin: async ({ openAs, account, database }) => {
      await createWebhook(database, account.id, 'PAUSED');
      const page = await openAs(account);
      await visit(page, '/settings/webhooks');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Resume https://shop.example/hooks' }).click(),
        isThere: nothingTyped,
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Resume', exact: true }).click(),
        undone: 'The webhook is still paused.',
        isDone: () => expect(page.getByText('The webhook is active')).toBeVisible(),
      };
    },
  },
  {
    name: 'remove a webhook',
    actions: ['removeWebhook'],
    begin: async ({ openAs, account, database }) => {
      await createWebhook(database, account.id, 'ACTIVE');
      const page = await openAs(account);
      await visit(page, '/settings/webhooks');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Remove https://shop.example/hooks' }).click(),
        isThere: nothingTyped,
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click(),
        undone: 'The webhook is still there.',
        isDone: () => expect(page.getByText('The webhook was removed')).toBeVisible(),
      };
    },
  },
  {
    name: 'send a webhook a test',
    actions: ['testWebhook'],
    begin: async ({ openAs, account, database }) => {
      const id = await createWebhook(database, account.id);
      const page = await openAs(account);
      await visit(page, `/settings/webhooks/${id}`);
      return {
        page,
        isThere: nothingTyped,
        press: () => page.getByRole('button', { name: 'Send a test' }).click(),
        undone: 'No test was sent.',
        isDone: () => expect(page.getByText('A test is on its way')).toBeVisible(),
      };
    },
  },
  {
    name: 'send a webhook delivery again',
    actions: ['resendDelivery'],
    begin: async ({ openAs, account, database }) => {
      const id = await createWebhook(database, account.id);
      const page = await openAs(account);
      await visit(page, `/settings/webhooks/${id}`);
      return {
        page,
        isThere: nothingTyped,
        press: () => page.getByRole('button', { name: /^Send msg_.* again$/ }).click(),
        undone: 'It was not sent again.',
        isDone: () => expect(page.getByText('It is on its way again')).toBeVisible(),
      };
    },
  },
  {
    name: 'cancel scheduled messages',
    actions: ['cancelScheduledBatch'],
    begin: async ({ openAs, account, database }) => {
      await scheduleMessages(database, account, [await nextMsisdn(database)]);
      const page = await openAs(account);
      await visit(page, '/messages/scheduled');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Cancel', exact: true }).click(),
        isThere: nothingTyped,
        press: () => page.getByRole('button', { name: 'Cancel them' }).click(),
        undone: 'Nothing was cancelled.',
        isDone: () => expect(page.getByText('Nothing is scheduled')).toBeVisible(),
      };
    },
  },
  {
    name: 'change scheduled messages',
    actions: ['changeScheduledBatch'],
    begin: async ({ openAs, account, database }) => {
      await scheduleMessages(database, account, [await nextMsisdn(database)]);
      const page = await openAs(account);
      await visit(page, '/messages/scheduled');
      const text = page.getByRole('dialog').getByLabel('Message', { exact: true });
      const time = page.getByLabel('Time', { exact: true });
      const service = page.getByRole('radio', { name: 'Service' });
      return {
        page,
        open: () => page.getByRole('button', { name: 'Change', exact: true }).click(),
        type: async () => {
          await text.fill('The tulips are late.');
          await time.fill('23:45');
          await service.check();
        },
        isThere: async () => {
          await expect(text).toHaveValue('The tulips are late.');
          await expect(time).toHaveValue('23:45');
          await expect(service).toBeChecked();
        },
        press: () => page.getByRole('button', { name: 'Save' }).click(),
        undone: 'They leave as they were.',
        isDone: () => expect(page.getByText('1 scheduled message was changed')).toBeVisible(),
      };
    },
  },
  {
    name: 'settings of the platform',
    actions: ['saveSettings'],
    begin: async ({ openAs, database }) => {
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/settings');
      const days = page.getByLabel('Days to answer');
      return {
        page,
        type: () => days.fill('89'),
        isThere: () => expect(days).toHaveValue('89'),
        press: () => page.getByRole('button', { name: 'Save settings' }).click(),
        undone: 'The settings are as they were.',
      };
    },
  },
  {
    name: 'a carrier that drains',
    actions: ['changeCarrierState'],
    begin: async ({ openAs, database }) => {
      const carrier = await addCarrier(database);
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/system');
      const card = page.getByRole('region', { name: `Carrier ${carrier}` });
      return {
        page,
        open: () => card.getByRole('button', { name: 'Drain' }).click(),
        isThere: () => expect(card.getByText('Paused', { exact: true })).toBeVisible(),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Drain' }).click(),
        undone: `${carrier} is as it was.`,
        isDone: () => expect(card.getByText('Draining', { exact: true })).toBeVisible(),
      };
    },
  },
  {
    name: 'a carrier that is added',
    actions: ['addNewCarrier'],
    begin: async ({ openAs, database }) => {
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/system');
      const name = `new${await nextSerial(database)}`;
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Add a carrier' }).click(),
        type: async () => {
          await dialog.getByLabel('Name', { exact: true }).fill(name);
          await dialog.getByLabel('Address of sendsms').fill('http://127.0.0.1:9/sendsms');
          await dialog.getByLabel('User name').fill('us');
        },
        secret: { field: dialog.getByLabel('Password'), make: () => 'secret' },
        isThere: () => expect(dialog.getByLabel('Name', { exact: true })).toHaveValue(name),
        press: () => dialog.getByRole('button', { name: 'Add carrier' }).click(),
        undone: 'No carrier was added.',
        isDone: () => expect(page.getByRole('region', { name: `Carrier ${name}` })).toBeVisible(),
      };
    },
  },
  {
    name: 'a carrier that is changed',
    actions: ['saveCarrier'],
    begin: async ({ openAs, database }) => {
      const carrier = await addCarrier(database);
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/system');
      const card = page.getByRole('region', { name: `Carrier ${carrier}` });
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => card.getByRole('button', { name: 'Change' }).click(),
        type: () => dialog.getByLabel('Messages a second').fill('4321'),
        isThere: () => expect(dialog.getByLabel('Messages a second')).toHaveValue('4321'),
        press: () => dialog.getByRole('button', { name: 'Save carrier' }).click(),
        undone: 'The carrier is as it was.',
        isDone: () => expect(card.getByText(/4.321/)).toBeVisible(),
      };
    },
  },
  {
    name: 'a carrier that is removed',
    actions: ['deleteCarrier'],
    begin: async ({ openAs, database }) => {
      const carrier = await addCarrier(database);
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/system');
      const card = page.getByRole('region', { name: `Carrier ${carrier}` });
      return {
        page,
        open: () => card.getByRole('button', { name: 'Remove' }).click(),
        isThere: () => expect(card).toBeVisible(),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Remove carrier' }).click(),
        undone: `${carrier} is still there.`,
        isDone: () => expect(card).toHaveCount(0),
      };
    },
  },
  {
    name: 'a route that is added',
    actions: ['putRoute'],
    begin: async ({ openAs, database }) => {
      const carrier = await addCarrier(database);
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/system');
      const prefix = `999${await nextSerial(database)}`;
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Add a route' }).click(),
        type: async () => {
          await dialog.getByLabel('Numbers that begin with').fill(prefix);
          await dialog.getByLabel('Carrier').selectOption(carrier);
        },
        isThere: () => expect(dialog.getByLabel('Numbers that begin with')).toHaveValue(prefix),
        press: () => dialog.getByRole('button', { name: 'Save route' }).click(),
        undone: 'The routes are as they were.',
        isDone: () =>
          expect(page.getByRole('button', { name: `Change “+${prefix}… by ${carrier}”` })).toBeVisible(),
      };
    },
  },
  {
    name: 'a route that is removed',
    actions: ['deleteRoute'],
    begin: async ({ openAs, database }) => {
      const carrier = await addCarrier(database);
      const prefix = `998${await nextSerial(database)}`;
      await database.query('insert into carrier_route (prefix, carrier) values ($1, $2)', [prefix, carrier]);
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/system');
      const remove = page.getByRole('button', { name: `Remove “+${prefix}… by ${carrier}”` });
      return {
        page,
        open: () => remove.click(),
        isThere: () => expect(remove).toHaveCount(1),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Remove route' }).click(),
        undone: 'The route is still there.',
        isDone: () => expect(remove).toHaveCount(0),
      };
    },
  },
  {
    name: 'messages in doubt that were sent',
    actions: ['decideAboutDoubts'],
    begin: async ({ openAs, account, database }) => {
      await database.query(
        `insert into message (account_id, msisdn, sender_number, text, segments, cost, status, carrier, doubted_at)
         values ($1, $2, '27600100200', 'Hello', 1, 0, 'IN_DOUBT', 'simulator', now())`,
        [account.id, await nextMsisdn(database)],
      );
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/system');
      const group = page
        .getByRole('list', { name: 'Messages in doubt' })
        .getByRole('listitem')
        .filter({ hasText: `W${account.id}` });
      return {
        page,
        open: () => group.getByRole('button', { name: 'They were sent' }).click(),
        isThere: () => expect(group).toBeVisible(),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'They were sent' }).click(),
        undone: 'Nothing was decided; they still wait.',
        isDone: () => expect(group).toHaveCount(0),
      };
    },
  },
  {
    name: 'what becomes of messages in doubt',
    actions: ['chooseDoubtPolicy'],
    begin: async ({ openAs, database }) => {
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/system');
      return {
        page,
        isThere: () => expect(page.getByRole('radio', { name: 'Send again after a minute' })).toBeChecked(),
        press: () => page.getByText('Hold for a person', { exact: true }).click(),
        undone: 'It is as it was.',
      };
    },
  },
  {
    name: 'an answer of the registry that is put in force',
    actions: ['putAnswerInForce'],
    begin: async ({ openAs, account, database }) => {
      const page = await openAs(await createStaff(database));
      await visit(page, `/admin/registry/${await createAnswer(database, account.id)}`);
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Put in force' }).click(),
        isThere: () => expect(dialog).toContainText(/1.number will be blocked/),
        press: () => dialog.getByRole('button', { name: 'Put in force' }).click(),
        undone: 'Nothing was changed.',
        // not that it is: a job does it, and this page hears of nothing
        isDone: () => expect(page.getByText('The answer is being put in force')).toBeVisible(),
      };
    },
  },
  {
    name: 'an answer of the registry that is discarded',
    actions: ['discardRegistryAnswer'],
    begin: async ({ openAs, account, database }) => {
      const page = await openAs(await createStaff(database));
      await visit(page, `/admin/registry/${await createAnswer(database, account.id)}`);
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Discard' }).click(),
        isThere: () => expect(dialog).toContainText('stays as it is'),
        press: () => dialog.getByRole('button', { name: 'Discard' }).click(),
        undone: 'It was not discarded.',
        isDone: () => expect(page.getByText('Discarded', { exact: true })).toBeVisible(),
      };
    },
  },
  {
    name: 'a number that is looked up on the registry',
    actions: ['lookUpOnRegistry'],
    begin: async ({ openAs, database }) => {
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/registry');
      const number = page.getByLabel('Mobile number');
      const typed = toNationalForm(await nextMsisdn(database));
      return {
        page,
        open: () => number.fill(typed),
        isThere: () => expect(number).toHaveValue(typed),
        press: () => page.getByRole('button', { name: 'Look it up' }).click(),
        undone: 'Nothing was looked up.',
        isDone: () => expect(page.getByText('never was')).toBeVisible(),
      };
    },
  },
  {
    name: 'how long texts are kept',
    actions: ['saveRetention'],
    begin: async ({ openAs, database }) => {
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/settings');
      const months = page.getByLabel('Texts of messages and replies');
      return {
        page,
        type: () => months.fill('120'),
        isThere: () => expect(months).toHaveValue('120'),
        press: () => page.getByRole('button', { name: 'Save times' }).click(),
        undone: 'What is kept, and how long, is as it was.',
      };
    },
  },
  {
    name: 'a legal hold that is set',
    actions: ['setHold'],
    begin: async ({ openAs, account, database }) => {
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/privacy');
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Set hold' }).click(),
        type: async () => {
          await dialog.getByLabel('Account or number').fill(`W${account.id}`);
          await dialog.getByLabel('Reason').fill('Case 17');
        },
        isThere: () => expect(dialog.getByLabel('Reason')).toHaveValue('Case 17'),
        press: () => dialog.getByRole('button', { name: 'Set hold' }).click(),
        undone: 'No hold was set.',
        isDone: () =>
          expect(page.getByRole('button', { name: `Lift the hold on W${account.id}` })).toBeVisible(),
      };
    },
  },
  {
    name: 'a legal hold that is lifted',
    actions: ['liftHold'],
    begin: async ({ openAs, account, database }) => {
      const staff = await createStaff(database);
      await database.query(
        `insert into legal_hold (held_account_id, reason, created_by, created_at) values ($1, 'Case 18', 1, now())`,
        [account.id],
      );
      const page = await openAs(staff);
      await visit(page, '/admin/privacy');
      const dialog = page.getByRole('dialog');
      const lift = page.getByRole('button', { name: `Lift the hold on W${account.id}` });
      return {
        page,
        open: () => lift.first().click(),
        type: () => dialog.getByLabel('Reason').fill('Settled'),
        isThere: () => expect(dialog.getByLabel('Reason')).toHaveValue('Settled'),
        press: () => dialog.getByRole('button', { name: 'Lift hold' }).click(),
        undone: `The hold on W${account.id} is still there.`,
        isDone: () => expect(page.getByText(`The hold on W${account.id} is lifted`)).toBeVisible(),
      };
    },
  },
  {
    name: 'one person’s data looked up',
    actions: ['findPerson'],
    begin: async ({ openAs, database }) => {
      const number = toNationalForm(await nextMsisdn(database));
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/privacy');
      const field = page.getByLabel('Number', { exact: true });
      return {
        page,
        type: () => field.fill(number),
        isThere: () => expect(field).toHaveValue(number),
        press: () => page.getByRole('button', { name: 'Look up' }).click(),
        undone: 'Nothing was looked up.',
        isDone: () => expect(page.getByText('Nothing is known of this number.')).toBeVisible(),
      };
    },
  },
  {
    name: 'one person’s data erased',
    actions: ['erasePerson'],
    begin: async ({ openAs, account, database }) => {
      const msisdn = await nextMsisdn(database);
      await createMessages(database, account, [{ msisdn, text: 'The tulips are in.' }]);
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/privacy');
      const dialog = page.getByRole('dialog');
      const erase = page.getByRole('button', { name: 'Erase', exact: true });
      const lookUp = async () => {
        await page.getByLabel('Number', { exact: true }).fill(`+${msisdn}`);
        await page.getByRole('button', { name: 'Look up' }).click();
        await expect(erase).toBeVisible();
      };
      await lookUp();
      return {
        page,
        open: async () => {
          // Gone with a reload, as nobody is looked up by a page alone.
          if (!(await erase.isVisible())) await lookUp();
          await erase.click();
        },
        type: () => dialog.getByLabel('Reason').fill('They asked'),
        isThere: () => expect(dialog.getByLabel('Reason')).toHaveValue('They asked'),
        press: () => dialog.getByRole('button', { name: 'Erase' }).click(),
        undone: `Nothing of ${formatMsisdn(msisdn)} was erased.`,
        isDone: () => expect(page.getByText('Nothing is known of this number.')).toBeVisible(),
      };
    },
  },
  {
    name: 'an e-mail that is sent again',
    actions: ['tryEmailAgain'],
    begin: async ({ openAs, account, database }) => {
      const { rows } = await database.query<{ id: string }>(
        `insert into email (account_id, event_key, recipient, subject, text, html, state, next_attempt_at, attempts, reason, finished_at)
         select id, 'failed', owner_email, 'The tulips are in', 'Text', '<p>Text</p>', 'FAILED', null, 14, '421 Too busy', now()
         from account where id = $1 returning id`,
        [account.id],
      );
      const page = await openAs(await createStaff(database));
      await visit(page, `/admin/outbox/${account.id}/${rows[0]?.id}`);
      const again = page.getByRole('button', { name: 'Send again' });
      return {
        page,
        isThere: () => expect(again).toBeVisible(),
        press: () => again.click(),
        undone: 'The e-mail was not sent again.',
        isDone: () => expect(page.getByText('It is tried again now.')).toBeVisible(),
      };
    },
  },
  {
    name: 'second factor: an app that is begun',
    actions: ['beginApp'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/account/security');
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Set up' }).click(),
        secret: passwordOf(account, dialog),
        isThere: () => expect(dialog).toBeVisible(),
        press: () => dialog.getByRole('button', { name: 'Go on' }).click(),
        undone: 'Nothing was changed.',
        isDone: () => expect(findPicture(page)).toBeVisible(),
      };
    },
  },
  {
    name: 'second factor: the first code of an app',
    actions: ['confirmApp'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await visit(page, '/account/security');
      return readyForFirstCode(page, async () => {
        await page.getByRole('button', { name: 'Set up' }).click();
        await prove(page, account, 'Go on');
      });
    },
  },
  {
    name: 'second factor: an app that is removed',
    actions: ['removeApp'],
    begin: async ({ openAs, account, database }) => {
      const page = await openAs(account);
      await giveApp(database, account);
      await visit(page, '/account/security');
      const dialog = page.getByRole('dialog');
      const section = findSection(page, 'Two-factor sign-in');
      return {
        page,
        open: () => section.getByRole('button', { name: 'Remove' }).click(),
        secret: passwordOf(account, dialog),
        isThere: () => expect(dialog).toBeVisible(),
        press: () => dialog.getByRole('button', { name: 'Remove' }).click(),
        undone: 'Nothing was changed.',
        isDone: () => expect(section.getByText('Off')).toBeVisible(),
      };
    },
  },
  {
    name: 'second factor: new recovery codes',
    actions: ['renewRecoveryCodes'],
    begin: async ({ openAs, account, database }) => {
      const page = await openAs(account);
      await giveApp(database, account);
      await visit(page, '/account/security');
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Make new recovery codes' }).click(),
        secret: passwordOf(account, dialog),
        isThere: () => expect(dialog).toBeVisible(),
        press: () => dialog.getByRole('button', { name: 'Make new codes' }).click(),
        undone: 'Nothing was changed.',
        isDone: () => expectRecoveryCodes(page),
      };
    },
  },
  {
    name: 'second factor: a passkey that is begun',
    actions: ['beginPasskey'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await addVirtualAuthenticator(page);
      await visit(page, '/account/security');
      const dialog = page.getByRole('dialog');
      const name = dialog.getByLabel('Name of the passkey');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Add a passkey' }).click(),
        type: () => name.fill('My laptop'),
        secret: passwordOf(account, dialog),
        isThere: () => expect(name).toHaveValue('My laptop'),
        press: () => dialog.getByRole('button', { name: 'Go on' }).click(),
        undone: 'Nothing was changed.',
        isDone: () => expect(findPasskeys(page).getByText('My laptop')).toBeVisible(),
      };
    },
  },
  {
    name: 'second factor: a passkey that was made',
    actions: ['addPasskey'],
    begin: async ({ openAs, account }) => {
      const page = await openAs(account);
      await addVirtualAuthenticator(page);
      const name = page.getByRole('dialog').getByLabel('Name of the passkey');
      let typed = '';
      return readyForFinger(page, '/account/security', {
        ask: async () => {
          await page.getByRole('button', { name: 'Add a passkey' }).click();
          // Over a reload it is still there.
          await expect(name).toHaveValue(typed);
          typed = 'My laptop';
          await name.fill(typed);
          await prove(page, account, 'Go on');
        },
        isThere: () => expect(page.getByText('You have no passkeys yet.')).toBeVisible(),
        undone: 'The passkey was not added.',
        isDone: () => expect(findPasskeys(page).getByText('My laptop')).toBeVisible(),
      });
    },
  },
  {
    name: 'second factor: a passkey in place of the password',
    actions: ['beginProof'],
    begin: async (stage) => {
      const { page, dialog } = await openWithPasskey(stage);
      return {
        page,
        open: () => page.getByRole('button', { name: 'Remove My laptop' }).click(),
        isThere: () => expect(dialog).toBeVisible(),
        press: () => dialog.getByRole('button', { name: 'Use a passkey instead' }).click(),
        undone: 'Nothing was changed.',
        isDone: () => expect(page.getByText('You have no passkeys yet.')).toBeVisible(),
      };
    },
  },
  {
    name: 'second factor: a passkey that is removed',
    actions: ['removePasskey'],
    begin: async (stage) => {
      const { page, dialog } = await openWithPasskey(stage);
      return {
        page,
        open: () => page.getByRole('button', { name: 'Remove My laptop' }).click(),
        secret: passwordOf(stage.account, dialog),
        isThere: () => expect(dialog).toBeVisible(),
        press: () => dialog.getByRole('button', { name: 'Remove' }).click(),
        undone: 'Nothing was changed.',
        isDone: () => expect(page.getByText('You have no passkeys yet.')).toBeVisible(),
      };
    },
  },
  {
    name: 'second factor: a passkey that gets another name',
    actions: ['renamePasskey'],
    begin: async (stage) => {
      const { page } = await openWithPasskey(stage);
      const name = page.getByLabel('Name of the passkey');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Rename My laptop' }).click(),
        type: () => name.fill('Nomsa’s laptop'),
        isThere: () => expect(name).toHaveValue('Nomsa’s laptop'),
        press: () => page.getByRole('button', { name: 'Save' }).click(),
        undone: 'Nothing was changed.',
        isDone: () => expect(findPasskeys(page).getByText('Nomsa’s laptop')).toBeVisible(),
      };
    },
  },
  ...(
    [
      ['endSession', /^End the session/, 'one session that is ended'],
      ['endOtherSessions', 'End all other sessions', 'all other sessions that are ended'],
    ] as const
  ).map(([action, button, name]): Case => ({
    name: `second factor: ${name}`,
    actions: [action],
    begin: async ({ openAs, account, carrier }) => {
      const page = await openAs(account);
      await signInByRequest(carrier.request, account);
      await visit(page, '/account/security');
      const sessions = page.getByRole('list', { name: 'Sessions' }).getByRole('listitem');
      return {
        page,
        isThere: () => expect(sessions).toHaveCount(2),
        press: () => page.getByRole('button', { name: button }).click(),
        undone: 'No session was ended.',
        isDone: () => expect(sessions).toHaveCount(1),
      };
    },
  })),
  {
    name: 'second factor: everyone must have one',
    actions: ['saveRequirement'],
    begin: async ({ openAs, account, database }) => {
      const page = await openAs(account);
      await giveApp(database, account);
      await visit(page, '/settings');
      const section = findSection(page, 'Second factor');
      const required = section.getByRole('radio', { name: 'Everyone must have one' });
      return {
        page,
        type: () => required.check(),
        isThere: () => expect(required).toBeChecked(),
        press: () => section.getByRole('button', { name: 'Save' }).click(),
        undone: 'Nothing was saved.',
        isDone: () => expect(page.getByText('Everyone must have a second factor now')).toBeVisible(),
      };
    },
  },
  {
    name: 'second factor: signing in with a passkey',
    actions: ['beginPasskeySignIn'],
    begin: async ({ openAs, account, database }) => {
      const page = await openAs(null);
      await givePasskey(database, account, await addVirtualAuthenticator(page), 'My laptop');
      await visit(page, '/sign-in');
      return {
        page,
        isThere: nothingTyped,
        press: () => page.getByRole('button', { name: 'Sign in with a passkey' }).click(),
        undone: 'You are not signed in.',
        isDone: () => expectHome(page, account),
      };
    },
  },
  {
    name: 'second factor: a passkey at the second step that is begun',
    actions: ['beginPasskeyStep'],
    begin: async (stage) => {
      const page = await openHalfWithPasskey(stage);
      await visit(page, '/sign-in/second-step');
      return {
        page,
        isThere: nothingTyped,
        press: () => page.getByRole('button', { name: 'Continue with your passkey' }).click(),
        undone: 'You are not signed in yet.',
        isDone: () => expectHome(page, stage.account),
      };
    },
  },
  {
    name: 'second factor: a passkey at the second step that answered',
    actions: ['enterPasskey'],
    begin: async (stage) => {
      const page = await openHalfWithPasskey(stage);
      return readyForFinger(page, '/sign-in/second-step', {
        ask: () => page.getByRole('button', { name: 'Continue with your passkey' }).click(),
        isThere: nothingTyped,
        undone: 'You are not signed in yet.',
        isDone: () => expectHome(page, stage.account),
      });
    },
  },
  {
    name: 'second factor: a code of the app at the second step',
    actions: ['enterCode'],
    begin: async (stage) => {
      const { page, key } = await openHalfWithApp(stage);
      const field = page.getByLabel('Code from the app');
      return {
        page,
        secret: { field, make: () => nextCode(key) },
        isThere: () => expect(field).toBeVisible(),
        press: () => page.getByRole('button', { name: 'Continue' }).click(),
        undone: 'You are not signed in yet.',
        isDone: () => expectHome(page, stage.account),
      };
    },
  },
  {
    name: 'second factor: a recovery code at the second step',
    actions: ['enterRecoveryCode'],
    begin: async (stage) => {
      const { page, codes } = await openHalfWithApp(stage);
      const field = page.getByLabel('Recovery code');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Use a recovery code' }).click(),
        secret: { field, make: () => codes[0] ?? '' },
        isThere: () => expect(field).toBeVisible(),
        press: () => page.getByRole('button', { name: 'Continue' }).click(),
        undone: 'You are not signed in yet.',
        isDone: () => expectHome(page, stage.account),
      };
    },
  },
  ...(
    [
      ['beginFirstApp', 'Set up an authenticator app', 'a first app that is begun', findPicture],
      ['beginFirstPasskey', 'Set up a passkey', 'a first passkey that is begun', findRecoveryCodes],
    ] as const
  ).map(([action, button, name, findDone]): Case => ({
    name: `second factor: ${name}`,
    actions: [action],
    begin: async (stage) => {
      const page = await openWithoutFactor(stage);
      await visit(page, '/sign-in/second-step');
      return {
        page,
        isThere: nothingTyped,
        press: () => page.getByRole('button', { name: button }).click(),
        undone: 'Nothing is set up yet.',
        isDone: () => expect(findDone(page)).toBeVisible(),
      };
    },
  })),
  {
    name: 'second factor: the first code of a first app',
    actions: ['confirmFirstApp'],
    begin: async (stage) => {
      const page = await openWithoutFactor(stage);
      await visit(page, '/sign-in/second-step');
      return readyForFirstCode(page, () =>
        page.getByRole('button', { name: 'Set up an authenticator app' }).click(),
      );
    },
  },
  {
    name: 'second factor: a first passkey that was made',
    actions: ['addFirstPasskey'],
    begin: async (stage) => {
      const page = await openWithoutFactor(stage);
      return readyForFinger(page, '/sign-in/second-step', {
        ask: () => page.getByRole('button', { name: 'Set up a passkey' }).click(),
        isThere: nothingTyped,
        undone: 'Nothing is set up yet.',
        isDone: () => expectRecoveryCodes(page),
      });
    },
  },
  {
    name: 'change a role',
    actions: ['changePersonRole'],
    begin: async ({ openAs, account, database }) => {
      const colleague = await createColleague(database, account);
      const page = await openAs(account);
      await visit(page, '/people');
      const row = page
        .getByRole('list', { name: 'People' })
        .getByRole('listitem')
        .filter({ hasText: colleague.username });
      return {
        page,
        open: async () => {
          await row.getByRole('button', { name: /^Change / }).click();
          await page.getByRole('menuitem', { name: 'Change role', exact: true }).click();
        },
        isThere: () => expect(row).toBeVisible(),
        press: () =>
          page.getByRole('dialog').getByRole('button', { name: 'Change role', exact: true }).click(),
        undone: 'The role is as it was.',
      };
    },
  },
  {
    name: 'suspend a colleague',
    actions: ['suspendPerson'],
    begin: async ({ openAs, account, database }) => {
      const colleague = await createColleague(database, account);
      const page = await openAs(account);
      await visit(page, '/people');
      const row = page
        .getByRole('list', { name: 'People' })
        .getByRole('listitem')
        .filter({ hasText: colleague.username });
      return {
        page,
        open: async () => {
          await row.getByRole('button', { name: /^Change / }).click();
          await page.getByRole('menuitem', { name: 'Suspend', exact: true }).click();
        },
        isThere: () => expect(row).toBeVisible(),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Suspend', exact: true }).click(),
        undone: 'Nothing was changed.',
      };
    },
  },
  {
    name: 'remove a colleague',
    actions: ['removePerson'],
    begin: async ({ openAs, account, database }) => {
      const colleague = await createColleague(database, account);
      const page = await openAs(account);
      await visit(page, '/people');
      const row = page
        .getByRole('list', { name: 'People' })
        .getByRole('listitem')
        .filter({ hasText: colleague.username });
      return {
        page,
        open: async () => {
          await row.getByRole('button', { name: /^Change / }).click();
          await page.getByRole('menuitem', { name: 'Remove', exact: true }).click();
        },
        isThere: () => expect(row).toBeVisible(),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click(),
        undone: 'Nothing was changed.',
      };
    },
  },
  {
    name: 'leave an account',
    actions: ['leaveAccount'],
    begin: async ({ openAs, account, database }) => {
      const colleague = await createColleague(database, account, 'VIEWER');
      const page = await openAs(colleague);
      await visit(page, '/people');
      const row = page
        .getByRole('list', { name: 'People' })
        .getByRole('listitem')
        .filter({ hasText: colleague.username });
      return {
        page,
        open: async () => {
          await row.getByRole('button', { name: /^Change / }).click();
          await page.getByRole('menuitem', { name: 'Leave the account' }).click();
        },
        isThere: () => expect(row).toBeVisible(),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Leave' }).click(),
        undone: 'Nothing was changed.',
        isDone: () => expect(page).toHaveURL(/\/(sign-in|accounts)/),
      };
    },
  },
  {
    name: 'hand over an account',
    actions: ['handOverAccount'],
    begin: async ({ openAs, account, database }) => {
      const colleague = await createColleague(database, account);
      const page = await openAs(account);
      await visit(page, '/people');
      const row = page
        .getByRole('list', { name: 'People' })
        .getByRole('listitem')
        .filter({ hasText: colleague.username });
      return {
        page,
        open: async () => {
          await row.getByRole('button', { name: /^Change / }).click();
          await page.getByRole('menuitem', { name: 'Hand the account over', exact: true }).click();
        },
        isThere: () => expect(row).toBeVisible(),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Hand over', exact: true }).click(),
        undone: 'Nothing was changed.',
      };
    },
  },
  {
    name: 'send an invitation again',
    actions: ['sendInvitationAgain'],
    begin: async ({ openAs, account, database }) => {
      const email = `guest-${await nextSerial(database)}@florist.example`;
      const page = await openAs(account);
      await invite(page, email);
      return {
        page,
        isThere: () => expect(page.getByRole('list', { name: 'Invitations' }).getByText(email)).toBeVisible(),
        press: () => page.getByRole('button', { name: `Send the invitation to ${email} again` }).click(),
        undone: 'Nothing was changed.',
      };
    },
  },
  {
    name: 'withdraw an invitation',
    actions: ['withdrawInvitation'],
    begin: async ({ openAs, account, database }) => {
      const email = `guest-${await nextSerial(database)}@florist.example`;
      const page = await openAs(account);
      await invite(page, email);
      return {
        page,
        isThere: () => expect(page.getByRole('list', { name: 'Invitations' }).getByText(email)).toBeVisible(),
        press: () => page.getByRole('button', { name: `Withdraw the invitation to ${email}` }).click(),
        undone: 'Nothing was changed.',
      };
    },
  },
  {
    name: 'invite somebody',
    actions: ['invitePerson'],
    begin: async ({ openAs, account, database }) => {
      const email = `guest-${await nextSerial(database)}@florist.example`;
      const page = await openAs(account);
      await visit(page, '/people');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Invite somebody' }).click(),
        type: () => page.getByLabel('E-mail address').fill(email),
        isThere: () => expect(page.getByLabel('E-mail address')).toHaveValue(email),
        press: () => page.getByRole('button', { name: 'Send the invitation' }).click(),
        undone: 'Nobody was invited; what you typed is still here.',
      };
    },
  },
  {
    name: 'reinstate a colleague',
    actions: ['reinstatePerson'],
    begin: async ({ openAs, account, database }) => {
      const colleague = await createColleague(database, account);
      await database.query(
        `update membership set suspended_at = now()
         where user_id = (select id from portal_user where username = $1)`,
        [colleague.username],
      );
      const page = await openAs(account);
      await visit(page, '/people');
      const row = page
        .getByRole('list', { name: 'People' })
        .getByRole('listitem')
        .filter({ hasText: colleague.username });
      return {
        page,
        isThere: () => expect(row.getByText('Suspended')).toBeVisible(),
        press: async () => {
          await row.getByRole('button', { name: /^Change / }).click();
          await page.getByRole('menuitem', { name: 'Reinstate' }).click();
        },
        undone: 'Nothing was changed.',
      };
    },
  },
  {
    name: 'accept an invitation as somebody new',
    actions: ['acceptInvitationAsNew'],
    begin: async ({ openAs, account, database }) => {
      const email = `guest-${await nextSerial(database)}@florist.example`;
      await invite(await openAs(account), email);
      const page = await openAs(null);
      await visit(page, findLink(await readMail(email, 'invites you to work with')));
      const name = page.getByLabel('Your name');
      return {
        page,
        type: async () => {
          await name.fill('Naledi Khumalo');
          await page.getByLabel('Username').fill(email.split('@')[0] ?? '');
          await page.getByLabel('Password', { exact: true }).fill('proteas and tulips');
        },
        isThere: () => expect(name).toBeVisible(),
        press: () => page.getByRole('button', { name: 'Accept the invitation' }).click(),
        undone: 'The invitation is still open; what you typed is still here.',
      };
    },
  },
  {
    name: 'accept an invitation as oneself',
    actions: ['acceptInvitation'],
    begin: async ({ openAs, account, database }) => {
      const other = await createAccount(database);
      const email = `${other.username}@florist.example`;
      await invite(await openAs(account), email);
      const page = await openAs(other);
      await visit(page, findLink(await readMail(email, 'invites you to work with')));
      const accept = page.getByRole('button', { name: 'Accept the invitation' });
      return {
        page,
        isThere: () => expect(accept).toBeVisible(),
        press: () => accept.click(),
        undone: 'The invitation is still open; what you typed is still here.',
      };
    },
  },
  {
    name: 'switch to another account',
    actions: ['switchOwnAccount'],
    begin: async ({ openAs, account, database }) => {
      const [colleague, other] = [await createColleague(database, account), await createAccount(database)];
      await database.query(
        `insert into membership (account_id, user_id, role)
         select $1, id, 'VIEWER' from portal_user where username = $2`,
        [other.id, colleague.username],
      );
      const page = await openAs(colleague);
      await visit(page, '/accounts');
      const button = page.getByRole('button', { name: /^Work with / });
      return {
        page,
        isThere: () => expect(button).toBeVisible(),
        press: () => button.click(),
        undone: 'You are in the account in which you were.',
      };
    },
  },
  {
    name: 'add somebody to the staff',
    actions: ['addStaffMember'],
    begin: async ({ openAs, database }) => {
      const serial = await nextSerial(database);
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/staff');
      const dialog = page.getByRole('dialog');
      return {
        page,
        open: () => page.getByRole('button', { name: 'Add somebody' }).click(),
        type: async () => {
          await dialog.getByLabel('Name', { exact: true }).fill('Naledi Khumalo');
          await dialog.getByLabel('E-mail address').fill(`naledi-${serial}@provider.example`);
          await dialog.getByLabel('Username').fill(`naledi-${serial}`);
        },
        isThere: () => expect(dialog.getByLabel('Username')).toHaveValue(`naledi-${serial}`),
        press: () => dialog.getByRole('button', { name: 'Add to the staff' }).click(),
        undone: 'Nobody was added; what you typed is still here.',
        isDone: () => expect(page.getByText(/Naledi Khumalo is of the staff/)).toBeVisible(),
      };
    },
  },
  {
    name: 'change a member of staff',
    actions: ['changeStaffMember'],
    begin: async ({ openAs, database }) => {
      const member = await createStaff(database, 'SUPPORT');
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/staff');
      const row = page.getByRole('listitem').filter({ hasText: `${member.username},` });
      return {
        page,
        open: async () => {
          await openRowMenu(row);
          await page.getByRole('menuitem', { name: 'Suspend', exact: true }).click();
        },
        isThere: () => expect(row).toBeVisible(),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Suspend', exact: true }).click(),
        undone: 'Nothing was changed.',
        isDone: () => expect(row.getByText('Suspended')).toBeVisible(),
      };
    },
  },
  {
    name: 'take away a lost second factor of staff',
    actions: ['resetStaffFactor'],
    begin: async ({ openAs, database }) => {
      const member = await createStaff(database, 'SUPPORT');
      await database.query(
        `insert into authenticator_app (user_id, secret, confirmed_at)
         select id, 'sealed', now() from portal_user where username = $1`,
        [member.username],
      );
      const page = await openAs(await createStaff(database));
      await visit(page, '/admin/staff');
      const row = page.getByRole('listitem').filter({ hasText: `${member.username},` });
      const reason = page.getByRole('dialog').getByLabel('Reason');
      return {
        page,
        open: async () => {
          await openRowMenu(row);
          await page.getByRole('menuitem', { name: 'Take away second factor' }).click();
        },
        type: () => reason.fill('Phoned.'),
        isThere: () => expect(reason).toHaveValue('Phoned.'),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Take it away' }).click(),
        undone: 'Nothing was changed.',
      };
    },
  },
  {
    name: 'take away a lost second factor',
    actions: ['resetFactor'],
    begin: async ({ openAs, account, database }) => {
      await database.query(
        `insert into authenticator_app (user_id, secret, confirmed_at)
         select id, 'sealed', now() from portal_user where username = $1`,
        [account.username],
      );
      const page = await openAs(await createStaff(database));
      await visit(page, `/admin/accounts/${account.id}`);
      const reason = page.getByRole('dialog').getByLabel('Reason');
      return {
        page,
        open: () => page.getByRole('button', { name: /^Take away the second factor of / }).click(),
        type: () => reason.fill('Phoned.'),
        isThere: () => expect(reason).toHaveValue('Phoned.'),
        press: () => page.getByRole('dialog').getByRole('button', { name: 'Take it away' }).click(),
        undone: 'Nomsa Zwane has the second factor still.',
      };
    },
  },
];

/**
 * What `npm test` tries: one of each shape that a call of the server has on a page, as all of them are made
 * by the same few lines (components/actions). `npm run soak -- --only browser` tries all.
 */
const shapes = new Map([
  ['send', 'a form of a page'],
  ['add opt-outs', 'a form of a dialog'],
  ['remove an opt-out from the list', 'a question before something is removed'],
  ['opt out in Replies to review', 'done on the page before the server has answered'],
  ['undo in Replies to review', 'what undoes that'],
  ['sign out', 'a menu, which leads away'],
  ['second factor: a code of the app at the second step', 'a form with a secret'],
]);

for (const { name, begin } of cases) {
  const when = shapes.has(name) ? '' : ' @soak';
  test(`${name}: on a page older than the server, and without a network${when}`, async ({
    openAs,
    account,
    database,
    request,
    carrierSecret,
    complaints,
  }) => {
    const ready = await begin({
      // A page that is refreshed while the network goes is left by Next.js; here it is to stand still.
      openAs: async (person) => {
        const page = await openAs(person);
        await hearNothing(page);
        return page;
      },
      account,
      database,
      carrier: { request, carrierSecret, database },
    });
    const { page } = ready;
    const says = (reason: string) => findProblem(page, `${reason} ${ready.undone}`);
    let secret = '';
    const typeSecret = async () => {
      secret = (await ready.secret?.make()) ?? '';
      await ready.secret?.field.fill(secret);
    };
    const isThere = async () => {
      if (ready.secret) await expect(ready.secret.field).toHaveValue(secret);
      await ready.isThere();
    };

    complaints.expectAnswer(409, '');
    const stopAgeing = await agePage(page);
    await ready.open?.();
    await ready.type?.();
    await typeSecret();
    await ready.press();
    await expect(says('This page is older than the server.')).toBeVisible();
    if (ready.secret) await expect(findProblem(page, 'what you typed is kept.')).toHaveCount(0);
    await isThere();
    await stopAgeing();

    const reload = page.getByRole('button', { name: 'Reload' }).last();
    if (ready.type || ready.secret || ready.isPressedOnce) {
      await Promise.all([page.waitForEvent('load'), reload.click()]);
      await waitForReact(page);
      await ready.open?.();
      // Typed once: what stands there now has come over the reload.
      secret = '';
      await isThere();
      await typeSecret();
    } else {
      // Nothing to keep: that it reloads is seen with the others.
      await expect(reload).toBeVisible();
    }

    complaints.expectLostRequests();
    await page.context().setOffline(true);
    await ready.press();
    await expect(says('You are offline.')).toBeVisible();
    await isThere();
    await page.context().setOffline(false);
    if (!ready.isDone) return;
    const again = page.getByRole('button', { name: ready.tryAgain ?? 'Try again' });
    await (ready.lastTryAgain ? again.last() : again).click();
    await ready.isDone();
  });
}

test('an answer that is lost on the way leaves it open; the message is sent once all the same', async ({
  openAs,
  account,
  database,
  complaints,
}) => {
  const page = await openAs(account);
  const msisdn = await nextMsisdn(database);
  await visit(page, '/send');
  await page.getByLabel('Recipients').fill(toNationalForm(msisdn));
  await page.getByLabel('Message').fill('The tulips are in.');
  complaints.expectLostRequests();
  await page.route('**/send', async (route) => {
    if (route.request().headers()['next-action'] === undefined) return route.fallback();
    await route.fetch();
    await route.abort();
  });
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(
    findProblem(page, 'The server could not be reached. We do not know whether it was sent.'),
  ).toBeVisible();
  await page.unroute('**/send');
  // The key by which the server knows it again is kept with what was typed.
  await page.reload();
  await waitForReact(page);
  await expect(page.getByText('It may not have been sent.')).toBeVisible();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page.getByText('1 message is on the way')).toBeVisible();
  const { rowCount } = await database.query('select from message where account_id = $1 and msisdn = $2', [
    account.id,
    msisdn,
  ]);
  expect(rowCount).toBe(1);
});

test('a session that ended keeps what was typed, for the one who typed it', async ({
  openAs,
  account,
  database,
  complaints,
}) => {
  complaints.expectSessionEnd();
  const page = await openAs(account);
  // A page that hears of the end leads to the sign-in by itself; here a person presses first.
  await hearNothing(page);
  await visit(page, '/send');
  await page.getByLabel('Message').fill('The tulips are in.');
  await page.getByLabel('Recipients').fill(toNationalForm(await nextMsisdn(database)));
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Send', exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  await waitForReact(page);
  await page.getByLabel('Username').fill(account.username);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('link', { name: 'Send', exact: true }).first()).toBeVisible();
  await visit(page, '/send');
  await expect(page.getByLabel('Message')).toHaveValue('The tulips are in.');
  await expect(page.getByText('What you typed before is here again.')).toBeVisible();

  // Whoever signs out leaves nothing.
  await openUserMenu(page);
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  // The page that says so may be loaded once more meanwhile.
  await expect(async () => {
    const kept = await page.evaluate(() =>
      Object.keys(sessionStorage).filter((key) => key.startsWith('draft')),
    );
    expect(kept).toEqual([]);
  }).toPass();
});

test('signing in without a network keeps the page and what was typed', async ({
  openAs,
  account,
  complaints,
}) => {
  const page = await openAs(null);
  await visit(page, '/sign-in');
  await page.getByLabel('Username').fill(account.username);
  await page.getByLabel('Password', { exact: true }).fill(account.password);
  complaints.expectLostRequests();
  await page.context().setOffline(true);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByText('You are offline, so you are not signed in.')).toBeVisible();
  await expect(page.getByLabel('Username')).toHaveValue(account.username);
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('button', { name: /^User menu/ })).toBeVisible();
});

test('a file that could not be handed in is still chosen', async ({
  openAs,
  account,
  database,
  complaints,
}) => {
  const page = await openAs(account);
  await visit(page, '/messages/opt-outs/check');
  await page.getByLabel('Or paste numbers').fill(toNationalForm(await nextMsisdn(database)));
  await page.getByRole('button', { name: 'Read the numbers' }).click();
  const check = page.getByRole('button', { name: 'Check the list' });
  await expect(check).toBeEnabled();
  complaints.expectLostRequests();
  await page.context().setOffline(true);
  await check.click();
  await expect(findProblem(page, 'You are offline. Nothing was kept.')).toBeVisible();
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('heading', { name: 'Pasted numbers' })).toBeVisible();
});

test('the undo of a removal that fails says so on the page', async ({
  openAs,
  account,
  database,
  complaints,
}) => {
  const msisdn = await addByHand(database, account);
  const page = await openAs(account);
  // A page that is refreshed while the network goes is left by Next.js.
  await hearNothing(page);
  await visit(page, '/messages/opt-outs');
  await page
    .getByRole('row')
    .filter({ hasText: formatMsisdn(msisdn) })
    .getByRole('button', { name: /^Delete/ })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  const undo = page.getByRole('button', { name: 'Undo', exact: true });
  await expect(undo).toBeVisible();
  complaints.expectLostRequests();
  await page.context().setOffline(true);
  await undo.click();
  await expect(
    findProblem(page, 'You are offline. Nothing was added again: what you removed is not opted out.'),
  ).toBeVisible();
  await page.context().setOffline(false);
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByText('Added again, by hand')).toBeVisible();
});

test('every server action is in the table', async () => {
  const lib = path.resolve(import.meta.dirname, '../lib');
  const files = (await readdir(lib, { recursive: true })).filter((file) =>
    /(?:^|[/-])actions\.ts$/.test(file),
  );
  const exported = await Promise.all(
    files.map(async (file) => {
      const source = await readFile(path.join(lib, file), 'utf8');
      return [...source.matchAll(/^export (?:async function|const) (\w+)/gm)].map(([, name]) => name);
    }),
  );
  expect(exported.flat().length).toBeGreaterThan(20);
  expect(exported.flat().sort()).toEqual([...new Set(cases.flatMap(({ actions }) => actions))].sort());
  expect(cases.map(({ name }) => name)).toEqual(expect.arrayContaining([...shapes.keys()]));
});

const oldPage = 'the page of an older server';

/**
 * The page hears of no change, and can be made to grow old. Done within it: where Playwright holds requests
 * up there is no cache, and each reload of a page reads all its scripts again.
 */
async function hearNothing(page: Page): Promise<void> {
  await page.addInitScript((key) => {
    window.EventSource = class extends EventTarget {
      close() {}
    } as unknown as typeof EventSource;
    const ask = window.fetch;
    window.fetch = (input, init) => {
      const headers = new Headers(init?.headers);
      const id = headers.get('next-action');
      if (id === null || sessionStorage.getItem(key) === null) return ask(input, init);
      headers.set('next-action', 'f'.repeat(id.length));
      return ask(input, { ...init, headers });
    };
  }, oldPage);
}

/**
 * Until it is stopped, the server knows nothing that the page asks it to do: as if a newer one had taken its
 * place.
 */
async function agePage(page: Page): Promise<() => Promise<void>> {
  await page.evaluate((key) => sessionStorage.setItem(key, 'true'), oldPage);
  return () => page.evaluate((key) => sessionStorage.removeItem(key), oldPage);
}

function findProblem(page: Page, text: string): Locator {
  return page.getByText(text).filter({ visible: true }).first();
}

function findSection(page: Page, name: string): Locator {
  return page.getByRole('region', { name, exact: true });
}

/** Sends the form of a new account; answers with the link of its e-mail. */
async function beginRegistration(page: Page, database: Pool): Promise<string> {
  const serial = await nextSerial(database);
  const email = `sipho-${serial}@ceramics.example`;
  await visit(page, '/register');
  await page.getByLabel('Company').fill('Knysna Ceramics');
  await page.getByLabel('Your name').fill('Sipho Dlamini');
  await page.getByLabel('E-mail address').fill(email);
  await page.getByLabel('Cell number').fill(toNationalForm(await nextMsisdn(database)));
  await page.getByLabel('Username').fill(`sipho-${serial}`);
  await page.getByLabel('Password', { exact: true }).fill('proteas and tulips');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'Look into your e-mail' })).toBeVisible();
  return findLink(await readMail(email, 'Confirm your e-mail address'));
}

async function addByHand(database: Pool, account: TestAccount): Promise<string> {
  const msisdn = await nextMsisdn(database);
  await database.query(`insert into opt_out (account_id, msisdn, kind) values ($1, $2, 'MANUAL')`, [
    account.id,
    msisdn,
  ]);
  return msisdn;
}

async function createNotice(database: Pool, account: TestAccount): Promise<void> {
  await database.query(
    `insert into notice (account_id, event_key, title, text) values ($1, 'tulips', 'The tulips are in', 'All of them.')`,
    [account.id],
  );
}

async function isOptedOut({ database, account }: Stage, msisdn: string): Promise<boolean> {
  const { rowCount } = await database.query('select from opt_out where account_id = $1 and msisdn = $2', [
    account.id,
    msisdn,
  ]);
  return rowCount === 1;
}

/** Replies to review with one reply in it. */
async function openReplyToReview({ openAs, account, database, carrier }: Stage) {
  const msisdn = await nextMsisdn(database);
  await createMessages(database, account, [{ msisdn, text: 'The tulips are in. STOP to opt out.' }]);
  await replyAs(msisdn, account, 'Stop please', carrier);
  const page = await openAs(account);
  await visit(page, '/messages/review');
  const card = page.getByRole('article').filter({ hasText: formatMsisdn(msisdn) });
  await expect(card).toBeVisible();
  return { page, card, msisdn };
}

function passwordOf({ password }: Person, dialog: Locator): Ready['secret'] {
  return { field: dialog.getByLabel('Your password'), make: () => password };
}

function findPicture(page: Page): Locator {
  return page.getByRole('img', { name: 'QR code for your authenticator app' });
}

function findPasskeys(page: Page): Locator {
  return page.getByRole('list', { name: 'Passkeys' });
}

function findRecoveryCodes(page: Page): Locator {
  return page.getByRole('list', { name: 'Recovery codes' });
}

async function expectRecoveryCodes(page: Page): Promise<void> {
  await expect(findRecoveryCodes(page).getByRole('listitem')).toHaveCount(10);
}

async function expectHome(page: Page, account: TestAccount): Promise<void> {
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();
}

/** The page of security of somebody who has a passkey. */
async function openWithPasskey({ openAs, account, database }: Stage) {
  const page = await openAs(account);
  await givePasskey(database, account, await addVirtualAuthenticator(page), 'My laptop');
  await visit(page, '/account/security');
  return { page, dialog: page.getByRole('dialog') };
}

/** A browser in which the password was right, and a passkey is asked for. */
async function openHalfWithPasskey({ openAs, account, database }: Stage): Promise<Page> {
  const page = await openAs(null);
  await givePasskey(database, account, await addVirtualAuthenticator(page), 'My laptop');
  await signInByRequest(page.request, account);
  return page;
}

/** The second step of somebody whose app has this key. */
async function openHalfWithApp({ openAs, account }: Stage) {
  const whole = await openAs(account);
  await visit(whole, '/account/security');
  await whole.getByRole('button', { name: 'Set up' }).click();
  await prove(whole, account, 'Go on');
  const { key, codes } = await typeFirstCode(whole);
  const page = await openAs(null);
  await signInByRequest(page.request, account);
  await visit(page, '/sign-in/second-step');
  return { page, key, codes };
}

/** A browser in which the password was right, and a first factor must be set up; with a device for one. */
async function openWithoutFactor({ openAs, account, database }: Stage): Promise<Page> {
  await database.query('update account set requires_second_factor = true where id = $1', [account.id]);
  const page = await openAs(account);
  await addVirtualAuthenticator(page);
  return page;
}

/** @param begin leads to the picture; after a reload, to another one */
async function readyForFirstCode(page: Page, begin: () => Promise<void>): Promise<Ready> {
  const picture = findPicture(page);
  await begin();
  await expect(picture).toBeVisible();
  return {
    page,
    open: async () => {
      if (await picture.isVisible()) return;
      await begin();
      await expect(picture).toBeVisible();
    },
    secret: {
      field: page.getByLabel('Code from the app'),
      make: async () => computeCode(await page.getByTestId('app-key').innerText()),
    },
    isThere: () => expect(picture).toBeVisible(),
    press: () => page.getByRole('button', { name: 'Turn on' }).click(),
    undone: 'The app is not set up.',
    isDone: () => expectRecoveryCodes(page),
  };
}

/** What calls the server once a device has answered: it waits for the finger, while the page grows old. */
async function readyForFinger(
  page: Page,
  path: string,
  { ask, ...rest }: { ask: () => Promise<void> } & Omit<Ready, 'page' | 'open' | 'press'>,
): Promise<Ready> {
  const finger = await holdFinger(page);
  const open = async () => {
    if (finger.isAwaited()) return;
    await ask();
    await expect.poll(finger.isAwaited).toBe(true);
  };
  await visit(page, path);
  await open();
  return { ...rest, page, open, isPressedOnce: true, press: () => Promise.resolve(finger.put()) };
}
