import { isDistributed } from '@/lib/db/distribute';
import type { Connection } from '@/lib/db/statement';

/** Of each pool and connection that was asked, whether rows of accounts lie apart there. */
const known = new WeakMap<object, Promise<boolean>>();

/** Whether rows of accounts lie apart there, on machines of a cluster; asked once of a pool or connection. */
export function liesApart(connection: Connection): Promise<boolean> {
  const answer = known.get(connection) ?? isDistributed(connection);
  known.set(connection, answer);
  return answer;
}

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
  if (!(await liesApart(connection))) return [places];
  const placed = all.map(({ accountId }, place) => ({ accountId, place }));
  return groupByAccount(placed).map(({ of }) => of.map(({ place }) => place));
}

/** What is of each account, in the order of the accounts. */
export function groupByAccount<Of extends { accountId: number }>(
  all: readonly Of[],
): { accountId: number; of: Of[] }[] {
  const groups = new Map<number, Of[]>();
  for (const one of all) {
    const group = groups.get(one.accountId);
    if (group) group.push(one);
    else groups.set(one.accountId, [one]);
  }
  return [...groups].sort(([a], [b]) => a - b).map(([accountId, of]) => ({ accountId, of }));
}
