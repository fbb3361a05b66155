import { execFile, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, rm, stat, writeFile, appendFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { seedDemo } from '@/prisma/seed';
import { createDatabase } from '@/lib/db/client';
import { initialiseCluster, programUser, serverEnvironment } from '@/lib/db/embedded/data-folder';
import { databaseName } from '@/lib/db/embedded/embedded';
import { findOwner } from '@/lib/db/embedded/owner';
import { runServer, type EmbeddedServer } from '@/lib/db/embedded/server';
import { applyMigrations } from '@/lib/db/migrate';
import { withClient } from '@/lib/db/with-client';
import { receiveReplies } from '@/lib/replies/commands';
import { composeReply, createAccount, nextMsisdn, type TestAccount } from '@/testing/factories';
import { waitUntil } from '@/testing/poll';
import { findFreePort, postReply, startWorkerProcess } from '@/testing/worker-process';
import type { Round, SoakContext, SoakPart } from './part';

const run = promisify(execFile);

const repliesBetween = 200;

/** By table: how many rows it has, and a digest of all that is in them. */
type Content = Record<string, string>;

/** What lives and ends with a process, and what a worker writes by itself: no part of what is restored. */
const fleeting = ['public.worker', 'public.time_to_honour', 'graphile_worker._private_known_crontabs'];

async function readContent(url: string): Promise<Content> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      `select format('%I.%I', schemaname, tablename) as name from pg_tables
       where schemaname in ('public', 'graphile_worker') order by 1`,
    );
    const content: Content = {};
    for (const { name } of rows) {
      if (fleeting.includes(name)) continue;
      const counted = await client.query<{ rows: string; digest: string }>(
        `select count(*) as rows, md5(coalesce(string_agg(t::text, ',' order by t::text), '')) as digest from ${name} as t`,
      );
      content[name] = `${counted.rows[0]?.rows} ${counted.rows[0]?.digest}`;
    }
    return content;
  });
}

function countRows(content: Content): number {
  return Object.values(content).reduce((sum, value) => sum + Number(value.split(' ')[0]), 0);
}

function compare(what: string, wanted: Content, found: Content): string[] {
  const names = [...new Set([...Object.keys(wanted), ...Object.keys(found)])];
  return names
    .filter((name) => wanted[name] !== found[name])
    .map((name) => `${what}: ${name} has ${found[name] ?? 'nothing'}, and had ${wanted[name] ?? 'nothing'}`);
}

/** The demo, which fills nearly every table, and an account that replies come in for. */
async function fill(server: EmbeddedServer): Promise<TestAccount> {
  await applyMigrations(server.url(databaseName), { programUser });
  const database = createDatabase(server.programUrl(databaseName));
  try {
    await seedDemo(database);
    const account = await createAccount(database.pool);
    await receiveSome(database.pool, account);
    return account;
  } finally {
    await database.close();
  }
}

async function receiveSome(pool: Parameters<typeof receiveReplies>[0], account: TestAccount): Promise<void> {
  const replies = Array.from({ length: repliesBetween }, (_, index) =>
    composeReply({
      from: nextMsisdn(),
      to: account.senderNumber as string,
      text: index % 5 === 0 ? 'Stop' : 'hello',
    }),
  );
  await receiveReplies(pool, replies);
}

/** Starts the program on a restored database; what is wrong when a "Stop" does not come into force there. */
async function tryProgram(url: string, account: TestAccount): Promise<string[]> {
  const port = await findFreePort();
  const worker = await startWorkerProcess({ databaseUrl: url, ratePerSecond: 500, port });
  try {
    const isReady = () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      );
    await waitUntil('the worker is ready on what was restored', isReady, 60_000);
    const from = nextMsisdn();
    const reply = { id: `restored-${from}`, from, to: account.senderNumber as string, text: 'Stop' };
    if (!(await postReply(port, reply))) return ['a reply to the restored database was not taken'];
    const { rowCount } = await withClient(url, (client) =>
      client.query('select from opt_out where account_id = $1 and msisdn = $2', [account.id, from]),
    );
    return rowCount === 1 ? [] : ['a Stop to the restored database blocks nobody'];
  } finally {
    worker.kill('SIGTERM');
    await once(worker, 'exit');
  }
}

/**
 * A base backup taken while replies come in, and the log of changes since: everything is brought back as it
 * was at a moment, between replies that stay and a mistake that does not.
 */
async function restoreToMoment(context: SoakContext): Promise<{ rows: number; wrong: string[] }> {
  const name = `restore-${randomUUID().slice(0, 8)}`;
  const owner = await findOwner();
  const archive = path.join(context.folder, `${name}-archive`);
  const backup = path.join(context.folder, `${name}-backup`);
  await mkdir(archive);
  if (owner) await chown(archive, owner.uid, owner.gid);

  let server = await context.startDatabase(name);
  const { dataFolder } = server;
  try {
    await withClient(server.url('postgres'), async (client) => {
      await client.query(`alter system set archive_mode = 'on'`);
      // As docs/operations/backup.md says: never over a file that is there.
      await client.query(
        `alter system set archive_command = 'test ! -f ${archive}/%f && cp %p ${archive}/%f'`,
      );
    });
    await server.stop();
    server = await context.startDatabase(name);
    const account = await fill(server);
    const database = createDatabase(server.programUrl(databaseName));

    // What pg_basebackup does, which is not among the embedded programs.
    await withClient(server.url('postgres'), async (client) => {
      await client.query(`select pg_backup_start('soak', true)`);
      await Promise.all([run('cp', ['-a', dataFolder, backup]), receiveSome(database.pool, account)]);
      const { rows } = await client.query<{ label: string }>(
        'select labelfile as label from pg_backup_stop()',
      );
      for (const file of ['postmaster.pid', 'postmaster.opts'])
        await rm(path.join(backup, file), { force: true });
      for (const file of await readdir(path.join(backup, 'pg_wal')))
        await rm(path.join(backup, 'pg_wal', file), { recursive: true });
      await writeFile(path.join(backup, 'backup_label'), rows[0]?.label ?? '');
    });

    await receiveSome(database.pool, account);
    const wanted = await readContent(server.url(databaseName));
    const moment = await withClient(server.url(databaseName), async (client) => {
      const { rows } = await client.query<{ at: string }>('select clock_timestamp()::text as at');
      return rows[0]?.at ?? '';
    });
    // The mistake.
    await withClient(server.url(databaseName), (client) =>
      client.query('truncate opt_out, credit_balance cascade'),
    );
    await receiveSome(database.pool, account);
    await database.close();
    if (compare('', wanted, await readContent(server.url(databaseName))).length === 0)
      return { rows: 0, wrong: ['nothing differs after the mistake: nothing would be shown'] };
    await withClient(server.url('postgres'), (client) => client.query('select pg_switch_wal()'));
    // Ends once the archive has all of it.
    await server.stop();

    await rm(dataFolder, { recursive: true });
    await run('cp', ['-a', backup, dataFolder]);
    await appendFile(
      path.join(dataFolder, 'postgresql.auto.conf'),
      [
        `restore_command = 'cp ${archive}/%f %p'`,
        `recovery_target_time = '${moment}'`,
        `recovery_target_action = 'promote'`,
        // nobody is to see it half restored
        `hot_standby = 'off'`,
        `archive_mode = 'off'`,
        '',
      ].join('\n'),
    );
    await writeFile(path.join(dataFolder, 'recovery.signal'), '');
    for (const file of ['backup_label', 'recovery.signal']) {
      await chmod(path.join(dataFolder, file), 0o600);
      if (owner) await chown(path.join(dataFolder, file), owner.uid, owner.gid);
    }
    server = await context.startDatabase(name);
    const found = await readContent(server.url(databaseName));
    const wrong = compare('after the base backup and its log', wanted, found);
    if (wrong.length === 0) wrong.push(...(await tryProgram(server.programUrl(databaseName), account)));
    return { rows: countRows(found), wrong };
  } finally {
    await server.stop();
    for (const folder of [archive, backup]) await rm(folder, { recursive: true, force: true });
  }
}

/**
 * PostgreSQL's own programs, of a version that the program runs on; the embedded ones have no pg_dump, and
 * one of an older version refuses a newer server. PG_BIN names their folder where they are elsewhere than on
 * Debian.
 */
function findPrograms(): { folder: string; major: number } | null {
  const debian = '/usr/lib/postgresql';
  const folders = [
    ...(process.env.PG_BIN ? [process.env.PG_BIN] : []),
    ...(existsSync(debian) ? readdirSync(debian).map((version) => path.join(debian, version, 'bin')) : []),
  ];
  const found = folders.flatMap((folder) => {
    const { stdout } = spawnSync(path.join(folder, 'pg_dump'), ['--version'], { encoding: 'utf8' });
    const major = Number(/PostgreSQL\) (\d+)/.exec(stdout ?? '')?.[1] ?? 0);
    const isWhole = ['initdb', 'postgres', 'pg_restore'].every((name) => existsSync(path.join(folder, name)));
    return isWhole && major >= 17 ? [{ folder, major }] : [];
  });
  return found.sort((a, b) => b.major - a.major)[0] ?? null;
}

/** A dump, restored into a database beside it, on a server of the same version. */
async function restoreDump(
  context: SoakContext,
  { folder, major }: { folder: string; major: number },
): Promise<{ rows: number; wrong: string[] }> {
  const owner = await findOwner();
  const place = path.join(context.folder, `dump-${randomUUID().slice(0, 8)}`);
  await mkdir(place);
  if (owner) await chown(place, owner.uid, owner.gid);
  const dataFolder = path.join(place, 'data');
  const binaries = { major, initdb: path.join(folder, 'initdb'), postgres: path.join(folder, 'postgres') };
  const password = randomUUID();
  await initialiseCluster(dataFolder, password, owner, binaries);
  const server = await runServer({
    ...{ binaries, owner, dataFolder, password, programPassword: randomUUID() },
    logFile: path.join(place, 'postgresql.log'),
    preferredPort: null,
    flags: [],
  });
  try {
    await withClient(server.url('postgres'), (client) => client.query(`create database ${databaseName}`));
    const account = await fill(server);
    const wanted = await readContent(server.url(databaseName));
    const file = path.join(place, 'client-zone.dump');
    const tool = (name: string, ...parameters: string[]) =>
      run(path.join(folder, name), parameters, { env: { ...process.env, ...serverEnvironment } });
    await tool('pg_dump', '--format=custom', `--file=${file}`, `--dbname=${server.url(databaseName)}`);
    await withClient(server.url('postgres'), (client) => client.query('create database restored'));
    await tool('pg_restore', '--exit-on-error', `--dbname=${server.url('restored')}`, file);
    const size = (await stat(file)).size;
    context.report(`a dump of ${Math.round(size / 1024)} kB by pg_dump ${major}`);
    const found = await readContent(server.url('restored'));
    const wrong = compare('after pg_dump and pg_restore', wanted, found);
    if (wrong.length === 0) wrong.push(...(await tryProgram(server.programUrl('restored'), account)));
    return { rows: countRows(found), wrong };
  } finally {
    await server.stop();
    await rm(place, { recursive: true, force: true });
  }
}

async function play(context: SoakContext, seed: number): Promise<Round> {
  const moment = await restoreToMoment(context);
  const programs = findPrograms();
  if (!programs) context.report('no pg_dump of 17 or later here: dumps were not tried (set PG_BIN)');
  const dump = programs ? await restoreDump(context, programs) : { rows: 0, wrong: [] };
  const wrong = [...moment.wrong, ...dump.wrong];
  return {
    counts: { 'rows restored to a moment': moment.rows, 'rows restored from a dump': dump.rows },
    failure: wrong.length === 0 ? null : { explanation: wrong.join('\n'), replay: seed },
  };
}

/** Backups that are restored, compared and used: docs/operations/backup.md. */
export const restore: SoakPart = {
  run: play,
  replay: async (context, seed) => (await play(context, Number(seed))).failure?.explanation ?? null,
};
