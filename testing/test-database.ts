import { randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { Pool } from 'pg';
import { inject } from 'vitest';
import { sessionUrl } from '@/lib/db/session-url';
import { createDatabase, type Database } from '@/lib/db/client';
import { keepsConnections } from '@/lib/db/distribute';
import { withClient } from '@/lib/db/with-client';
import { dropDatabase } from './drop-database';
import type { DoorAnswer } from './cluster';

/** As web and worker have it: under the user who owns nothing. */
export interface TestDatabase extends Database {
  url: string;
  /** The same for COPY, as uploads and downloads have it (lib/db/client.ts). */
  copyPool: Pool;
  /** For what only the owner may do: other tables, statistics, taking a trigger away. */
  owner: Pool;
  ownerUrl: string;
}

/** Names of those that a test file holds now. */
const held = new Set<string>();

/** Whether it is a database of the file that runs: files share a process, and what another has left there. */
export const isHeld = (name: string | undefined): boolean => name !== undefined && held.has(name);

/** How many this process has made. Files share a process, and what its modules remember. */
let databases = 0;

/**
 * Makes an empty, migrated database for one test file, as a clone of the run's template, in a quarter of a
 * second; `close` drops it. Its ids are other ones than those of the file before: a limit that a module
 * counts by an id in memory would go on for a stranger with the same one. Call it in `beforeAll` and `close`
 * in `afterAll`.
 */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url: serverUrl, programUrl, template, machines } = await askForServer();
  const name = `test_${randomBytes(6).toString('hex')}`;
  // one, or each of a cluster, whose databases of one name are one
  for (const machine of machines) {
    await runOn(machine, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`);
  }
  // what is set of a database is no part of its clones (lib/db/distribute.ts)
  if (machines.length > 1) await runOn(serverUrl, `ALTER DATABASE ${name} SET ${keepsConnections}`);

  const addressIn = (server: string) => {
    const address = new URL(server);
    address.pathname = `/${name}`;
    return address.href;
  };
  const [url, ownerUrl] = [addressIn(programUrl), addressIn(serverUrl)];
  const database = createDatabase(url);
  const owner = new Pool({ connectionString: sessionUrl(withTriggers(ownerUrl, machines)), max: 2 });
  const copyPool = new Pool({ connectionString: sessionUrl(url), max: 10 });
  // What is still open when the database is dropped has nothing more to say.
  for (const pool of [owner, copyPool]) pool.on('error', () => undefined);
  databases += 1;
  held.add(name);
  // the program's own: an extension that spreads tables counts its parts by sequences too
  await owner.query(
    `select setval(seqrelid, $1) from pg_sequence join pg_class on oid = seqrelid where relnamespace = 'public'::regnamespace`,
    [databases * 100_000],
  );
  return {
    ...database,
    url,
    copyPool,
    owner,
    ownerUrl,
    async close() {
      held.delete(name);
      await database.close();
      await owner.end();
      await copyPool.end();
      for (const machine of machines) await dropDatabase(machine, name);
    },
  };
}

/** A cluster makes a test's own triggers on its machines when it is told that somebody answers for them. */
function withTriggers(url: string, machines: readonly string[]): string {
  if (machines.length === 1) return url;
  const address = new URL(url);
  address.searchParams.set('options', '-c citus.enable_unsafe_triggers=on');
  return address.href;
}

async function askForServer(): Promise<Exclude<DoorAnswer, { error: string }>> {
  const { port, password } = inject('databaseDoor');
  const socket = connect(port, '127.0.0.1');
  socket.write(password);
  const answer = JSON.parse(await text(socket)) as DoorAnswer;
  if ('error' in answer) throw new Error(answer.error);
  return answer;
}

async function runOn(url: string, statement: string): Promise<void> {
  await withClient(url, (client) => client.query(statement));
}
