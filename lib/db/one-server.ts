import type { PoolClient } from 'pg';

/** Stands on both sides of what only a cluster is told. */
const mark = '/*cluster*/';

/**
 * "on conflict do nothing" for rows whose ids are drawn from a sequence as they are inserted: there can be no
 * conflict. A cluster may commit an `insert … select` without it apart from its transaction (record 51);
 * one PostgreSQL pays for it with a lock and a record in its log for each row, and is not told of it.
 */
export const idsAreNew = `${mark}on conflict (account_id, id) do nothing${mark}`;

/** What only a cluster is told: a condition that is true anyway, by which it knows where the rows lie. */
export const onCluster = (condition: string) => `${mark}${condition}${mark}`;

/** The text of a statement as each is sent it; the same one twice when there is nothing to leave out. */
export function composeTexts(text: string): { anywhere: string; oneServer: string } {
  const parts = text.split(mark);
  return {
    anywhere: parts.join(''),
    oneServer: parts.filter((_, place) => place % 2 === 0).join(''),
  };
}

/** Connections to a PostgreSQL that is no machine of a cluster. */
const ofOneServer = new WeakSet<object>();

/** What is asked of each new connection. */
export const serverQuestion = `select to_regclass('pg_catalog.pg_dist_partition') is not null as found`;

/**
 * Asks a new connection, ahead of what it is opened for, whether it leads to a cluster. While it has not
 * answered it is taken for one, whose texts are right anywhere.
 */
export function learnServer(client: PoolClient): void {
  client
    .query<{ found: boolean }>(serverQuestion)
    .then(({ rows }) => {
      if (rows[0]?.found === false) ofOneServer.add(client);
    })
    // One that breaks says so to whoever uses it next.
    .catch(() => undefined);
}

export function isOfOneServer(connection: object): boolean {
  return ofOneServer.has(connection);
}
