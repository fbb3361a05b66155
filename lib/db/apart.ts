import { isDistributed } from '@/lib/db/distribute';
import type { Connection } from '@/lib/db/statement';

/** Of each pool and connection that was asked, whether rows of accounts lie apart there. */
const known = new WeakMap<object, Promise<boolean>>();

/**
 * Parts what is of several accounts for statements that lock rows: a cluster locks those of one account at a
 * time, so there is a part for each, in the order of the accounts; one PostgreSQL takes all of it at once.
 *
 * @returns the places of what belongs together
 */
export async function partToLock(
  connection: Connection,
  all: readonly { accountId: number }[],
): Promise<number[][]> {
  const places = all.map((_, place) => place);
  if (new Set(all.map(({ accountId }) => accountId)).size < 2) return places.length > 0 ? [places] : [];
  const answer = known.get(connection) ?? isDistributed(connection);
  known.set(connection, answer);
  if (!(await answer)) return [places];
  const parts = new Map<number, number[]>();
  all.forEach(({ accountId }, place) => parts.set(accountId, [...(parts.get(accountId) ?? []), place]));
  return [...parts].sort(([a], [b]) => a - b).map(([, part]) => part);
}
