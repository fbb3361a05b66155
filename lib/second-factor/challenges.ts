import type { Pool } from 'pg';
import type { PasskeyPurpose } from '@/lib/db/generated/enums';
import { prismaOn } from '@/lib/db/prisma';
import { columnsOf, selectSql, statement } from '@/lib/db/statement';

/** How long somebody may take to find their key and touch it. */
const challengeMinutes = 5;

/** What a challenge was made for. */
export interface ChallengeUse {
  purpose: PasskeyPurpose;
  /** Null: somebody who is not known yet. */
  userId: number | null;
}

/** Keeps what a passkey is asked to sign. */
export async function keepChallenge(
  pool: Pool,
  challenge: string,
  { purpose, userId }: ChallengeUse,
  now: Date,
): Promise<void> {
  const expiresAt = new Date(now.getTime() + challengeMinutes * 60_000);
  await prismaOn(pool).passkeyChallenge.create({ data: { challenge, purpose, userId, expiresAt } });
}

const columns = columnsOf('PasskeyChallenge', 'purpose', 'userId', 'expiresAt');
const take = statement({
  name: 'take-passkey-challenge',
  values: { challenge: 'text' },
  columns,
  sql: ($) =>
    `delete from passkey_challenge where challenge = ${$.challenge} returning ${selectSql(columns)}`,
});

/**
 * Takes a challenge away: it is answered once, rightly or not.
 *
 * @returns whether it was asked for this, of this person, and not too long ago
 */
export async function takeChallenge(
  pool: Pool,
  challenge: string,
  { purpose, userId }: ChallengeUse,
  now: Date,
): Promise<boolean> {
  const kept = await take.one(pool, { challenge });
  return kept !== undefined && kept.purpose === purpose && kept.userId === userId && kept.expiresAt > now;
}

const prune = statement({
  name: 'prune-passkey-challenges',
  values: { now: 'timestamptz' },
  sql: ($) => `delete from passkey_challenge where expires_at <= ${$.now}`,
});

/** Clears what nobody has answered. */
export async function pruneChallenges(pool: Pool, now: Date): Promise<void> {
  await prune.run(pool, { now });
}
