import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { Client } from 'pg';
import { makeThrowawayFolder } from '@/lib/db/embedded/data-folder';
import { databaseName, startEmbedded } from '@/lib/db/embedded/embedded';
import { findOwner } from '@/lib/db/embedded/owner';
import { applyMigrations } from '@/lib/db/migrate';
import type { BenchContext } from './context';

/**
 * A PostgreSQL for benches: that of `npm start`, as durable and with the same settings, in a folder of its
 * own.
 */
export interface BenchServer {
  dataDir: string;
  /** Runs `work` with the address of an empty, migrated database, which is dropped afterwards. */
  withDatabase<Result>(work: (url: string) => Promise<Result>): Promise<Result>;
  withSeeded: BenchContext['withSeeded'];
  /** Stops it and removes all its files, unless they are to be kept. */
  stop(): Promise<void>;
}

export async function startBenchServer(
  report: (line: string) => void,
  keptFolder?: string,
): Promise<BenchServer> {
  const folder = keptFolder ?? (await makeThrowawayFolder(await findOwner()));
  const removeFolder = async () => {
    if (keptFolder === undefined) await rm(folder, { recursive: true, force: true });
  };
  try {
    const dataDir = path.join(folder, 'bench');
    const server = await startEmbedded(dataDir, report);
    const stop = async () => {
      await server.stop();
      await removeFolder();
    };
    const run = (statement: string) => runOn(server.url('postgres'), statement);
    const create = async (name: string) => {
      await run(`create database ${name} template ${databaseName}`);
      return server.url(name);
    };
    const drop = (name: string) => run(`drop database if exists ${name} with (force)`);
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
        try {
          return await work(await create(name));
        } finally {
          await drop(name);
        }
      },
      async withSeeded(name, seed, work) {
        const found = await run(`select from pg_database where datname = '${name}'`);
        if (found === 0) {
          // Under another name until it is whole.
          const half = `${name}_half`;
          await drop(half);
          await seed(await create(half));
          await run(`alter database ${half} rename to ${name}`);
        }
        try {
          await applyMigrations(server.url(name));
          return await work(server.url(name));
        } finally {
          if (keptFolder === undefined) await drop(name);
        }
      },
      stop,
    };
  } catch (error) {
    await removeFolder();
    throw error;
  }
}

/** Answers with how many rows there are. */
async function runOn(url: string, statement: string): Promise<number | null> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query(statement);
    return rowCount;
  } finally {
    await client.end();
  }
}
