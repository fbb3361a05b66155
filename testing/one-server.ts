import { expect, test } from 'vitest';

/** Whether test files have a cluster in the place of one PostgreSQL (testing/cluster.ts). */
export const isOnCluster = process.env['CITUS_URL'] !== undefined;

/**
 * A test that reads a plan, the catalogue, what PostgreSQL counts or how it is set up, and so is left out on
 * a cluster: its coordinator has none of that for rows that lie on its machines, and is set up by others.
 * Every other test runs on both.
 */
export const testOnOneServer = test.skipIf(isOnCluster);

/** A test's limit, in ms, that only what hangs reaches: on a cluster a statement takes many times as long. */
export const timeLimit = (ms: number) => (isOnCluster ? 10 * ms : ms);

/**
 * What an error has that says which constraint was broken: on a cluster in words alone, with the number of a
 * part behind the name.
 */
export function violationOf(constraint: string): object {
  if (!isOnCluster) return { constraint };
  return { message: expect.stringMatching(new RegExp(String.raw`constraint "${constraint}(_\d+)?"`)) };
}

/** What an error says of a table; on a cluster of a part of it, by its number. */
export function saidOf(table: string, said: string): unknown {
  return isOnCluster
    ? expect.stringMatching(new RegExp(String.raw`^${table}(_\d+)? ${said}$`))
    : `${table} ${said}`;
}
