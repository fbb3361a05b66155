import type { APIRequestContext } from '@playwright/test';
import { findAnswerFaults, listOperations } from '@/testing/rest-description';
import { createAccount, nextMsisdn } from './accounts';
import { createKey } from './api-keys';
import { postReply } from './carrier';
import { expect, test, visit, waitForReact } from './fixtures';

const base = '/api/rest/v1';

/** Asks as a client library does, and holds the answer to the published description. */
async function ask(
  request: APIRequestContext,
  key: string,
  operation: string,
  data?: unknown,
  end = '',
): Promise<Record<string, unknown>> {
  const [method = '', path = ''] = operation.split(' ');
  const answer = await request.fetch(`${base}${path}${end}`, {
    method,
    headers: { AUTHORIZATION: key, 'Content-Type': 'application/json' },
    maxRedirects: 0,
    ...(data === undefined ? {} : { data: JSON.stringify(data) }),
  });
  const body = (await answer.json()) as Record<string, unknown>;
  expect(findAnswerFaults(path, method, answer.status(), body), `${operation} ${answer.status()}`).toEqual(
    [],
  );
  expect(answer.status(), JSON.stringify(body)).toBe(200);
  return body;
}

test('a key made on the page opens every operation of the REST API, until it is revoked', async ({
  openAs,
  account,
  database,
  request,
  carrierSecret,
}) => {
  const sub = await createAccount(database, { credits: 0 });
  await database.query('update account set parent_account_id = $1 where id = $2', [account.id, sub.id]);
  const page = await openAs(account);
  await visit(page, '/settings/api-keys');
  await expect(page.getByText('No keys yet')).toBeVisible();
  await page.getByRole('button', { name: 'Make a key' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Web shop');
  await page.getByRole('button', { name: 'Make key' }).click();
  const key = (await page.getByRole('dialog').locator('code').textContent()) ?? '';
  expect(key).toMatch(new RegExp(`^cz_${account.id}_[0-9A-Za-z]{49}$`));
  await page.getByRole('button', { name: 'I have copied it' }).click();
  await expect(page.getByText(key)).toHaveCount(0);

  const asked = new Set<string>();
  const get = (operation: string, data?: unknown, end = '') => {
    asked.add(operation);
    return ask(request, key, operation, data, end);
  };
  expect(await get('GET /credits/balance')).toMatchObject({ creditBalance: 1000 });
  const [now, later] = [await nextMsisdn(database), await nextMsisdn(database)];
  const message = 'The tulips are in.';
  const sent = await get(
    'POST /sms/outgoing/send',
    { message, recipients: [{ mobileNumber: now, clientMessageId: 'one' }] },
    // as libraries of some customers write it
    '/',
  );
  expect(sent).toMatchObject({ recipients: [{ accepted: true, clientMessageId: 'one' }] });
  const tomorrow = new Date(Date.now() + 26 * 3_600_000).toISOString().replace(/\D/g, '').slice(0, 12);
  const scheduled = (await get('POST /sms/outgoing/send', {
    message,
    recipients: [{ mobileNumber: later }],
    scheduledTime: Number(tomorrow),
  })) as { recipients: { apiMessageId: number }[] };
  const ids = scheduled.recipients.map(({ apiMessageId }) => apiMessageId);
  expect(await get('GET /sms/scheduled')).toMatchObject({
    scheduledMessages: [{ mobileNumber: later, scheduledSendTime: Number(tomorrow) }],
  });
  expect(await get('POST /sms/scheduled/delete', ids)).toMatchObject({
    deletedMessageStatuses: [{ deleted: true, creditCost: 1 }],
  });
  expect(await get('POST /sms/outgoing/status', ids)).toMatchObject({
    messageStatuses: [{ statusErrorCode: 'SENDINGFAILED' }],
  });
  const reply = { id: `rest-${now}`, from: now, to: account.senderNumber, text: 'Stop' };
  await postReply(request, carrierSecret, reply);
  expect(await get('GET /sms/incoming')).toMatchObject({ incomingMessages: [{ messageText: 'Stop' }] });
  expect(await get('GET /shortcode/incoming')).toMatchObject({
    shortcodeMessages: [{ messageText: 'Stop' }],
  });
  expect(await get('GET /sms/incoming/optout')).toMatchObject({
    incomingOptoutMessages: [{ mobileNumber: now, messageText: 'Stop' }],
  });
  expect(
    await get('POST /credits/transfer', {
      sendingAccountNumber: account.id,
      receivingAccountNumber: sub.id,
      transferQuantity: 100,
    }),
  ).toMatchObject({ transferSuccessful: true });
  expect(await get('GET /subaccounts')).toMatchObject({
    subAccounts: [{ accountNumber: sub.id, creditBalance: 100 }],
  });
  expect([...asked].sort()).toEqual(listOperations().sort());

  await page.reload();
  await waitForReact(page);
  await expect(page.getByText(/Last used/)).toBeVisible();
  await page.getByRole('button', { name: 'Revoke “Web shop”' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(page.getByText('“Web shop” was revoked')).toBeVisible();
  const refused = await request.get(`${base}/credits/balance`, { headers: { AUTHORIZATION: key } });
  expect(refused.status()).toBe(401);
});

test('what is no path, no method or too large is answered in the words of the API', async ({
  account,
  database,
  request,
}) => {
  const key = await createKey(database, account.id);
  const headers = { AUTHORIZATION: key, 'Content-Type': 'application/json' };
  const nowhere = await request.get(`${base}/sms/nowhere`, { headers });
  expect([nowhere.status(), await nowhere.json()]).toMatchObject([404, { statusCode: 404 }]);
  const put = await request.put(`${base}/credits/balance`, { headers, data: '{}' });
  expect([put.status(), await put.json()]).toMatchObject([405, { statusCode: 405 }]);
  const large = await request.post(`${base}/sms/outgoing/send`, {
    headers,
    data: JSON.stringify(['a'.repeat(205_000)]),
  });
  expect([large.status(), await large.json()]).toMatchObject([413, { statusCode: 413 }]);
});

test('a message is scheduled on the Send page, changed, and cancelled with its credits @soak', async ({
  openAs,
  account,
  database,
}) => {
  const page = await openAs(account);
  await visit(page, '/send');
  await page.getByLabel('Recipients').fill(await nextMsisdn(database));
  await page.getByLabel('Message').fill('The tulips are in.');
  await page.getByRole('radio', { name: 'At a time you choose' }).check();
  await page.getByRole('button', { name: 'Schedule', exact: true }).click();
  await expect(page.getByText('Choose a day.')).toBeVisible();
  const tomorrow = new Date(Date.now() + 26 * 3_600_000).toISOString().slice(0, 10);
  await page.getByLabel('Day', { exact: true }).fill('2020-01-01');
  await page.getByLabel('Time', { exact: true }).fill('09:30');
  await page.getByRole('button', { name: 'Schedule', exact: true }).click();
  await expect(page.getByText('This time has passed.')).toBeVisible();
  await page.getByLabel('Day', { exact: true }).fill(tomorrow);
  await page.getByRole('button', { name: 'Schedule', exact: true }).click();
  await expect(page.getByText('1 message is scheduled')).toBeVisible();
  await page.getByRole('link', { name: 'See what is scheduled' }).click();

  const list = page.getByRole('list', { name: 'Scheduled messages' });
  await expect(list.getByRole('listitem')).toHaveCount(1);
  await expect(list).toContainText('09:30');
  await page.getByRole('button', { name: 'Change', exact: true }).click();
  await page.getByLabel('Time', { exact: true }).fill('10:45');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Message', { exact: true }).fill('a'.repeat(161));
  await expect(dialog.getByText('1 message, 2 credits, 1 credit more')).toBeVisible();
  await dialog.getByLabel('Message', { exact: true }).fill('The tulips are late.');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByText('1 scheduled message was changed')).toBeVisible();
  await expect(list).toContainText('10:45');
  await expect(list).toContainText('The tulips are late.');
  await page.getByRole('button', { name: 'Cancel', exact: true }).click();
  await page.getByRole('button', { name: 'Cancel them' }).click();
  await expect(page.getByText('Nothing is scheduled')).toBeVisible();
  const { rows } = await database.query(
    `select (select credits::int from credit_balance where account_id = $1) as credits,
       (select status::text from message where account_id = $1) as status`,
    [account.id],
  );
  expect(rows).toEqual([{ credits: 1000, status: 'CANCELLED' }]);
});
