import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { appendFile, chown, open, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findBinaries } from '@/lib/db/embedded/binaries';
import {
  initialiseCluster,
  makeThrowawayFolder,
  programUser,
  serverEnvironment,
  superuser,
} from '@/lib/db/embedded/data-folder';
import { databaseName } from '@/lib/db/embedded/embedded';
import { spawnGuarded, type GuardedProcess } from '@/lib/db/embedded/guard';
import { findOwner } from '@/lib/db/embedded/owner';
import { composeUrl, runServer } from '@/lib/db/embedded/server';
import { applyMigrations } from '@/lib/db/migrate';
import { withClient } from '@/lib/db/with-client';
import { findFreePort } from './worker-process';

const run = promisify(execFile);

const common = ['shared_buffers=32MB', 'fsync=off', 'jit=off', 'random_page_cost=1.1'];

/** A database of its own and a standby that follows it, both of one test file. */
export interface ReplicatedDatabase {
  /** As web and worker sign in. */
  primaryUrl: string;
  standbyUrl: string;
  /** Of the owner, who may stop the standby from carrying out what it gets. */
  ownerUrl: string;
  standbyOwnerUrl: string;
  startStandby(): Promise<void>;
  /** Every connection to it ends at once. */
  stopStandby(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a primary and a standby beside the run's server, which does not wait for the disk. The embedded
 * programs have no pg_basebackup; this does what it does.
 *
 * @param standbySettings "name=value" of postgresql.conf
 */
export async function startReplicatedDatabase(standbySettings: string[] = []): Promise<ReplicatedDatabase> {
  const owner = await findOwner();
  const binaries = await findBinaries(owner, () => undefined);
  const folder = await makeThrowawayFolder(owner);
  const [dataFolder, standbyFolder] = [path.join(folder, 'primary'), path.join(folder, 'standby')];
  const password = randomBytes(24).toString('hex');
  const programPassword = randomBytes(24).toString('hex');
  await initialiseCluster(dataFolder, password, owner, binaries);
  const primary = await runServer({
    ...{ binaries, owner, dataFolder, password, programPassword },
    logFile: path.join(folder, 'primary.log'),
    preferredPort: null,
    flags: [...common, 'wal_keep_size=256MB'],
    removeAfterwards: folder,
  });
  await withClient(primary.url('postgres'), (client) => client.query(`create database ${databaseName}`));
  await applyMigrations(primary.url(databaseName), { programUser });

  await withClient(primary.url('postgres'), async (client) => {
    await client.query(`select pg_backup_start('standby', true)`);
    await run('cp', ['-a', dataFolder, standbyFolder]);
    const { rows } = await client.query<{ label: string }>(
      'select labelfile as label from pg_backup_stop(false)',
    );
    for (const file of ['postmaster.pid', 'postmaster.opts']) await rm(path.join(standbyFolder, file));
    for (const file of await readdir(path.join(standbyFolder, 'pg_wal')))
      await rm(path.join(standbyFolder, 'pg_wal', file), { recursive: true });
    await writeFile(path.join(standbyFolder, 'backup_label'), rows[0]?.label ?? '', { mode: 0o600 });
  });
  await writeFile(path.join(standbyFolder, 'standby.signal'), '', { mode: 0o600 });
  await appendFile(
    path.join(standbyFolder, 'postgresql.auto.conf'),
    `primary_conninfo = 'host=127.0.0.1 port=${primary.port} user=${superuser} password=${password}'\n`,
  );
  if (owner) {
    for (const file of ['backup_label', 'standby.signal'])
      await chown(path.join(standbyFolder, file), owner.uid, owner.gid);
  }

  const port = await findFreePort();
  const urlOf = (user: string, secret: string) => composeUrl(standbyFolder, port, user, secret, databaseName);
  const standbyUrl = urlOf(programUser, programPassword);
  const settings = [
    ...common,
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${standbyFolder}`,
    'wal_retrieve_retry_interval=100ms',
    ...standbySettings,
  ];
  let standby: GuardedProcess | null = null;

  async function startStandby(): Promise<void> {
    const log = await open(path.join(folder, 'standby.log'), 'a', 0o600);
    const process = spawnGuarded({
      command: [
        ...([binaries.postgres, '-D', standbyFolder] as [string, ...string[]]),
        ...settings.flatMap((setting) => ['-c', setting]),
      ],
      stopSignal: 'INT',
      environment: serverEnvironment,
      workingFolder: '/',
      output: log.fd,
      user: owner,
    });
    standby = process;
    const deadline = Date.now() + 60_000;
    while (!(await answers(standbyUrl))) {
      if (process.hasEnded() || Date.now() > deadline) throw new Error('The standby did not start.');
      await delay(50);
    }
    await log.close();
  }

  async function stopStandby(): Promise<void> {
    standby?.stop();
    await standby?.ended;
  }

  try {
    await startStandby();
  } catch (error) {
    await stopStandby();
    await primary.stop();
    throw error;
  }
  return {
    primaryUrl: primary.programUrl(databaseName),
    standbyUrl,
    ownerUrl: primary.url(databaseName),
    standbyOwnerUrl: urlOf(superuser, password),
    startStandby,
    stopStandby,
    async close() {
      await stopStandby();
      await primary.stop();
    },
  };
}

async function answers(url: string): Promise<boolean> {
  try {
    await withClient(url, (client) => client.query('select'));
    return true;
  } catch (error) {
    // It does not listen yet, or is still reading what it needs to be consistent.
    if (['ECONNREFUSED', 'ENOENT', '57P03'].includes(String((error as { code?: string }).code))) return false;
    throw error;
  }
}
