import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { APIRequestContext, Page } from '@playwright/test';
import type { Pool } from 'pg';
import { notify } from '@/lib/db/notify';
import { simulatorChannel, tellAccounts } from '@/lib/events/account-changes';
import { isLawfulTime } from '@/lib/messages/lawful-hours';
import { createMessages, nextMsisdn, nextSerial, type TestAccount } from './accounts';
import { postReply } from './carrier';
import { expect, visit } from './fixtures';
import { dataDir } from './instance';

/** The folder outlives a run, and in the next database accounts have the same numbers again. */
const startedAt = Date.now();

const allDay = { from: 0, to: 1440 };

/** Makes every minute of a weekday and of a Saturday lawful. On a Sunday or a public holiday none can be. */
export async function openLawfulHours(database: Pool): Promise<void> {
  await database.query(
    `update platform_setting set weekday_from = $1, weekday_to = $2, saturday_from = $1, saturday_to = $2`,
    [allDay.from, allDay.to],
  );
}

/**
 * Resolves once the consent SMS is on the phone. On a day on which nothing may leave this stands in for the
 * dispatcher, so that the tests run on Sundays too.
 */
export async function waitForConsent(database: Pool, account: TestAccount, msisdn: string): Promise<string> {
  const hours = { weekday: allDay, saturday: allDay, extraHolidays: [] };
  if (!isLawfulTime(new Date(), hours)) await deliverByHand(database, account, msisdn);
  const read = async () => {
    const { rows } = await database.query<{ text: string }>(
      `select text from message
       where account_id = $1 and msisdn = $2 and kind = 'CONSENT' and status in ('SENT', 'DELIVERED')`,
      [account.id, msisdn],
    );
    return rows[0]?.text ?? '';
  };
  await expect.poll(read).not.toBe('');
  return read();
}

async function deliverByHand(database: Pool, account: TestAccount, msisdn: string): Promise<void> {
  await database.query(
    `with sent as (
       update message set status = 'DELIVERED', sent_at = now(), finished_at = now(), next_attempt_at = null
       where account_id = $1 and msisdn = $2 and kind = 'CONSENT' and status = 'QUEUED'
       returning msisdn, sender_number, text
     )
     insert into simulator_message (msisdn, from_phone, sender_number, text)
     select msisdn, false, sender_number, text from sent`,
    [account.id, msisdn],
  );
  await tellAccounts(database, [account.id], ['messages', 'removal-requests']);
  await notify(database, simulatorChannel, [msisdn]);
}

/** What a recipient types on the phone, handed over as the carrier does. */
export async function replyAs(
  msisdn: string,
  to: TestAccount,
  text: string,
  { request, carrierSecret, database }: { request: APIRequestContext; carrierSecret: string; database: Pool },
): Promise<void> {
  const id = `reply-${await nextSerial(database)}`;
  const answer = await postReply(request, carrierSecret, { id, from: msisdn, to: to.senderNumber, text });
  expect(answer.ok()).toBe(true);
}

/** A number that was written to and answered "Stop". */
export async function optOut(
  account: TestAccount,
  carrier: { request: APIRequestContext; carrierSecret: string; database: Pool },
): Promise<string> {
  const msisdn = await nextMsisdn(carrier.database);
  await createMessages(carrier.database, account, [{ msisdn, text: 'The tulips are in. STOP to opt out.' }]);
  await replyAs(msisdn, account, 'Stop', carrier);
  return msisdn;
}

/** Fills in the form of the Client Zone; ends on the page of the request. */
export async function requestRemoval(page: Page, msisdn: string): Promise<void> {
  await visit(page, `/removal-requests/new?number=${msisdn}`);
  await page.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Request removal' }).click();
  await expect(page).toHaveURL(/\/removal-requests\/\d+$/);
}

/**
 * The link that the owner of the account was sent, from the folder in which e-mails are kept without a mail
 * server.
 */
export async function readLink(account: TestAccount): Promise<string> {
  const folder = path.join(dataDir, 'outbox');
  const read = async () => {
    const names = await readdir(folder).catch(() => []);
    const own = names.filter((one) => one.includes(`email-${account.id}-`) && one.endsWith('.eml'));
    const times = await Promise.all(own.map(async (one) => (await stat(path.join(folder, one))).mtimeMs));
    const name = own.find((_, index) => (times[index] ?? 0) >= startedAt);
    if (!name) return '';
    // Quoted-printable, with its soft line breaks.
    const text = (await readFile(path.join(folder, name), 'utf8'))
      .replace(/=\r?\n/g, '')
      .replace(/=([\dA-F]{2})/g, (_, code: string) => String.fromCharCode(parseInt(code, 16)));
    return /\/contact\/confirm\?token=[\w.-]+/.exec(text)?.[0] ?? '';
  };
  await expect.poll(read).not.toBe('');
  return read();
}
