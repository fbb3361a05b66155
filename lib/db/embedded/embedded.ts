import { randomBytes } from 'node:crypto';
import { rmSync } from 'node:fs';
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { findBinaries } from '@/lib/db/embedded/binaries';
import {
  checkDataFolder,
  chooseDataFolder,
  initialiseCluster,
  makeThrowawayFolder,
  programUser,
  superuser,
} from '@/lib/db/embedded/data-folder';
import { prepareDataDir } from '@/lib/db/embedded/data-dir';
import { EmbeddedError } from '@/lib/db/embedded/embedded-error';
import { findMemoryFolder } from '@/lib/db/embedded/memory-folder';
import { findOwner } from '@/lib/db/embedded/owner';
import { findPostmaster, isAlive, signal } from '@/lib/db/embedded/processes';
import { composeUrl, runServer, type EmbeddedServer } from '@/lib/db/embedded/server';
import {
  createSettings,
  readSettings,
  writeSettings,
  type EmbeddedSettings,
} from '@/lib/db/embedded/settings';
import { sessionUrl } from '@/lib/db/session-url';

export const databaseName = 'client_zone';

/**
 * Starts the PostgreSQL of a DATA_DIR and waits until it answers; its files are made the first time. Throws
 * an {@link EmbeddedError} when it cannot run or another process is using it.
 * @param report is told, a line each, what a person may want to know
 */
export async function startEmbedded(
  dataDirectory: string,
  report: (line: string) => void,
): Promise<EmbeddedServer> {
  const dataDir = await prepareDataDir(dataDirectory);
  const user = await findOwner();
  const binaries = await findBinaries(user, report);
  const settings = await findSettings(dataDir);

  if (settings.dataFolder === null) {
    settings.dataFolder = await chooseDataFolder(dataDir, settings.id, user);
    await initialiseCluster(settings.dataFolder, settings.password, user, binaries);
    await writeSettings(dataDir, settings);
  }
  const { dataFolder, password, programPassword, port } = settings;
  if (path.relative(dataDir, dataFolder).startsWith('..')) {
    report(`The database's files are in ${dataFolder}: the user it runs as cannot reach ${dataDir}.`);
  }
  const owner = await checkDataFolder(dataFolder, user, binaries);
  await endEarlierServer(dataDir, dataFolder, settings);
  const server = await runServer({
    binaries,
    owner,
    dataFolder,
    password,
    programPassword,
    logFile: path.join(dataDir, 'logs', 'postgresql.log'),
    preferredPort: port,
    flags: ['shared_buffers=512MB', 'max_wal_size=2GB', 'checkpoint_timeout=15min'],
  });
  await writeSettings(dataDir, {
    ...settings,
    port: server.port,
    guardPid: server.guardPid,
    supervisorPid: process.pid,
  });
  await createDatabaseIfMissing(server.url('postgres'), databaseName);
  return server;
}

/** The addresses of the embedded database when it is running now, started by whichever process; else null. */
export async function findRunningEmbedded(
  dataDirectory: string,
): Promise<{ owner: string; program: string } | null> {
  const dataDir = await realpath(dataDirectory).catch(() => null);
  const settings = dataDir ? await readSettings(dataDir) : null;
  if (!settings?.dataFolder || !settings.port || !findPostmaster(settings.dataFolder)) return null;
  const { dataFolder, port, password, programPassword } = settings;
  return {
    owner: composeUrl(dataFolder, port, superuser, password, databaseName),
    program: composeUrl(dataFolder, port, programUser, programPassword, databaseName),
  };
}

/** Bytes of memory that must be left for one: its log, the files of some databases, as much for the rest. */
const throwawayRoom = 6 * 2 ** 30;

/**
 * Starts a PostgreSQL for tests: nothing in it outlives it, and it forgoes durability for speed.
 *
 * @param environment variables that it is to have besides its own
 */
export async function startThrowaway(environment: Record<string, string> = {}): Promise<EmbeddedServer> {
  const owner = await findOwner();
  const binaries = await findBinaries(owner, () => undefined);
  const memory = await findMemoryFolder(throwawayRoom);
  const folder = await makeThrowawayFolder(owner, memory ? [memory] : []);
  const dataFolder = path.join(folder, 'data');
  const password = randomBytes(24).toString('base64url');
  // Once the server runs, its guard removes the folder; until then, this does.
  const removeFolder = () => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeFolder);
  try {
    await initialiseCluster(dataFolder, password, owner, binaries);
    return await runServer({
      binaries,
      owner,
      dataFolder,
      password,
      programPassword: randomBytes(24).toString('base64url'),
      logFile: path.join(folder, 'postgresql.log'),
      preferredPort: null,
      flags: [
        'shared_buffers=128MB',
        'fsync=off',
        'synchronous_commit=off',
        'full_page_writes=off',
        // It may be in memory.
        'max_wal_size=1GB',
      ],
      removeAfterwards: folder,
      environment,
    });
  } catch (error) {
    removeFolder();
    throw error;
  } finally {
    process.off('exit', removeFolder);
  }
}

async function findSettings(dataDir: string): Promise<EmbeddedSettings> {
  const settings = (await readSettings(dataDir)) ?? (await createSettings(dataDir));
  if (settings.dataDir === dataDir || settings.dataFolder === null) return { ...settings, dataDir };

  const inside = path.relative(settings.dataDir, settings.dataFolder);
  // Moved or copied together with the database's files.
  if (!inside.startsWith('..')) return { ...settings, dataDir, dataFolder: path.join(dataDir, inside) };

  const original = await readSettings(settings.dataDir);
  if (original?.id !== settings.id) return { ...settings, dataDir };
  throw new EmbeddedError(
    `${dataDir} is a copy of ${settings.dataDir}, and the database of both would be ${settings.dataFolder}. Remove ${dataDir} to begin with an empty one.`,
  );
}

/**
 * Makes sure that no server of an earlier run is up. If its supervisor lives, it is in use; if only the guard
 * lives, the guard is just stopping it; if neither lives, it is stopped here.
 */
async function endEarlierServer(
  dataDir: string,
  dataFolder: string,
  settings: EmbeddedSettings,
): Promise<void> {
  const { guardPid, supervisorPid } = settings;
  const postmaster = findPostmaster(dataFolder);
  if (postmaster === null) return;
  const guarded = guardPid !== null && isAlive(guardPid);
  const inUse = new EmbeddedError(
    `Client Zone is already running on ${dataDir} (process ${supervisorPid ?? postmaster}). Stop it, or set DATA_DIR to another folder.`,
  );
  if (guarded && supervisorPid !== null && isAlive(supervisorPid)) throw inUse;
  if (!guarded) signal(postmaster, 'SIGINT');

  const deadline = Date.now() + 30_000;
  while (findPostmaster(dataFolder) !== null) {
    if (Date.now() > deadline) throw inUse;
    await delay(50);
  }
}

async function createDatabaseIfMissing(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: sessionUrl(url) });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}
