import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import type { TestProject } from 'vitest/node';
import { startThrowaway } from '@/lib/db/embedded/embedded';
import type { EmbeddedServer } from '@/lib/db/embedded/server';
import { applyMigrations } from '@/lib/db/migrate';

declare module 'vitest' {
  export interface ProvidedContext {
    /** The socket at which test files ask for the database server. */
    databaseDoor: string;
  }
}

/** What a test file is told at the door, as JSON. */
export type DoorAnswer = { url: string } | { error: string };

export const templateName = 'template_migrated';

/**
 * Vitest's global set-up: one throw-away PostgreSQL for the whole run, with one migrated database that test files clone. It
 * starts when the first file asks for it, so that a run of pure functions' tests does not wait for it.
 */
export default async function setUp(project: TestProject): Promise<() => Promise<void>> {
  let starting: Promise<EmbeddedServer> | undefined;
  const door = createServer((socket) => {
    socket.on('error', () => undefined);
    const answer = (content: DoorAnswer) => socket.end(JSON.stringify(content));
    starting ??= startMigrated();
    starting.then(
      (server) => answer({ url: server.url('postgres') }),
      (error: Error) => answer({ error: error.message }),
    );
  });
  const address = path.join(os.tmpdir(), `client-zone-test-${randomBytes(6).toString('hex')}.sock`);
  await listen(door, address);
  project.provide('databaseDoor', address);

  return async () => {
    await new Promise((resolve) => door.close(resolve));
    await rm(address, { force: true });
    const server = await starting?.catch(() => undefined);
    await server?.stop();
  };
}

async function startMigrated(): Promise<EmbeddedServer> {
  const server = await startThrowaway();
  try {
    await createTemplate(server);
    return server;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function createTemplate(server: EmbeddedServer): Promise<void> {
  const client = new Client({ connectionString: server.url('postgres') });
  await client.connect();
  await client.query(`CREATE DATABASE ${templateName}`);
  await client.end();
  await applyMigrations(server.url(templateName));
}

function listen(server: Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => server.once('error', reject).listen(address, resolve));
}
