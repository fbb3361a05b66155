import type { Pool } from 'pg';
import { TOTP } from 'otpauth';
import { hashPassword } from '@/lib/auth/password';
import { mintHalfScope, mintPersonScope, type HalfScope, type PersonScope } from '@/lib/auth/scope';
import { startSession } from '@/lib/auth/sessions';
import { env } from '@/lib/env';
import { beginApp, confirmApp } from '@/lib/second-factor/app-commands';
import { addPasskey, beginPasskey } from '@/lib/second-factor/passkey-commands';
import { createAccount, createUser, type AccountOptions, type TestAccount } from './factories';
import { SoftPasskey } from './soft-passkey';

const nowhere = { userAgent: null, address: null };
export const testPassword = 'correct horse battery staple';
let passwordHash: Promise<string> | undefined;

/** An account whose user has {@link testPassword}. */
export async function createAccountToSignIn(pool: Pool, options: AccountOptions = {}): Promise<TestAccount> {
  passwordHash ??= hashPassword(testPassword);
  return createAccount(pool, { ...options, passwordHash: await passwordHash });
}

/** A member of staff with {@link testPassword}; answers with their id. */
export async function createStaffToSignIn(pool: Pool): Promise<number> {
  passwordHash ??= hashPassword(testPassword);
  return createUser(pool, { accountId: null, passwordHash: await passwordHash });
}

/** Somebody signed in. */
export async function signInAs(
  pool: Pool,
  of: { userId: number; accountId: number | null },
  now: Date,
): Promise<PersonScope> {
  const { id: sessionId } = await startSession(pool, of.userId, nowhere, now);
  return mintPersonScope({ ...of, sessionId, address: null });
}

/** Somebody whose second factor is still to come. */
export async function halfSignInAs(
  pool: Pool,
  of: { userId: number; accountId: number | null },
  now: Date,
): Promise<HalfScope> {
  const how = { method: 'PASSWORD', lacksSecondFactor: true } as const;
  const { id: sessionId } = await startSession(pool, of.userId, nowhere, now, how);
  return mintHalfScope({ ...of, sessionId, address: null });
}

/** The code that an app shows at a time, given the secret as the page shows it. */
export function computeCode(secret: string, at: Date): string {
  return new TOTP({ secret: secret.replaceAll(' ', ''), digits: 6, period: 30 }).generate({
    timestamp: at.getTime(),
  });
}

/** Sets up an authenticator app; answers with its secret and, with the first factor, the recovery codes. */
export async function setUpApp(
  pool: Pool,
  who: PersonScope | HalfScope,
  now: Date,
): Promise<{ secret: string; codes: string[] }> {
  const begun = await beginApp(pool, who, now);
  if (!begun.ok) throw new Error(begun.message);
  const { secret } = begun.setup;
  const confirmed = await confirmApp(pool, who, computeCode(secret, now), now);
  if (!confirmed.ok) throw new Error(confirmed.message);
  return { secret, codes: confirmed.codes ?? [] };
}

/** Makes a passkey and has it kept. */
export async function setUpPasskey(
  pool: Pool,
  who: PersonScope | HalfScope,
  now: Date,
  passkey = new SoftPasskey(env.APP_URL),
): Promise<{ passkey: SoftPasskey; codes: string[] }> {
  const begun = await beginPasskey(pool, who, now);
  if (!begun.ok) throw new Error(begun.message);
  const added = await addPasskey(pool, who, { answer: passkey.register(begun.options), name: 'Test' }, now);
  if (!added.ok) throw new Error(added.message);
  return { passkey, codes: added.codes ?? [] };
}

/** Whether a session still lacks its second factor; null when it has ended. */
export async function readLacks(pool: Pool, sessionId: string): Promise<boolean | null> {
  const { rows } = await pool.query<{ lacks: boolean }>(
    'select lacks_second_factor as lacks from user_session where id = $1',
    [sessionId],
  );
  return rows[0]?.lacks ?? null;
}

/** What somebody was told, oldest first. */
export async function listTold(pool: Pool, userId: number): Promise<string[]> {
  const { rows } = await pool.query<{ event: string }>(
    `select job.payload ->> 'event' as event
     from graphile_worker._private_jobs as job join graphile_worker._private_tasks as task on task.id = job.task_id
     where task.identifier = 'tell-person' and (job.payload ->> 'userId')::int = $1 order by job.id`,
    [userId],
  );
  return rows.map(({ event }) => event);
}
