import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { makeThrowawayFolder } from '@/lib/db/embedded/data-folder';
import { databaseName, startEmbedded } from '@/lib/db/embedded/embedded';
import { findOwner } from '@/lib/db/embedded/owner';
import { applyMigrations } from '@/lib/db/migrate';

/** A PostgreSQL for benches: that of `npm start`, as durable and with the same settings, in a folder of its own. */
export interface BenchServer {
  dataDir: string;
  /** Runs `work` with the address of an empty, migrated database, which is dropped afterwards. */
  withDatabase<Result>(work: (url: string) => Promise<Result>): Promise<Result>;
  /** Stops it and removes all its files. */
  stop(): Promise<void>;
}

export async function startBenchServer(report: (line: string) => void): Promise<BenchServer> {
  const folder = await makeThrowawayFolder(await findOwner());
  const removeFolder = () => rm(folder, { recursive: true, force: true });
  try {
    const dataDir = path.join(folder, 'bench');
    const server = await startEmbedded(dataDir, report);
    const stop = async () => {
      await server.stop();
      await removeFolder();
    };
    try {
      await applyMigrations(server.url(databaseName));
    } catch (error) {
      await stop();
      throw error;
    }
    return {
      dataDir,
      async withDatabase(work) {
        const name = `bench_${randomBytes(4).toString('hex')}`;
        await runOn(server.url('postgres'), `create database ${name} template ${databaseName}`);
        try {
          return await work(server.url(name));
        } finally {
          await runOn(server.url('postgres'), `drop database ${name} with (force)`);
        }
      },
      stop,
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

async function runOn(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query(statement).finally(() => client.end());
}
