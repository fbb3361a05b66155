import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { programUser } from '@/lib/db/embedded/data-folder';
import { applyMigrations } from '@/lib/db/migrate';
import { databaseName, findRunningEmbedded, startEmbedded } from '@/lib/db/embedded/embedded';
import { EmbeddedError } from '@/lib/db/embedded/embedded-error';
import { findMemoryFolder } from '@/lib/db/embedded/memory-folder';
import { findPostmaster } from '@/lib/db/embedded/processes';
import type { EmbeddedServer } from '@/lib/db/embedded/server';
import { readSettings } from '@/lib/db/embedded/settings';
import { isLong } from '@/testing/property-runs';
import { bundle, bundleOf } from '@/scripts/bundle.mjs';

let dataDir: string;
let running: EmbeddedServer[] = [];

// One folder for all tests, since making a database's files takes longer than all the rest.
beforeAll(async () => {
  dataDir = await makeDataDir();
});
afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  running = [];
});
afterAll(() => remove(dataDir));

async function makeDataDir(): Promise<string> {
  return mkdtemp(path.join((await findMemoryFolder(2 ** 30)) ?? os.tmpdir(), 'client-zone-embedded-'));
}

async function remove(folder: string): Promise<void> {
  // Elsewhere, if the user PostgreSQL runs as cannot reach the folder for temporary files.
  const dataFolder = (await readSettings(folder))?.dataFolder;
  if (dataFolder) await rm(dataFolder, { recursive: true });
  await rm(folder, { recursive: true });
}

async function start(folder = dataDir): Promise<EmbeddedServer> {
  const server = await startEmbedded(folder, () => undefined);
  running.push(server);
  return server;
}

async function query(server: EmbeddedServer, statement: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: server.url(databaseName) });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** The embedded database in a process of its own, which stands for the supervisor. */
async function startElsewhere(): Promise<ChildProcess> {
  const program = 'testing/hold-embedded.ts';
  await bundle([program]);
  const supervisor = fork(bundleOf(program), [dataDir], { execArgv: [] });
  await once(supervisor, 'message');
  return supervisor;
}

describe('startEmbedded', () => {
  test('keeps its data, port and password for the next start', async () => {
    const first = await start();
    await query(first, 'CREATE TABLE kept AS SELECT 7 AS value');
    await first.stop();
    expect(findPostmaster(first.dataFolder)).toBeNull();

    const second = await start();
    expect(second.url(databaseName)).toBe(first.url(databaseName));
    expect(await query(second, 'SELECT value FROM kept')).toEqual([{ value: 7 }]);
  });

  test.runIf(isLong)(
    'gives a folder from before the program had a user of its own one, and closes the histories to it',
    async () => {
      const before = await start();
      await query(before, 'drop table if exists kept');
      // As it was: one user, who migrated and did everything else.
      await applyMigrations(before.url(databaseName));
      await query(before, `insert into account (id, name, owner_email) values (2, 'One', 'one@example.com')`);
      await before.stop();
      const file = path.join(dataDir, 'postgresql.json');
      const settings = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>;
      delete settings.programPassword;
      await writeFile(file, JSON.stringify(settings));

      const after = await start();
      await applyMigrations(after.url(databaseName), { programUser });
      const program = new Client({ connectionString: after.programUrl(databaseName) });
      await program.connect();
      try {
        expect((await program.query('select name from account where id = 2')).rows).toEqual([
          { name: 'One' },
        ]);
        for (const sql of ['delete from opt_out_event', 'alter table account add column x int']) {
          await expect(program.query(sql)).rejects.toMatchObject({ code: '42501' });
        }
      } finally {
        await program.end();
      }
      await after.stop();
      // The password it was given is kept.
      const again = await start();
      expect(again.programUrl(databaseName)).toBe(after.programUrl(databaseName));
    },
  );

  // One server for all that only looks at one: each start takes a second or more.
  describe('while it runs', () => {
    let server: EmbeddedServer;
    beforeAll(async () => {
      server = await startEmbedded(dataDir, () => undefined);
    });
    afterAll(() => server.stop());

    test('is durable, speaks UTF-8 and sorts by code point', async () => {
      const settings = await query(
        server,
        `SELECT current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding,
              current_setting('listen_addresses') AS addresses, lower('ÉTÉ') AS lower, 'a' > 'Z' AS by_code_point`,
      );
      expect(settings).toEqual([
        { fsync: 'on', encoding: 'UTF8', addresses: '127.0.0.1', lower: 'été', by_code_point: true },
      ]);
    });

    test('keeps its password from others', async () => {
      const { mode } = await stat(path.join(dataDir, 'postgresql.json'));
      expect(mode & 0o077).toBe(0);
    });

    test('refuses a folder that is in use, in one line', async () => {
      const again = start();
      await expect(again).rejects.toThrow(EmbeddedError);
      await expect(again).rejects.toThrow(/^Client Zone is already running on .* Stop it, or set DATA_DIR/);
    });

    test('is found by other processes, and no longer once it has ended', async () => {
      expect(await findRunningEmbedded(dataDir)).toEqual({
        owner: server.url(databaseName),
        program: server.programUrl(databaseName),
      });
      await server.stop();
      expect(await findRunningEmbedded(dataDir)).toBeNull();
    });
  });

  test.runIf(isLong)('takes another port when somebody else has taken its own', async () => {
    const first = await start();
    const { port } = first;
    await first.stop();
    const squatter: Server = createServer().listen(port, '127.0.0.1');
    await once(squatter, 'listening');
    try {
      const second = await start();
      expect(second.port).not.toBe(port);
      expect(await query(second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    } finally {
      squatter.close();
    }
  });

  test('says so when its settings are damaged, and does not begin anew over the data', async () => {
    await (await start()).stop();
    const file = path.join(dataDir, 'postgresql.json');
    const content = await readFile(file, 'utf8');
    await writeFile(file, content.slice(0, 20));
    await expect(start()).rejects.toThrow(/is damaged/);
    await writeFile(file, content);
  });

  test('says why PostgreSQL did not start', async () => {
    const { dataFolder, stop } = await start();
    await stop();
    const file = path.join(dataFolder, 'postgresql.conf');
    const content = await readFile(file, 'utf8');
    await writeFile(file, `${content}\nmax_connections = 'many'\n`);
    const failed = start();
    await expect(failed).rejects.toThrow(EmbeddedError);
    await expect(failed).rejects.toThrow(/^PostgreSQL did not start: configuration file .* Its log is /);
    await writeFile(file, content);
  });

  test.runIf(process.platform === 'linux')('waits for the processes of one that was killed', async () => {
    const first = await start();
    const client = new Client({ connectionString: first.url(databaseName) });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    const { pid } = rows[0]!;
    // It cannot notice that its server is gone, and so keeps what they shared.
    process.kill(pid, 'SIGSTOP');
    process.kill(findPostmaster(first.dataFolder)!, 'SIGKILL');
    await first.ended;
    const log = path.join(dataDir, 'logs', 'postgresql.log');
    const second = start();
    try {
      await vi.waitFor(
        async () => expect(await readFile(log, 'utf8')).toContain('pre-existing shared memory'),
        { timeout: 30_000 },
      );
    } finally {
      process.kill(pid, 'SIGCONT');
    }
    expect(await query(await second, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test.runIf(isLong)('runs beside another of another folder', async () => {
    const other = await makeDataDir();
    try {
      const [first, second] = await Promise.all([start(), start(other)]);
      expect(second.port).not.toBe(first.port);
      expect(second.dataFolder).not.toBe(first.dataFolder);
      await second.stop();
    } finally {
      await remove(other);
    }
  });
});

describe('when the supervisor is killed', () => {
  test('no PostgreSQL is left, and what was committed is there at the next start', async () => {
    const supervisor = await startElsewhere();
    const { dataFolder } = (await readSettings(dataDir))!;
    expect(findPostmaster(dataFolder!)).not.toBeNull();

    supervisor.kill('SIGKILL');
    await vi.waitFor(() => expect(findPostmaster(dataFolder!)).toBeNull(), { timeout: 15_000 });
    expect(await query(await start(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test.runIf(isLong)('a start at the same moment waits for the old PostgreSQL to end', async () => {
    const supervisor = await startElsewhere();
    const exited = once(supervisor, 'exit');
    supervisor.kill('SIGKILL');
    await exited;
    expect(await query(await start(), 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test.runIf(isLong && process.platform === 'linux')(
    'with its guard, the next start ends the PostgreSQL that was left',
    async () => {
      const supervisor = await startElsewhere();
      const { dataFolder, guardPid } = (await readSettings(dataDir))!;
      const left = findPostmaster(dataFolder!)!;
      const exited = once(supervisor, 'exit');
      // The guard has two children: the server, which stays, and the watcher.
      const children = await readFile(`/proc/${guardPid}/task/${guardPid}/children`, 'utf8');
      for (const pid of [guardPid!, ...children.trim().split(' ').map(Number)]) {
        if (pid !== left) process.kill(pid, 'SIGKILL');
      }
      supervisor.kill('SIGKILL');
      await exited;

      const server = await start();
      expect(findPostmaster(server.dataFolder)).not.toBe(left);
      expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    },
  );

  test('and so is PostgreSQL, what is committed is there at the next start', async () => {
    const first = await start();
    await query(first, 'CREATE TABLE committed AS SELECT 8 AS value');
    process.kill(findPostmaster(first.dataFolder)!, 'SIGKILL');
    await first.ended;
    expect(await query(await start(), 'SELECT value FROM committed')).toEqual([{ value: 8 }]);
  });
});
