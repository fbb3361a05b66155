import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Locator } from '@playwright/test';
import Papa from 'papaparse';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { createAccount, createMessages, nextMsisdn, nextSerial, toNationalForm } from './accounts';
import { postReply } from './carrier';
import { expect, test, visit } from './fixtures';

test('a number’s page tells its state and its story, and follows what happens', async ({
  openAs,
  database,
  request,
  carrierSecret,
  account,
}) => {
  const msisdn = await nextMsisdn(database);
  const text = 'Proteas are in. Reply STOP to opt out.';
  await createMessages(database, account, [{ msisdn, text }]);
  const page = await openAs(account);
  await visit(page, `/messages/opt-outs/${toNationalForm(msisdn)}`);
  await expect(page).toHaveURL(`/messages/opt-outs/${msisdn}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(formatMsisdn(msisdn));
  await expect(page.getByText('Not opted out', { exact: true })).toBeVisible();
  await expect(page.getByText('Live', { exact: true })).toBeVisible();

  await postReply(request, carrierSecret, {
    id: `story-${await nextSerial(database)}`,
    from: msisdn,
    to: account.senderNumber,
    text: 'Stop',
  });
  const state = page.getByRole('region', { name: 'State now' });
  await expect(state).toContainText('Blocked since');
  await expect(state).toContainText('Exactly “stop”');
  await expect(state).toContainText(text);
  await expect(state).toContainText(/Confirmation delivered\s*after/);
  await expect(
    page.getByRole('main').getByRole('listitem').filter({ hasText: 'Confirmation SMS' }),
  ).toContainText('Delivered');
  await expect(page.getByRole('link', { name: 'Request removal' }).first()).toHaveAttribute(
    'href',
    `/removal-requests/new?number=${msisdn}`,
  );
  await expect(page.getByRole('button', { name: 'Remove' })).toHaveCount(0);
});

test('an entry made by hand is removed on its page @soak', async ({ openAs, database, account }) => {
  const msisdn = await nextMsisdn(database);
  await database.query(
    `with entry as (
       insert into opt_out (account_id, msisdn, kind) values ($1, $2, 'MANUAL') returning id
     ), tally as (
       insert into opt_out_tally (account_id, change) values ($1, 1)
     )
     insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, evidence)
     select $1, $2, id, 'OPTED_OUT', 'system', '{}' from entry`,
    [account.id, msisdn],
  );
  const page = await openAs(account);
  await visit(page, `/messages/opt-outs/${msisdn}`);
  await page.getByRole('button', { name: 'Remove' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete Opt-Out Number' });
  await dialog.getByRole('button', { name: 'Delete' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText('Not opted out', { exact: true })).toBeVisible();
  await expect(page.getByText('Block lifted')).toBeVisible();
});

test('a number without a trace, one of another account, and what is no number: the same 404', async ({
  openAs,
  database,
  account,
  complaints,
}) => {
  const msisdn = await nextMsisdn(database);
  const other = await createAccount(database);
  await createMessages(database, other, [{ msisdn, text: 'A secret of another account' }]);
  const page = await openAs(account);
  complaints.expectAnswer(404, '/messages/opt-outs/');
  for (const part of [msisdn, await nextMsisdn(database), 'nonsense', '%25']) {
    const answer = await visit(page, `/messages/opt-outs/${part}`);
    expect(answer?.status(), part).toBe(404);
    await expect(page.getByText('Nothing is known of this number')).toBeVisible();
    expect(await page.content(), part).not.toContain('A secret of another account');
    for (const format of ['pdf', 'csv']) {
      const file = await page.request.get(`/api/evidence/${part}?format=${format}`);
      expect(file.status(), part).toBe(404);
      expect(await file.json()).toEqual({
        title: 'Not found',
        status: 404,
        detail: 'Nothing is known of this number.',
      });
    }
  }
  const owner = await openAs(other);
  expect((await owner.request.get(`/messages/opt-outs/${msisdn}`)).status()).toBe(200);
  expect((await owner.request.get(`/api/evidence/${msisdn}`)).status()).toBe(200);
});

/** The texts within cards that reach beyond their card. */
const listWhatSticksOut = (cards: Locator) =>
  cards.evaluateAll((all) =>
    all.flatMap((card) =>
      [...card.children]
        .filter((part) => part.getBoundingClientRect().right > card.getBoundingClientRect().right)
        .map((part) => part.textContent),
    ),
  );

test('the evidence pack comes as PDF and CSV, with one fingerprint', async ({
  openAs,
  database,
  request,
  carrierSecret,
  account,
}) => {
  const msisdn = await nextMsisdn(database);
  await createMessages(database, account, [{ msisdn, text: '=1+1 is a formula; and "quoted"' }]);
  await postReply(request, carrierSecret, {
    id: `evidence-${await nextSerial(database)}`,
    from: msisdn,
    to: account.senderNumber,
    text: 'STOP\nplease; “now”',
  });
  const page = await openAs(account);
  await visit(page, `/messages/opt-outs/${msisdn}`);

  async function download(format: 'PDF' | 'CSV') {
    await page.getByRole('button', { name: 'Evidence pack' }).click();
    const dialog = page.getByRole('dialog', { name: 'Evidence pack' });
    await dialog.getByRole('radio', { name: format }).check();
    expect(await listWhatSticksOut(dialog.locator('label'))).toEqual([]);
    const started = page.waitForEvent('download');
    await dialog.getByRole('button', { name: 'Download' }).click();
    const file = await started;
    await expect(dialog).toBeHidden();
    expect(file.suggestedFilename()).toMatch(
      new RegExp(`^${account.number}-${msisdn}-evidence-\\d{4}-\\d\\d-\\d\\d\\.${format.toLowerCase()}$`),
    );
    return readFile(await file.path());
  }

  const csv = (await download('CSV')).toString('utf8');
  const { data, errors } = Papa.parse<string[]>(csv.slice(1), { delimiter: ',', skipEmptyLines: true });
  expect(errors).toEqual([]);
  const texts = data.map((row) => row[3]);
  expect(texts).toContain('\'=1+1 is a formula; and "quoted"');
  expect(texts).toContain('STOP\nplease; “now”');
  const facts = csv.slice(1, csv.indexOf('This pack,'));
  const fingerprint = createHash('sha256').update(facts).digest('hex');
  expect(data.at(-1)?.at(-1)).toBe(`SHA-256 ${fingerprint}`);

  const pdf = await download('PDF');
  expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
  // The document's properties are not compressed: the fingerprint is among them.
  expect(pdf.toString('latin1')).toContain(`SHA-256 ${fingerprint}`);
});

test('bad questions for an evidence pack are answered with what is wrong', async ({
  openAs,
  database,
  account,
  request,
}) => {
  const msisdn = await nextMsisdn(database);
  await createMessages(database, account, [{ msisdn, text: 'Proteas are in.' }]);
  const page = await openAs(account);
  const ask = (query: string) => page.request.get(`/api/evidence/${msisdn}?${query}`);
  expect((await ask('format=docx')).status()).toBe(400);
  expect((await ask('format=csv&separator=ab')).status()).toBe(400);
  expect((await ask('format=csv&separator=1')).status()).toBe(400);
  expect((await ask('format=csv&separator=%7C')).status()).toBe(200);
  expect((await request.get(`/api/evidence/${msisdn}`)).status()).toBe(401);
});

test('a long story is read page by page @soak', async ({ openAs, database, account }) => {
  const msisdn = await nextMsisdn(database);
  await database.query(
    `insert into message (account_id, msisdn, sender_number, text, segments, cost, status, created_at)
     select $1, $2, $3, 'Message number ' || n || '.', 1, 1, 'DELIVERED', now() - (130 - n) * interval '1 hour'
     from generate_series(1, 130) as n order by n`,
    [account.id, msisdn, account.senderNumber],
  );
  const page = await openAs(account);
  await visit(page, `/messages/opt-outs/${msisdn}`);
  await expect(page.getByText('Message number 130.')).toBeVisible();
  await expect(page.getByText('Message number 30.')).toHaveCount(0);
  await page.getByRole('link', { name: 'Earlier', exact: true }).click();
  await expect(page.getByText('Message number 30.')).toBeVisible();
  await expect(page.getByText('Message number 130.')).toHaveCount(0);
  await page.getByRole('link', { name: 'Latest', exact: true }).click();
  await expect(page.getByText('Message number 130.')).toBeVisible();
});
