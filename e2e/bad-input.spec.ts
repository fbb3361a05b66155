import { formatMsisdn } from '@/lib/sms/msisdn';
import { createAccount, createMessages, nextMsisdn, nextSerial, toNationalForm } from './accounts';
import { doors, postReply } from './carrier';
import { expect, test, visit } from './fixtures';

test.describe('the send form', () => {
  test('refuses nobody, nothing and too much, and keeps what was typed @soak', async ({
    openAs,
    account,
    database,
  }) => {
    const page = await openAs(account);
    await visit(page, '/send');
    const recipients = page.getByLabel('Recipients');
    const text = page.getByLabel('Message');
    const send = page.getByRole('button', { name: 'Send' });

    await send.click();
    await expect(page.getByText('Enter at least one number.')).toBeVisible();
    await expect(page.getByText('Write a message.')).toBeVisible();

    const numbers = Array.from({ length: 1001 }, (_, index) => `083${String(index).padStart(7, '0')}`);
    await recipients.fill(numbers.join('\n'));
    await text.fill('x'.repeat(919));
    await send.click();
    await expect(page.getByText('Send to at most 1 000 numbers at a time; these are 1 001.')).toBeVisible();
    await expect(page.getByText('Shorten the message by 1 character.')).toBeVisible();
    await expect(text).toHaveValue('x'.repeat(919));

    await text.fill(' \n ');
    await recipients.fill('0831234567');
    await send.click();
    await expect(page.getByText('Write a message.')).toBeVisible();
    const { rowCount } = await database.query('select from message_batch where account_id = $1', [
      account.id,
    ]);
    expect(rowCount).toBe(0);
  });

  test('takes 918 characters and a thousand numbers @soak', async ({ openAs, database }) => {
    const account = await createAccount(database, { credits: 10_000 });
    const page = await openAs(account);
    await visit(page, '/send');
    const numbers = Array.from({ length: 1000 }, (_, index) => `084${String(index).padStart(7, '0')}`);
    await page.getByLabel('Recipients').fill(numbers.join(', '));
    await page.getByLabel('Message').fill('x'.repeat(918));
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(page.getByText('1 000 messages are on the way')).toBeVisible();
    await expect(page.getByText('6 000 credits charged, 4 000 left.')).toBeVisible();
  });

  test('says of each number what became of it, and why', async ({ openAs, account, database }) => {
    const msisdn = await nextMsisdn(database);
    const page = await openAs(account);
    await visit(page, '/send');
    await page
      .getByLabel('Recipients')
      .fill(
        [msisdn, toNationalForm(msisdn), formatMsisdn(msisdn), '021 555 0123', 'Thandi', '082 123'].join(
          '\n',
        ),
      );
    await page.getByLabel('Message').fill('Good morning');
    const review = page.getByRole('region', { name: 'Review' });
    await expect(review).toContainText('2 duplicates');
    await expect(review).toContainText('3 numbers cannot be used');
    await expect(review).toContainText('021 555 0123 is a landline; only mobile numbers can receive SMSs.');

    await page.getByRole('button', { name: 'Send' }).click();
    const result = page.getByRole('region', { name: 'Result' });
    await expect(result).toContainText('1 message is on the way');
    await expect(result).toContainText('1 credit charged, 999 left.');
    const line = (text: string) => result.getByRole('listitem').filter({ hasText: text });
    await expect(line('Duplicate')).toHaveCount(2);
    await expect(line('021 555 0123')).toContainText('is a landline; only mobile numbers can receive SMSs.');
    await expect(line('Thandi')).toContainText('“Thandi” is not a phone number.');
    await expect(line('082 123 is')).toContainText('too short');
    await expect(line('Queued')).toHaveCount(1);
  });

  test('charges nothing when not one number can be written to', async ({ openAs, account }) => {
    const page = await openAs(account);
    await visit(page, '/send');
    await page.getByLabel('Recipients').fill('021 555 0123');
    await page.getByLabel('Message').fill('Good morning');
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(page.getByText('None of the numbers can receive an SMS.')).toBeVisible();
    await expect(page.getByLabel('Message')).toHaveValue('Good morning');
  });

  test('sends nothing on too few credits, and says how many are missing', async ({ openAs, database }) => {
    const account = await createAccount(database, { credits: 1 });
    const page = await openAs(account);
    await visit(page, '/send');
    await page
      .getByLabel('Recipients')
      .fill([await nextMsisdn(database), await nextMsisdn(database)].join('\n'));
    await page.getByLabel('Message').fill('Good morning');
    await expect(page.getByText('1 credit short.')).toBeVisible();
    await page.getByRole('button', { name: 'Send' }).click();
    await expect(page.getByRole('main').getByRole('alert')).toContainText('Nothing was sent.');
    const { rows } = await database.query('select credits from credit_balance where account_id = $1', [
      account.id,
    ]);
    expect(rows).toEqual([{ credits: '1' }]);
  });

  test('sends once on a double click', async ({ openAs, account, database }) => {
    const page = await openAs(account);
    await visit(page, '/send');
    await page.getByLabel('Recipients').fill(await nextMsisdn(database));
    await page.getByLabel('Message').fill('Only once');
    await page.getByRole('button', { name: 'Send' }).dblclick();
    await expect(page.getByText('1 credit charged, 999 left.')).toBeVisible();
    const { rows } = await database.query('select text from message where account_id = $1', [account.id]);
    expect(rows).toEqual([{ text: 'Only once' }]);
  });
});

test.describe('the field separator', () => {
  test('says what cannot separate fields', async ({ openAs, account }) => {
    const page = await openAs(account);
    await visit(page, '/messages');
    await page.getByRole('button', { name: 'Download Messages' }).click();
    const dialog = page.getByRole('dialog', { name: 'Download Messages' });
    await dialog.getByRole('radio', { name: 'Other' }).check();
    const separator = dialog.getByLabel('Your separator');
    for (const [typed, complaint] of [
      ['', 'Type the character that should stand between the fields.'],
      ['::', 'Type exactly one character.'],
      ['"', 'A quote cannot be used'],
      ['e', 'A letter, a digit or a space cannot be used'],
      ['€', 'Use a plain sign from the keyboard'],
    ] as const) {
      await separator.fill(typed);
      await dialog.getByRole('button', { name: 'OK' }).click();
      await expect(dialog.getByRole('alert')).toContainText(complaint);
      await expect(separator).toHaveAttribute('aria-invalid', 'true');
    }

    // A field of one line takes no line break: what is left of the pasted text is judged.
    await separator.fill('');
    await separator.focus();
    await page.evaluate(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', '\r\n');
      document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    });
    await dialog.getByRole('button', { name: 'OK' }).click();
    await expect(dialog.getByRole('alert')).toBeVisible();
    await expect(dialog).toBeVisible();
  });

  test('is checked again where the file is made', async ({ openAs, account }) => {
    const { request } = await openAs(account);
    for (const separator of ['', '::', '"', "'", '\n', '\r', 'a', '0', ' ', '\0', '\\\\', '€', '🙏']) {
      const answer = await request.get(`/api/downloads/outgoing?separator=${encodeURIComponent(separator)}`);
      expect(answer.status(), JSON.stringify(separator)).toBe(400);
      expect(answer.headers()['content-type']).toBe('application/problem+json');
      expect(await answer.json()).toMatchObject({ title: 'The file cannot be made like this' });
    }
    expect((await request.get('/api/downloads/everything')).status()).toBe(404);
  });
});

test('an address that was tampered with shows the list from its beginning @soak', async ({
  openAs,
  account,
  database,
}) => {
  await createMessages(database, account, [{ msisdn: await nextMsisdn(database), text: 'Good morning' }]);
  const page = await openAs(account);
  const madeUp = (...parts: string[]) => Buffer.from(JSON.stringify(parts)).toString('base64url');
  for (const cursor of [
    'x',
    '%00',
    '../../etc/passwd',
    "';drop table message;--",
    'W'.repeat(5000),
    madeUp('older', 'now(); drop table message', '1'),
    madeUp('older', '2026-99-99 99:99:99+00', '1'),
    madeUp('newer', '2026-11-22 10:00:00+00', '999999999999999999999'),
  ]) {
    await visit(page, `/messages?cursor=${encodeURIComponent(cursor)}`);
    await expect(page.getByRole('table').getByText('Good morning'), cursor.slice(0, 60)).toBeVisible();
  }
  await visit(page, '/messages?cursor=twice&cursor=again&q=Good&q=Bad&tab=nowhere');
  await expect(page.getByRole('table').getByText('Good morning')).toBeVisible();
  for (const search of ["%_\\'", '\0%', 'x'.repeat(300)]) {
    await visit(page, `/messages?q=${encodeURIComponent(search)}`);
    await expect(page.getByText('Nothing matches'), search.slice(0, 60)).toBeVisible();
  }
});

test('an unknown page says so and leads home', async ({ openAs, account, complaints }) => {
  complaints.expectAnswer(404, 'no-such-page');
  const page = await openAs(account);
  const answer = await visit(page, '/messages/no-such-page');
  expect(answer?.status()).toBe(404);
  await expect(page.getByText('There is no such page')).toBeVisible();
  await page.getByRole('link', { name: 'Go to the home page' }).click();
  await expect(page.getByRole('heading', { level: 1, name: account.name })).toBeVisible();
});

for (const [name, door] of Object.entries(doors)) {
  test.describe(`the carriers’ door at the ${name}`, () => {
    test('lets nobody in without the secret', async ({ request, account, database }) => {
      const from = await nextMsisdn(database);
      const data = { id: from, from, to: account.senderNumber, text: 'Stop' };
      for (const authorization of [undefined, 'Bearer wrong', 'Bearer', 'Basic YTpi', 'Digest x']) {
        const answer = await request.post(door, { data, headers: authorization ? { authorization } : {} });
        expect(answer.status(), authorization).toBe(401);
        expect(answer.headers()['www-authenticate']).toBe('Bearer');
      }
      const { rowCount } = await database.query('select from carrier_receipt where msisdn = $1', [from]);
      expect(rowCount).toBe(0);
    });

    test('says what is wrong with a request', async ({ request, account, database, carrierSecret }) => {
      const from = await nextMsisdn(database);
      const whole = { id: from, from, to: account.senderNumber, text: 'Stop' };
      const headers = { authorization: `Bearer ${carrierSecret}`, 'content-type': 'application/json' };
      const post = (data: string) => request.post(door, { headers, data: Buffer.from(data) });
      for (const body of ['', '{', 'null', '[]', '"text"', '<xml/>']) {
        const answer = await post(body);
        expect(answer.status(), body).toBe(400);
        expect(await answer.json(), body).toMatchObject({ title: 'The reply could not be read' });
      }
      for (const field of ['id', 'from', 'to', 'text']) {
        const answer = await post(JSON.stringify({ ...whole, [field]: undefined }));
        expect(answer.status(), field).toBe(400);
        expect((await answer.json()).detail, field).toContain(`"${field}"`);
      }
      expect(
        (await request.post(door.replace('simulator', 'nobody'), { headers, data: whole })).status(),
      ).toBe(404);
      const { rowCount } = await database.query('select from carrier_receipt where msisdn = $1', [from]);
      expect(rowCount).toBe(0);
    });

    test('keeps every byte of a text', async ({ request, account, database, carrierSecret }) => {
      const from = await nextMsisdn(database);
      await createMessages(database, account, [{ msisdn: from, text: 'Good morning' }]);
      const authorization = `Bearer ${carrierSecret}`;
      const form = (text: string) =>
        `id=${from}-${text.length}&from=${from}&to=${account.senderNumber}&text=${text}`;
      const bodies: { contentType: string; body: Buffer; text: string }[] = [
        // NUL, in JSON and in a form; Latin-1; half a surrogate pair; half a UTF-8 character
        {
          contentType: 'application/json',
          body: Buffer.from(JSON.stringify({ id: from, from, to: account.senderNumber, text: 'a\0b' })),
          text: 'a\uFFFDb',
        },
        {
          contentType: 'application/x-www-form-urlencoded',
          body: Buffer.from(form('caf%E9')),
          text: 'café',
        },
        {
          contentType: 'application/json',
          body: Buffer.from(
            `{"id":"${from}-pair","from":"${from}","to":"${account.senderNumber}","text":"\\ud83d!"}`,
          ),
          text: '\uFFFD!',
        },
        {
          contentType: 'application/x-www-form-urlencoded',
          body: Buffer.from(form('naive %F0%9F%99')),
          text: 'naive ðŸ™',
        },
      ];
      for (const { contentType, body, text } of bodies) {
        const headers = { authorization, 'content-type': contentType };
        expect((await request.post(door, { headers, data: body })).status()).toBe(200);
        const { rows } = await database.query<{ text: string; raw: Buffer }>(
          'select text, raw from reply where account_id = $1 order by id desc limit 1',
          [account.id],
        );
        expect(rows[0]?.text).toBe(text);
        expect(rows[0]?.raw.equals(body)).toBe(true);
      }
    });

    test('takes a megabyte and refuses two', async ({ request, account, database, carrierSecret }) => {
      const from = await nextMsisdn(database);
      await createMessages(database, account, [{ msisdn: from, text: 'Good morning' }]);
      const text = 'Stop '.repeat(200_000);
      const reply = { id: from, from, to: account.senderNumber, text };
      expect((await postReply(request, carrierSecret, reply, door)).status()).toBe(200);
      const { rows } = await database.query('select length(text) from reply where account_id = $1', [
        account.id,
      ]);
      expect(rows).toEqual([{ length: 1_000_000 }]);
      const larger = { ...reply, id: `${from}-larger`, text: 'x'.repeat(2_000_000) };
      expect((await postReply(request, carrierSecret, larger, door)).status()).toBe(413);
      expect((await database.query('select from reply where account_id = $1', [account.id])).rowCount).toBe(
        1,
      );
    });

    test('takes a reply from a network’s own name', async ({ request, account, carrierSecret, database }) => {
      const reply = {
        id: String(await nextSerial(database)),
        from: 'MTN',
        to: account.senderNumber,
        text: 'Stop',
      };
      expect((await postReply(request, carrierSecret, reply, door)).status()).toBe(200);
      const { rowCount } = await database.query('select from opt_out where account_id = $1', [account.id]);
      expect(rowCount).toBe(0);
    });
  });
}

test('the same reply many times at the same moment opts out and confirms once', async ({
  request,
  account,
  database,
  carrierSecret,
}) => {
  const from = await nextMsisdn(database);
  await createMessages(database, account, [{ msisdn: from, text: 'Good morning' }]);
  const reply = { id: from, from, to: account.senderNumber, text: 'Stop' };
  // Through both doors, by its number in several spellings.
  const answers = await Promise.all(
    [from, `+${from}`, toNationalForm(from), formatMsisdn(from)].flatMap((spelling) =>
      Object.values(doors).map((door) =>
        postReply(request, carrierSecret, { ...reply, from: spelling }, door),
      ),
    ),
  );
  const statuses = await Promise.all(answers.map(async (answer) => (await answer.json()).status));
  expect(statuses.filter((status) => status === 'accepted')).toHaveLength(1);
  expect(statuses.filter((status) => status === 'duplicate')).toHaveLength(7);

  // Another reply of the same person, too, changes nothing.
  await postReply(request, carrierSecret, { ...reply, id: `${from}-again`, text: 'STOP!' });
  const readConfirmations = async () => {
    const { rows } = await database.query<{ status: string }>(
      `select status from message where account_id = $1 and kind = 'CONFIRMATION'`,
      [account.id],
    );
    return rows.map(({ status }) => status);
  };
  await expect.poll(readConfirmations).toEqual(['DELIVERED']);
  const { rows } = await database.query<{ text: string }>(
    `select text from simulator_message where msisdn = $1 and not from_phone`,
    [from],
  );
  expect(rows).toHaveLength(1);
  const events = await database.query('select kind from opt_out_event where account_id = $1', [account.id]);
  expect(events.rows).toEqual([{ kind: 'OPTED_OUT' }]);
});
