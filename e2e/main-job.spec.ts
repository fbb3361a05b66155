import { formatMsisdn } from '@/lib/sms/msisdn';
import { nextMsisdn, toNationalForm } from './accounts';
import { expect, test, visit } from './fixtures';
import { demo } from './instance';
import { byteOrderMark, downloadList, formatToday, readRows, shortenMoment } from './lists';

/** The five steps for which the Client Zone is there, by their names on screen. */
test('a reply "Stop" blocks, confirms, shows and downloads', async ({ page, openAs, database }) => {
  test.slow();
  const msisdn = await nextMsisdn(database);
  const other = await nextMsisdn(database);
  const number = formatMsisdn(msisdn);
  const phones = await openAs(null);
  const phone = phones.getByRole('region', { name: `Phone ${number}` });
  const otherPhone = phones.getByRole('region', { name: `Phone ${formatMsisdn(other)}` });
  const result = page.getByRole('region', { name: 'Result' });
  const credits = page.getByText(/^Credits[\s\d]+$/).filter({ visible: true });
  const text = `Karoo Coffee: the tasting is on Friday at 18:00, table ${msisdn.slice(-4)}. Reply STOP to opt out.`;
  const confirmation = 'You have been opted out and will receive no further SMSs from Karoo Coffee Roasters.';

  await test.step('1. Sign in as the customer', async () => {
    await visit(page, '/');
    await expect(page).toHaveURL('/sign-in');
    await page.getByLabel('Username').fill(demo.thandi.username);
    await page.getByLabel('Password', { exact: true }).fill(demo.thandi.password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Karoo Coffee Roasters' })).toBeVisible();
    await expect(page).toHaveURL('/');
  });

  await test.step('2. Send a message to two numbers; it arrives on the phones in /simulator', async () => {
    await visit(phones, `/simulator?phones=${other},${msisdn}`);
    await expect(phone.getByText('Nothing has arrived')).toBeVisible();

    await page.getByRole('link', { name: 'Send', exact: true }).click();
    await page.getByLabel('Recipients').fill(`${toNationalForm(msisdn)}\n${formatMsisdn(other)}`);
    await page.getByLabel('Message').fill(text);
    // marketing would wait for lawful hours, and the test runs at any
    await page.getByRole('radio', { name: 'Service' }).check();
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(result).toContainText('2 messages are on the way');
    await expect(result.getByRole('listitem').filter({ hasText: number })).toContainText('Queued');

    await expect(phone.getByText(text)).toBeVisible();
    await expect(otherPhone.getByText(text)).toBeVisible();
  });

  await test.step('3. Reply "Stop": the confirmation arrives, and the open Auto Opt-Outs page shows it', async () => {
    await page.getByRole('link', { name: 'Message Logs' }).first().click();
    await page.getByRole('main').getByRole('link', { name: 'Auto Opt-Outs' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Auto Opt-Outs' })).toBeVisible();
    await expect(page.getByText('Live', { exact: true })).toBeVisible();
    // A reload would lose this mark.
    await page.evaluate(() => Object.assign(window, { isStillTheSamePage: true }));

    await phone.getByRole('textbox', { name: /^Reply to/ }).fill('Stop');
    await phone.getByRole('button', { name: 'Send' }).click();
    await expect(phone.getByText(confirmation)).toBeVisible();

    const row = page
      .getByRole('table', { name: 'Auto Opt-Outs' })
      .getByRole('row')
      .filter({ hasText: number });
    await expect(row).toContainText('Stop');
    await expect(row).toContainText('Exactly “stop”');
    expect(await page.evaluate(() => 'isStillTheSamePage' in window)).toBe(true);
    await expect(otherPhone.getByText(confirmation)).toHaveCount(0);
  });

  await test.step('4. Sending again is blocked, costs nothing and says so; the other account may', async () => {
    const before = await credits.textContent();
    await page.getByRole('link', { name: 'Send', exact: true }).click();
    await page.getByLabel('Recipients').fill(number);
    await page.getByLabel('Message').fill('Karoo Coffee: are you sure?');
    await page.getByRole('radio', { name: 'Service' }).check();
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(result).toContainText('Nothing was sent');
    await expect(result).toContainText('0 credits charged');
    await expect(result.getByRole('listitem').filter({ hasText: number })).toContainText(
      'Opted out: this number is on your Auto Opt-Outs list.',
    );
    await page.reload();
    await expect(credits).toHaveText(before ?? '');

    const dentist = await openAs(demo.priya);
    await visit(dentist, '/send');
    await dentist.getByLabel('Recipients').fill(number);
    await dentist.getByLabel('Message').fill('Bayside Dental: we can see you on Monday at 9.');
    await dentist.getByRole('radio', { name: 'Service' }).check();
    await dentist.getByRole('button', { name: 'Send' }).click();
    await expect(dentist.getByRole('region', { name: 'Result' })).toContainText('1 message is on the way');
    await expect(phone.getByText('Bayside Dental: we can see you on Monday at 9.')).toBeVisible();
    await expect(phone.getByText('Karoo Coffee: are you sure?')).toHaveCount(0);
  });

  await test.step('5. Message Logs shows both directions; Auto Opt-Outs opens the list', async () => {
    await page.getByRole('link', { name: 'Message Logs' }).first().click();
    await page.getByRole('searchbox').fill(number);
    const outgoing = page.getByRole('table', { name: 'Outgoing messages' });
    await expect(outgoing.getByRole('row')).toHaveCount(4);
    await expect(outgoing.getByRole('row').filter({ hasText: text })).toContainText('Delivered');
    await expect(outgoing.getByRole('row').filter({ hasText: 'are you sure' })).toContainText('Blocked');
    await expect(outgoing.getByRole('row').filter({ hasText: confirmation })).toContainText('Delivered');

    await page.getByRole('link', { name: 'Incoming' }).click();
    await page.getByRole('searchbox').fill(number);
    const reply = page
      .getByRole('table', { name: 'Incoming replies' })
      .getByRole('row')
      .filter({ hasText: number });
    await expect(reply).toHaveCount(1);
    await expect(reply).toContainText('Opt-out');

    await page.getByRole('main').getByRole('link', { name: 'Auto Opt-Outs' }).click();
    await expect(page.getByRole('table', { name: 'Auto Opt-Outs' })).toContainText(number);
  });

  await test.step('5. Download Messages gives a file that agrees with the table', async () => {
    const { fileName, bytes, rows } = await downloadList(page, 'Comma');
    expect(fileName).toBe(`W58324-auto-opt-outs-${formatToday()}.csv`);
    expect(bytes.subarray(0, 3)).toEqual(byteOrderMark);

    const shown = await readRows(page.getByRole('table', { name: 'Auto Opt-Outs' }));
    expect(shown).toHaveLength(50);
    expect(shown[0]?.Number).toBe(number);
    expect(
      rows.slice(0, 50).map((row) => ({
        Number: formatMsisdn(row.Number ?? ''),
        Reply: (row.Reply ?? '').replace(/\s+/g, ' ').trim() || 'No reply',
        Rule: row.Rule,
        'How it came': row['How it came'],
        'Sender number': row['Sender number'] ? formatMsisdn(row['Sender number']) : '',
        When: shortenMoment(row.When ?? ''),
      })),
    ).toEqual(shown);
    const total = page.getByText(/^[\d\s]+opt-outs$/);
    expect(rows.length).toBe(Number(((await total.textContent()) ?? '').replace(/\D/g, '')));
  });
});
