import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { expect, type Page } from '@playwright/test';
import { TOTP } from 'otpauth';
import type { Pool } from 'pg';
import type { Person } from './accounts';
import type { VirtualAuthenticator } from './virtual-authenticator';

/** What the app shows now; a later half minute, where the one of now has been used. */
export function computeCode(key: string, later = 0): string {
  const totp = new TOTP({ secret: key.replaceAll(/\s/g, ''), digits: 6, period: 30 });
  return totp.generate({ timestamp: Date.now() + later * 30_000 });
}

/** A code of the half minute to come counts as well, so that nobody waits for it. */
export const nextCode = (key: string) => computeCode(key, 1);

/** Answers the question for the password. */
export async function prove(page: Page, { password }: Person, button: string): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Your password').fill(password);
  await dialog.getByRole('button', { name: button }).click();
}

/** Reads what the page gives an app, and types the code. Answers with the key and the recovery codes. */
export async function typeFirstCode(page: Page): Promise<{ key: string; codes: string[] }> {
  await expect(page.getByRole('img', { name: 'QR code for your authenticator app' })).toBeVisible();
  const key = await page.getByTestId('app-key').innerText();
  expect(key.replaceAll(' ', '')).toMatch(/^[A-Z2-7]{32}$/);
  await page.getByLabel('Code from the app').fill(computeCode(key));
  await page.getByRole('button', { name: 'Turn on' }).click();
  const list = page.getByRole('list', { name: 'Recovery codes' });
  await expect(list.getByRole('listitem')).toHaveCount(10);
  const codes = await list.getByRole('listitem').allInnerTexts();
  return { key, codes };
}

/**
 * An app that nobody has: its secret cannot be read. For what asks only whether there is one, not for a code.
 */
export async function giveApp(database: Pool, { username }: Person): Promise<void> {
  await database.query(
    `insert into authenticator_app (user_id, secret, confirmed_at)
     select id, 'unreadable', now() from portal_user where username = $1`,
    [username],
  );
}

/** A passkey, known here and on the device. */
export async function givePasskey(
  database: Pool,
  { username }: Person,
  device: VirtualAuthenticator,
  name: string,
): Promise<void> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  // COSE (RFC 9053): key type EC2, algorithm ES256, curve P-256, x and y of 32 bytes.
  const cose = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ]);
  const id = randomBytes(16);
  const { rows } = await database.query<{ handle: string }>(
    `with person as (select id, passkey_handle from portal_user where username = $1),
     given as (
       insert into passkey (credential_id, user_id, public_key, counter, transports, name, is_synced, created_at)
       select $2, id, $3, 0, '{internal}', $4, false, now() from person
     )
     select passkey_handle as handle from person`,
    [username, id.toString('base64url'), cose, name],
  );
  await device.addCredential({
    credentialId: id.toString('base64'),
    isResidentCredential: true,
    rpId: 'localhost',
    privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64'),
    userHandle: Buffer.from(rows[0]?.handle ?? '').toString('base64'),
    signCount: 0,
  });
}
