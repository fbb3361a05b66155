import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import { programUser } from '@/lib/db/embedded/data-folder';
import { startThrowaway } from '@/lib/db/embedded/embedded';
import { applyMigrations } from '@/lib/db/migrate';
import { withClient } from '@/lib/db/with-client';
import { prepareCitus, type TestServer } from './citus-server';

/** Where test files ask for the database server, and the word that gets them an answer. */
export interface Door {
  port: number;
  password: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    databaseDoor: Door;
  }
}

/** What a test file is told at the door, as JSON. */
export type DoorAnswer =
  | { url: string; programUrl: string; template: string; machines: string[] }
  | { error: string };

const template = 'template_migrated';

/**
 * Vitest's global set-up: one throw-away PostgreSQL for the whole run, with one migrated database that test
 * files clone. It starts when the first file asks for it, so that a run of pure functions' tests does not
 * wait for it. With CITUS_URL set, the cluster at that address takes its place.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  const password = randomBytes(16).toString('hex');
  let starting: Promise<TestServer> | undefined;
  const door = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', (word) => {
      if (word.toString() !== password) {
        socket.destroy();
        return;
      }
      const answer = (content: DoorAnswer) => socket.end(JSON.stringify(content));
      starting ??= startMigrated();
      starting.then(
        (server) =>
          answer({
            url: server.url('postgres'),
            programUrl: server.programUrl('postgres'),
            template: server.template,
            machines: server.machines,
          }),
        (error: Error) => answer({ error: error.message }),
      );
    });
  });
  await once(door.listen(0, '127.0.0.1'), 'listening');
  project.provide('databaseDoor', { port: (door.address() as AddressInfo).port, password });

  return async () => {
    door.close();
    const server = await starting?.catch(() => undefined);
    await server?.stop();
  };
}

/** What libfaketime needs to show the server the time that it shows this process (soak/calendar.ts). */
function readMovedClock(): Record<string, string> {
  const names = process.env['FAKETIME'] ? ['FAKETIME', 'FAKETIME_DONT_FAKE_MONOTONIC', 'LD_PRELOAD'] : [];
  return Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']));
}

async function startMigrated(): Promise<TestServer> {
  const citusUrl = process.env['CITUS_URL'];
  if (citusUrl) return prepareCitus(citusUrl);
  const server = await startThrowaway(readMovedClock());
  try {
    await withClient(server.url('postgres'), (client) => client.query(`CREATE DATABASE ${template}`));
    await applyMigrations(server.url(template), { programUser });
    return Object.assign(server, { machines: [server.url('postgres')], template });
  } catch (error) {
    await server.stop();
    throw error;
  }
}
