import type { PoolClient } from 'pg';
import { enqueueJob } from '@/lib/jobs/enqueue';
import { recordActivity } from './activity';
import type { HalfScope, PersonScope } from './scope';

/** What can happen to how somebody signs in. */
const factorEvents = [
  'app-added',
  'app-replaced',
  'app-removed',
  'passkey-added',
  'passkey-removed',
  'recovery-codes-renewed',
  'recovery-code-used',
  'codes-guessed',
] as const;
type FactorEvent = (typeof factorEvents)[number];

/** What somebody is told by e-mail about how they sign in. */
export const personEvents = [...factorEvents, 'second-factor-required'] as const;
export type PersonEvent = (typeof personEvents)[number];

type Details = Readonly<Record<string, string | number>>;

/** Has somebody told by e-mail, by a job of the worker: once the transaction has committed, and only then. */
export async function emailLater(
  client: PoolClient,
  userId: number,
  event: PersonEvent,
  now: Date,
  details: Details = {},
): Promise<void> {
  await enqueueJob(client, 'tell-person', { userId, event, details, at: now.toISOString() });
}

/**
 * Writes down what has happened to how somebody signs in, and has them told, in the transaction that does it.
 *
 * @param details what the e-mail says besides: the name of a passkey, how many codes are left
 */
export async function recordFactorEvent(
  client: PoolClient,
  { userId, accountId, address }: PersonScope | HalfScope,
  event: FactorEvent,
  now: Date,
  details: Details = {},
): Promise<void> {
  await recordActivity(client, { kind: `factor.${event}`, userId, accountId, address, details }, now);
  await emailLater(client, userId, event, now, details);
}
