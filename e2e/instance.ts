import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { Pool } from 'pg';

/** The instance under test: where it listens, and how to reach what it keeps. */
export const port = process.env.E2E_PORT ?? '3100';
export const workerPort = process.env.E2E_WORKER_PORT ?? '3101';
export const dataDir = process.env.E2E_DATA_DIR ?? '.data/e2e';
export const baseURL = `http://localhost:${port}`;

/** Starts it as a person would, with the demo in a database that is gone afterwards. */
export const startCommand = ['node', 'scripts/run.mjs', 'supervisor.ts'];
export const startEnvironment = {
  PORT: port,
  WORKER_PORT: workerPort,
  DATA_DIR: dataDir,
  THROWAWAY_DATABASE: 'true',
  DATABASE_URL: '',
  APP_URL: '',
};

/** The demo's people; prisma/seed/cast.ts says who they are. */
export const demo = {
  thandi: { username: 'thandi', password: 'coffee-58324', account: 'W58324' },
  priya: { username: 'priya', password: 'smile-61207', account: 'W61207' },
  sibusiso: { username: 'sibusiso', password: 'viewer-58324', account: 'W58324' },
  lindiwe: { username: 'lindiwe', password: 'staff-client-zone' },
} as const;

/** Its database, for what no page can do: making accounts, suspending users. */
export async function openDatabase(): Promise<Pool> {
  return new Pool({ connectionString: await readDatabaseUrl(), max: 4 });
}

const databaseFile = path.join(dataDir, 'throwaway-database.txt');

export function readDatabaseUrl(): Promise<string> {
  return readFile(databaseFile, 'utf8');
}

/** When the instance began, with its database: milliseconds since 1970. */
export async function readBeginning(): Promise<number> {
  return (await stat(databaseFile)).mtimeMs;
}

/** What a carrier must show to hand over replies. */
export async function readCarrierSecret(): Promise<string> {
  const secrets = JSON.parse(await readFile(path.join(dataDir, 'secrets.json'), 'utf8')) as {
    CARRIER_SECRET: string;
  };
  return secrets.CARRIER_SECRET;
}
