import { get, type IncomingMessage } from 'node:http';
import { createAccount } from './accounts';
import { expect, test, visit } from './fixtures';
import { baseURL } from './instance';

/** Begins a download and reads nothing of it. */
function beginDownload(cookie: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const url = `${baseURL}/api/downloads/auto-opt-outs?separator=,`;
    get(url, { headers: { cookie } }, resolve).on('error', reject);
  });
}

test('unread downloads of one account are told of in words, and keep nobody else out @soak', async ({
  openAs,
  account,
  database,
  complaints,
}) => {
  complaints.expectAnswer(429, '/api/downloads');
  // more than the buffers on the way hold
  await database.query(
    `insert into opt_out (account_id, msisdn, kind, reply_text)
     select $1, '2782' || lpad(n::text, 7, '0'), 'REPLY', repeat('Stop ', 30) from generate_series(1, 150000) as n`,
    [account.id],
  );
  const page = await openAs(account);
  await visit(page, '/messages/opt-outs');
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const unread = [await beginDownload(cookie), await beginDownload(cookie)];
  expect(unread.map(({ statusCode }) => statusCode)).toEqual([200, 200]);

  const refused = await page.request.get('/api/downloads/auto-opt-outs?separator=,&try=1');
  expect(refused.status()).toBe(429);
  expect(Number(refused.headers()['retry-after'])).toBeGreaterThan(0);

  const other = await openAs(await createAccount(database));
  expect((await other.request.get('/api/downloads/auto-opt-outs?separator=,')).status()).toBe(200);

  const waitForPlace = () =>
    expect
      .poll(async () => (await page.request.get('/api/downloads/auto-opt-outs?separator=,&try=1')).status())
      .toBe(204);
  unread[0]?.destroy();
  await waitForPlace();
  unread[0] = await beginDownload(cookie);
  expect(unread[0].statusCode).toBe(200);

  await page.getByRole('button', { name: 'Download Messages' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'OK' }).click();
  const toast = page.getByRole('status').filter({ hasText: 'Your account has two downloads running' });
  await expect(toast).toContainText('Wait until one has ended');
  for (const download of unread) download.destroy();
  await waitForPlace();
  const started = page.waitForEvent('download');
  await toast.getByRole('button', { name: 'Try again' }).click();
  await (await started).cancel();
});
