import type { Page } from '@playwright/test';
import type { Pool } from 'pg';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { createAccount, nextMsisdn, toNationalForm, type TestAccount } from './accounts';
import { expect, pressFirst, test, visit } from './fixtures';
import { downloadList } from './lists';

type Kind = 'REPLY' | 'MANUAL' | 'IMPORT' | 'API' | 'STAFF';

/** Entries of these kinds, the first the newest; answers with their numbers as people read them. */
async function createOptOuts(
  database: Pool,
  account: TestAccount,
  kinds: readonly Kind[],
): Promise<string[]> {
  const msisdns: string[] = [];
  while (msisdns.length < kinds.length) msisdns.push(await nextMsisdn(database));
  await database.query(
    `with entry as (
       insert into opt_out (account_id, msisdn, kind, reply_text, rule, sender_number, created_at)
       select $1, msisdn, kind, case when kind = 'REPLY' then 'Stop' end,
         case when kind = 'REPLY' then 'exact:stop' end, case when kind = 'REPLY' then $4 end,
         now() - position * interval '1 day'
       from unnest($2::text[], $3::opt_out_kind[]) with ordinality as given (msisdn, kind, position)
       returning account_id
     )
     insert into opt_out_tally (account_id, change) select account_id, count(*) from entry group by account_id`,
    [account.id, msisdns, kinds, account.senderNumber],
  );
  return msisdns.map(formatMsisdn);
}

function getTable(page: Page) {
  return page.getByRole('table', { name: 'Auto Opt-Outs' });
}

/** Without the heads of the columns. */
function getRows(page: Page) {
  return getTable(page).locator('tbody tr');
}

function getRow(page: Page, number: string) {
  return getRows(page).filter({ hasText: number });
}

test.describe('Add Opt-Out Number', () => {
  test('adds a number, which is blocked and stands in the list', async ({ account, database, openAs }) => {
    const msisdn = await nextMsisdn(database);
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs');
    await expect(page.getByText('Nobody has opted out')).toBeVisible();
    await page.getByRole('button', { name: 'Add Opt-Out Number' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add Opt-Out Number' });
    await expect(dialog.getByLabel('Numbers')).toBeFocused();
    await dialog.getByLabel('Numbers').fill(toNationalForm(msisdn));
    await dialog.getByRole('button', { name: 'Add number' }).click();
    await expect(dialog.getByText('1 number added')).toBeVisible();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect(dialog).toBeHidden();
    await expect(getRow(page, formatMsisdn(msisdn))).toContainText('By hand');
    await expect(page.getByText('1 opt-out', { exact: true })).toBeVisible();

    await visit(page, '/send');
    await page.getByLabel('Recipients').fill(msisdn);
    await page.getByLabel('Message').fill('Good morning');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(page.getByText('Nothing was sent')).toBeVisible();
  });

  test('says of every line of a paste what became of it, and keeps what was wrong', async ({
    account,
    database,
    openAs,
  }) => {
    const [known = ''] = await createOptOuts(database, account, ['REPLY']);
    const formats = [
      (msisdn: string) => `0${msisdn.slice(2)}`,
      (msisdn: string) => msisdn.slice(2),
      (msisdn: string) => msisdn,
      (msisdn: string) => formatMsisdn(msisdn),
      (msisdn: string) => `00${msisdn}`,
      (msisdn: string) => `+27 (0)${msisdn.slice(2, 4)} ${msisdn.slice(4, 7)} ${msisdn.slice(7)}`,
      (msisdn: string) => `0${msisdn.slice(2, 4)}-${msisdn.slice(4, 7)}-${msisdn.slice(7)}`,
    ];
    const msisdns: string[] = [];
    while (msisdns.length < formats.length) msisdns.push(await nextMsisdn(database));
    const typed = msisdns.map((msisdn, index) => formats[index]?.(msisdn));
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs');
    await page.getByRole('button', { name: 'Add Opt-Out Number' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add Opt-Out Number' });
    await dialog
      .getByLabel('Numbers')
      .fill(`${typed.join(', ')};\n${typed[0]}\n${known}\r\n021 555 0123\n2.78E+10\nThandi`);
    await expect(dialog.getByText('8 numbers to add · 1 twice · 3 not usable')).toBeVisible();
    await dialog.getByRole('button', { name: 'Add 8 numbers' }).click();

    await expect(dialog.getByText('7 numbers added')).toBeVisible();
    await expect(dialog.getByText('1 already there, 1 twice in the paste, 3 not usable.')).toBeVisible();
    const lines = dialog.getByRole('list', { name: 'Results' }).getByRole('listitem');
    await expect(lines).toHaveCount(12);
    for (const [index, msisdn] of msisdns.entries()) {
      await expect(lines.nth(index)).toContainText(`${formatMsisdn(msisdn)}Added`);
    }
    await expect(lines.nth(7)).toContainText('Twice');
    await expect(lines.nth(8)).toContainText(/Already thereSince \d+/);
    await expect(lines.nth(9)).toContainText('is a landline');
    await expect(lines.nth(10)).toContainText('a spreadsheet has shortened');
    await expect(lines.nth(11)).toContainText('is not a phone number');
    await expect(getRows(page)).toHaveCount(8);

    await dialog.getByRole('button', { name: 'Correct 3 numbers' }).click();
    await expect(dialog.getByLabel('Numbers')).toHaveValue('021 555 0123\n2.78E+10\nThandi');
  });

  test('takes a thousand and leads to the import with more @soak', async ({ account, openAs }) => {
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs');
    await page.getByRole('button', { name: 'Add Opt-Out Number' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add Opt-Out Number' });
    const numbers = Array.from({ length: 1001 }, (_, index) => `083${String(index).padStart(7, '0')}`);
    await dialog.getByLabel('Numbers').fill(numbers.join('\n'));
    await expect(dialog.getByRole('alert')).toContainText('These are 1 001 numbers');
    await expect(dialog.getByRole('button', { name: /^Add/ })).toBeDisabled();
    await expect(dialog.getByRole('link', { name: 'Import a file' })).toHaveAttribute(
      'href',
      '/messages/opt-outs/import',
    );
    await dialog.getByLabel('Numbers').fill(numbers.slice(1).join(';'));
    await dialog.getByRole('button', { name: 'Add 1 000 numbers' }).click();
    await expect(dialog.getByText('1 000 numbers added')).toBeVisible();
  });

  test('keeps what was typed when it is closed by mistake @soak', async ({ account, openAs }) => {
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs');
    const opener = page.getByRole('button', { name: 'Add Opt-Out Number' });
    const dialog = page.getByRole('dialog', { name: 'Add Opt-Out Number' });
    await opener.click();
    await dialog.getByLabel('Numbers').fill('082 123');
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await expect(opener).toBeFocused();
    await opener.click();
    await expect(dialog.getByLabel('Numbers')).toHaveValue('082 123');
  });
});

test.describe('removing', () => {
  test('the red cross asks first, then removes; Undo adds the number again', async ({
    account,
    database,
    openAs,
  }) => {
    const [first = '', second = ''] = await createOptOuts(database, account, ['MANUAL', 'IMPORT']);
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs');
    await page.getByRole('button', { name: `Delete ${first}` }).click();
    const prompt = page.getByRole('dialog', { name: 'Delete Opt-Out Number' });
    await expect(prompt).toContainText(first);
    await expect(prompt).toContainText('Your account can then write to this number again.');
    await expect(prompt.getByRole('button', { name: 'Cancel' })).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(prompt).toBeHidden();
    await expect(getRows(page)).toHaveCount(2);

    await page.getByRole('button', { name: `Delete ${first}` }).click();
    await prompt.getByRole('button', { name: 'Delete' }).click();
    await expect(prompt).toBeHidden();
    await expect(getRow(page, first)).toHaveCount(0);
    await expect(getRow(page, second)).toBeFocused();
    await expect(page.getByText('1 opt-out', { exact: true })).toBeVisible();

    await page.getByRole('button', { name: 'Undo' }).click();
    await expect(getRow(page, first)).toContainText('By hand');
    const { rows } = await database.query<{ kind: string }>(
      'select kind from opt_out_event where account_id = $1 order by id',
      [account.id],
    );
    expect(rows.map(({ kind }) => kind)).toEqual(['REMOVED', 'OPTED_OUT']);
  });

  test('what a reply or our staff made has no cross, and says the way', async ({
    account,
    database,
    openAs,
  }) => {
    const [replied = '', byStaff = '', own = ''] = await createOptOuts(database, account, [
      'REPLY',
      'STAFF',
      'API',
    ]);
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs');
    await expect(page.getByRole('button', { name: /^Delete / })).toHaveCount(1);
    await expect(getRow(page, own).getByRole('button', { name: `Delete ${own}` })).toBeVisible();

    await getRow(page, byStaff).getByText('No reply').click();
    const panel = page.getByRole('dialog', { name: byStaff });
    await expect(panel).toContainText('Our staff made this entry. It is lifted when the recipient agrees.');
    await expect(panel.getByRole('link', { name: 'Request removal' })).toBeVisible();
    await expect(panel.getByRole('button', { name: /Delete/ })).toHaveCount(0);
    await page.keyboard.press('Escape');

    await getRow(page, replied).getByRole('link', { name: 'Request removal' }).click();
    await expect(page).toHaveURL(`/removal-requests/new?number=${replied.replace(/\D/g, '')}`);
    await expect(page.getByRole('heading', { level: 1, name: 'Request removal' })).toBeVisible();
    await expect(page.getByRole('main')).toContainText(replied);
    await expect(page.getByRole('main')).toContainText(account.number);
  });

  test('whoever comes second is told that the entry is gone, or that it is the recipient’s now @soak', async ({
    account,
    database,
    openAs,
  }) => {
    const [gone = '', confirmed = ''] = await createOptOuts(database, account, ['MANUAL', 'MANUAL']);
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs');
    const prompt = page.getByRole('dialog', { name: 'Delete Opt-Out Number' });

    await page.getByRole('button', { name: `Delete ${gone}` }).click();
    await database.query('delete from opt_out where account_id = $1 and msisdn = $2', [
      account.id,
      gone.replace(/\D/g, ''),
    ]);
    await prompt.getByRole('button', { name: 'Delete' }).click();
    await expect(prompt).toContainText('Somebody has removed it already.');
    await prompt.getByRole('button', { name: 'Close' }).last().click();
    await expect(prompt).toBeHidden();
    await expect(getRow(page, gone)).toHaveCount(0);

    await page.getByRole('button', { name: `Delete ${confirmed}` }).click();
    await database.query(`update opt_out set kind = 'REPLY' where account_id = $1`, [account.id]);
    await prompt.getByRole('button', { name: 'Delete' }).click();
    await expect(prompt).toContainText('only the recipient can lift the block');
    const { rowCount } = await database.query('select from opt_out where account_id = $1', [account.id]);
    expect(rowCount).toBe(1);
  });

  test('several at once: only what can be removed, and says what cannot', async ({
    account,
    database,
    openAs,
  }) => {
    const numbers = await createOptOuts(database, account, ['REPLY', 'MANUAL', 'IMPORT', 'STAFF', 'API']);
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs');
    const box = (index: number) => page.getByRole('checkbox', { name: `Select ${numbers[index]}` });
    await box(0).check();
    await box(3).click({ modifiers: ['Shift'] });
    const bar = page.getByRole('region', { name: 'Selected rows' });
    await expect(bar).toContainText('4 selected');
    await expect(bar).toContainText('2 were not made by your account: only the recipient can lift them.');
    await expect(page.getByRole('dialog')).toHaveCount(0);

    await bar.getByRole('button', { name: 'Remove 2' }).click();
    const prompt = page.getByRole('dialog', { name: 'Delete Opt-Out Numbers' });
    await expect(prompt).toContainText(numbers[1] ?? '');
    await expect(prompt).toContainText(numbers[2] ?? '');
    await prompt.getByRole('button', { name: 'Delete 2 numbers' }).click();
    await expect(prompt).toBeHidden();
    await expect(getRows(page)).toHaveCount(3);
    await expect(bar).toContainText('2 selected');
    await bar.getByRole('button', { name: 'Select all 3' }).click();
    await expect(bar).toContainText('3 selected');
    await bar.getByRole('button', { name: 'Clear selection' }).click();
    await expect(bar).toHaveCount(0);
  });

  test('never touches another account', async ({ account, database, openAs }) => {
    const other = await createAccount(database);
    const [number = ''] = await createOptOuts(database, account, ['MANUAL']);
    const msisdn = number.replace(/\D/g, '');
    const othersPage = await openAs(other);
    await visit(othersPage, '/messages/opt-outs');
    await othersPage.getByRole('button', { name: 'Add Opt-Out Number' }).click();
    const dialog = othersPage.getByRole('dialog', { name: 'Add Opt-Out Number' });
    await dialog.getByLabel('Numbers').fill(msisdn);
    await dialog.getByRole('button', { name: 'Add number' }).click();
    await expect(dialog.getByText('1 number added')).toBeVisible();
    await dialog.getByRole('button', { name: 'Done' }).click();
    await othersPage.getByRole('button', { name: `Delete ${number}` }).click();
    await othersPage
      .getByRole('dialog', { name: 'Delete Opt-Out Number' })
      .getByRole('button', { name: 'Delete' })
      .click();
    await expect(othersPage.getByText('Nobody has opted out')).toBeVisible();

    const page = await openAs(account);
    await visit(page, '/messages/opt-outs');
    await expect(getRow(page, number)).toBeVisible();
  });
});

test.describe('the list', () => {
  test('filters and order live in the address: they survive a reload and Back @soak', async ({
    account,
    database,
    openAs,
  }) => {
    const numbers = await createOptOuts(database, account, ['REPLY', 'MANUAL', 'API', 'REPLY']);
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs');
    const expectNumbers = async (...wanted: (string | undefined)[]) => {
      await expect(getRows(page)).toHaveCount(wanted.length);
      for (const [index, number] of wanted.entries()) {
        await expect(getRows(page).nth(index)).toContainText(number ?? '');
      }
    };
    const when = page.getByRole('columnheader', { name: 'When' });
    await expect(when).toHaveAttribute('aria-sort', 'descending');
    await expectNumbers(...numbers);

    await page.getByRole('button', { name: 'How it came' }).click();
    await page.getByRole('menuitemcheckbox', { name: 'Reply' }).click();
    await expectNumbers(numbers[0], numbers[3]);
    await page.getByRole('menuitemcheckbox', { name: 'API' }).click();
    await expectNumbers(numbers[0], numbers[2], numbers[3]);
    await page.keyboard.press('Escape');
    await expect(page).toHaveURL('/messages/opt-outs?kind=REPLY,API');

    await when.getByRole('button').click();
    await expectNumbers(numbers[3], numbers[2], numbers[0]);
    await expect(when).toHaveAttribute('aria-sort', 'ascending');

    await page.getByRole('button', { name: 'Date' }).click();
    await page.getByRole('button', { name: 'Last 7 days' }).click();
    await expect(page).toHaveURL(/from=\d{4}-\d\d-\d\d&to=/);
    await expectNumbers(numbers[3], numbers[2], numbers[0]);
    await page.getByRole('button', { name: /^Date: / }).click();
    await page.getByRole('button', { name: 'Today' }).click();
    await expect(page.getByText('No row matches these filters.')).toBeVisible();

    await page.goBack();
    await expectNumbers(numbers[3], numbers[2], numbers[0]);
    await page.reload();
    await expectNumbers(numbers[3], numbers[2], numbers[0]);
    await expect(page.getByRole('button', { name: 'How it came: Reply, API' })).toBeVisible();

    await page.getByRole('button', { name: 'Rule' }).click();
    await page.getByRole('menuitemradio', { name: 'Published word' }).click();
    await page.keyboard.press('Escape');
    await expectNumbers(numbers[3], numbers[0]);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await expectNumbers(...[...numbers].reverse());
    await expect(page).toHaveURL('/messages/opt-outs?sort=oldest');
  });

  test('says so when the address asks for what does not exist @soak', async ({
    account,
    database,
    openAs,
  }) => {
    const [number = ''] = await createOptOuts(database, account, ['REPLY']);
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs?kind=NOTHING&from=2026-99-99&cursor=made-up&q=Stop');
    await expect(page.getByText('(“How it came”, first day and page)')).toBeVisible();
    await expect(getRow(page, number)).toBeVisible();
    const file = await downloadList(page, 'Comma');
    expect(file.rows).toHaveLength(1);
    await page.getByRole('button', { name: 'Tidy up the address' }).click();
    await expect(page).toHaveURL('/messages/opt-outs?q=Stop');
    await expect(page.getByText('does not exist')).toHaveCount(0);
  });

  test('a link pressed while typing wins over the search @soak', async ({ account, database, openAs }) => {
    await createOptOuts(database, account, ['REPLY', 'MANUAL']);
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs');
    // Held back, so that the pause in the typing ends while the next page is still on its way.
    let letGo: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    await page.route(/\/send\?/, async (route) => {
      await held;
      await route.continue();
    });
    await page.clock.install();
    await page.getByRole('searchbox').pressSequentially('07');
    const asked = page.waitForRequest(/\/send\?/);
    await page.getByRole('link', { name: 'Send', exact: true }).click();
    await asked;
    await page.clock.runFor(1000);
    letGo();
    await expect(page.getByRole('heading', { level: 1, name: 'Send' })).toBeVisible();
    await page.clock.runFor(1000);
    await expect(page).toHaveURL('/send');
    await page.goBack();
    await expect(getRows(page)).toHaveCount(2);
  });

  test('what is fetched when it is needed is said when it does not come, and comes at the next try @soak', async ({
    account,
    openAs,
    complaints,
  }) => {
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs');
    complaints.expectLostRequests();
    let isDown = true;
    await page.route('**/_next/static/chunks/*.js', (route) => (isDown ? route.abort() : route.fallback()));
    const sentence = 'This part of the page could not be loaded. Check your connection.';

    await page.getByRole('button', { name: 'Date' }).click();
    const panel = page.getByRole('dialog', { name: 'Date' });
    await expect(panel.getByRole('alert')).toHaveText(sentence);
    isDown = false;
    await panel.getByRole('button', { name: 'Try again' }).click();
    await expect(panel.getByLabel('From')).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(panel).toBeHidden();

    isDown = true;
    const add = page.getByRole('button', { name: 'Add Opt-Out Number' });
    await add.click();
    const toast = page.getByRole('status').filter({ hasText: sentence });
    await expect(toast).toBeVisible();
    await expect(add).toBeFocused();
    isDown = false;
    await toast.getByRole('button', { name: 'Try again' }).click();
    const dialog = page.getByRole('dialog', { name: 'Add Opt-Out Number' });
    await expect(dialog.getByLabel('Numbers')).toBeFocused();
  });

  test('has a keyboard @soak', async ({ account, database, openAs }) => {
    const numbers = await createOptOuts(database, account, ['MANUAL', 'IMPORT', 'API']);
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs');
    const row = (index: number) => getRow(page, numbers[index] ?? '');
    await pressFirst(page, '/', page.getByRole('searchbox'));
    await page.keyboard.press('ArrowDown');
    await expect(row(0)).toBeFocused();
    await page.keyboard.press('ArrowDown');
    await expect(row(1)).toBeFocused();
    await page.keyboard.press('End');
    await expect(row(2)).toBeFocused();
    await page.keyboard.press('x');
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press(' ');
    const bar = page.getByRole('region', { name: 'Selected rows' });
    await expect(bar).toContainText('2 selected');
    await expect(row(1)).toHaveAttribute('aria-selected', 'true');
    await page.keyboard.press('Escape');
    await expect(bar).toHaveCount(0);
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    const panel = page.getByRole('dialog', { name: numbers[0] });
    await expect(panel).toBeVisible();
    await expect(panel.getByRole('link', { name: 'Story of this number' })).toHaveAttribute(
      'href',
      `/messages/opt-outs/${numbers[0]?.replace(/\D/g, '')}`,
    );
    await page.keyboard.press('Escape');
    await expect(row(0)).toBeFocused();
    await page.keyboard.press('Escape');
    await expect(page.getByRole('searchbox')).toBeFocused();
  });

  test('the file can have fewer columns, numbers as text, and everything @soak', async ({
    account,
    database,
    openAs,
  }) => {
    const [number = ''] = await createOptOuts(database, account, ['MANUAL', 'REPLY']);
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs?kind=MANUAL');
    const download = page.getByRole('button', { name: 'Download Messages' });
    const dialog = page.getByRole('dialog', { name: 'Download Messages' });
    await download.click();
    await expect(dialog).toContainText('Opt-outs that match the filters of the list');
    await dialog.getByText('More options').click();
    for (const column of ['Rule', 'Sender number', 'When', 'Reply']) {
      await dialog.getByRole('checkbox', { name: column }).uncheck();
    }
    await dialog.getByRole('checkbox', { name: 'Keep numbers as text' }).check();
    const started = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'OK' }).click();
    const narrow = new URL((await started).url()).searchParams;
    expect(Object.fromEntries(narrow)).toEqual({
      separator: ',',
      kind: 'MANUAL',
      columns: 'number,kind',
      format: 'csv',
      text: '1',
      // A tab left at another account gets no file of this one.
      shown: String(account.id),
    });
    const file = await page.request.get(`/api/downloads/auto-opt-outs?${narrow}`);
    expect(await file.text()).toContain(number.replace(/\D/g, ''));

    await download.click();
    await dialog.getByText('More options').click();
    await dialog.getByRole('radio', { name: 'Everything' }).check();
    await expect(dialog).toContainText(`2 opt-outs of ${account.number}`);
    const second = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'OK' }).click();
    expect((await second).url()).not.toContain('kind=');
  });

  test('works at 360 pixels @phone', async ({ account, database, openAs }) => {
    const numbers = await createOptOuts(database, account, ['MANUAL', 'REPLY', 'API']);
    const page = await openAs(account);
    await visit(page, '/messages/opt-outs');
    const fits = () =>
      page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
    expect(await fits()).toBe(true);
    await page.getByRole('button', { name: 'Newest first' }).click();
    await expect(getRows(page).first()).toContainText(numbers[2] ?? '');
    await getRow(page, numbers[0] ?? '')
      .getByRole('checkbox')
      .check();
    const bar = page.getByRole('region', { name: 'Selected rows' });
    await expect(bar.getByRole('button', { name: 'Remove 1' })).toBeInViewport();
    expect(await fits()).toBe(true);
    await bar.getByRole('button', { name: 'Remove 1' }).click();
    await page
      .getByRole('dialog', { name: 'Delete Opt-Out Number' })
      .getByRole('button', { name: 'Delete' })
      .click();
    await expect(getRows(page)).toHaveCount(2);
    await page.getByRole('button', { name: 'Date' }).click();
    await expect(page.getByRole('button', { name: 'Last month' })).toBeInViewport({ ratio: 1 });
  });
});
