import { open, type FileHandle } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { Binaries } from '@/lib/db/embedded/binaries';
import { programUser, serverEnvironment, superuser } from '@/lib/db/embedded/data-folder';
import { EmbeddedError } from '@/lib/db/embedded/embedded-error';
import { spawnGuarded } from '@/lib/db/embedded/guard';
import type { Owner } from '@/lib/db/embedded/owner';
import { findPostmaster, signal } from '@/lib/db/embedded/processes';
import { ensureProgramUser } from '@/lib/db/program-user';
import { sessionUrl } from '@/lib/db/session-url';

/** A running PostgreSQL. */
export interface EmbeddedServer {
  port: number;
  guardPid: number;
  dataFolder: string;
  /** The address of one of its databases, for its owner. */
  url(database: string): string;
  /** The same for web and worker, who own nothing. */
  programUrl(database: string): string;
  /** Settles when the server has ended, for whatever reason. */
  ended: Promise<void>;
  /** Ends every connection and the server; all that was committed is on disk. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  binaries: Binaries;
  owner: Owner;
  dataFolder: string;
  logFile: string;
  password: string;
  programPassword: string;
  /** Used if it is free. */
  preferredPort: number | null;
  /** "name=value" of postgresql.conf. */
  flags: string[];
  /** A folder to remove once the server has ended. */
  removeAfterwards?: string;
  /** Variables that it has besides {@link serverEnvironment}. */
  environment?: Record<string, string>;
}

const startDeadlineMs = 60_000;
const stopDeadlineMs = 30_000;
/** On a busy machine the last processes of a killed server take seconds to notice. */
const tryAgainMs = 15_000;

const commonFlags = [
  'listen_addresses=127.0.0.1',
  'max_connections=100',
  'timezone=UTC',
  'log_timezone=UTC',
  'jit=off',
  'random_page_cost=1.1',
  // What people wrote and who they are stays out of the log: no statements, no values of a violated key.
  'log_min_error_statement=panic',
  'log_error_verbosity=terse',
];

/** Another process holds what the server needs; the next try may succeed. */
class TryAgainError extends EmbeddedError {}

/** Starts a server and waits until it answers. Throws an {@link EmbeddedError} that says why it did not. */
export async function runServer(options: ServerOptions): Promise<EmbeddedServer> {
  const deadline = Date.now() + tryAgainMs;
  for (let preferredPort = options.preferredPort; ; preferredPort = null) {
    try {
      return await tryServer(await choosePort(preferredPort), options);
    } catch (error) {
      if (!(error instanceof TryAgainError) || Date.now() > deadline) throw error;
      await delay(200);
    }
  }
}

/** The port itself when nobody listens on it, else one the system finds free. */
async function choosePort(preferred: number | null): Promise<number> {
  const listener = createServer();
  const listening = (port: number) =>
    new Promise<boolean>((resolve) => {
      listener.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
    });
  if (!preferred || !(await listening(preferred))) await listening(0);
  const { port } = listener.address() as AddressInfo;
  await new Promise((resolve) => listener.close(resolve));
  return port;
}

async function tryServer(port: number, options: ServerOptions): Promise<EmbeddedServer> {
  const { binaries, owner, dataFolder, logFile, password, programPassword, flags, removeAfterwards } =
    options;
  const socketFolder = findSocketFolder(dataFolder) ?? '';
  const settings = [...commonFlags, `port=${port}`, `unix_socket_directories=${socketFolder}`, ...flags];
  const command: [string, ...string[]] = [
    binaries.postgres,
    '-D',
    dataFolder,
    ...settings.flatMap((setting) => ['-c', setting]),
  ];

  const log = await open(logFile, 'a+', 0o600);
  const { size: logStart } = await log.stat();
  const guarded = spawnGuarded({
    command,
    stopSignal: 'INT',
    environment: { ...serverEnvironment, ...options.environment },
    workingFolder: '/',
    output: log.fd,
    user: owner,
    removeAfterwards,
  });
  const ended = guarded.ended.then(() => {
    // Had the guard itself been killed, the server would be left.
    const postmaster = findPostmaster(dataFolder);
    if (postmaster !== null) signal(postmaster, 'SIGINT');
  });
  const server: EmbeddedServer = {
    port,
    guardPid: guarded.pid,
    dataFolder,
    url: (database) => composeUrl(dataFolder, port, superuser, password, database),
    programUrl: (database) => composeUrl(dataFolder, port, programUser, programPassword, database),
    ended,
    async stop() {
      guarded.stop();
      const timer = setTimeout(() => {
        const postmaster = findPostmaster(dataFolder);
        // An immediate shutdown: nothing that was committed is lost, the next start replays the log.
        if (postmaster !== null) signal(postmaster, 'SIGQUIT');
      }, stopDeadlineMs);
      await ended;
      clearTimeout(timer);
    },
  };

  try {
    const deadline = Date.now() + startDeadlineMs;
    while (!(await answers(server.url('postgres')))) {
      if (guarded.hasEnded()) throw explainFailure(await readFrom(log, logStart), logFile);
      if (Date.now() > deadline) {
        await server.stop();
        throw new EmbeddedError(
          `PostgreSQL did not answer within ${startDeadlineMs / 1000} s. Its log is ${logFile}.`,
        );
      }
      await delay(20);
    }
    await ensureProgramUser(server.url('postgres'), programUser, programPassword);
    return server;
  } finally {
    await log.close();
  }
}

async function readFrom(file: FileHandle, position: number): Promise<string> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(64 * 1024), { position });
  return buffer.toString('utf8', 0, bytesRead);
}

// A socket in the file system answers faster than a TCP connection (3,000 queries: 0.3 against 0.5 s), but
// its path must be short.
function findSocketFolder(dataFolder: string): string | null {
  const longest = 103;
  return path.join(dataFolder, '.s.PGSQL.65535').length <= longest ? dataFolder : null;
}

/** The address of a database of the server on a data folder. */
export function composeUrl(
  dataFolder: string,
  port: number,
  user: string,
  password: string,
  database: string,
): string {
  const url = new URL(`postgresql://${user}:${password}@127.0.0.1:${port}/${database}`);
  const socketFolder = findSocketFolder(dataFolder);
  if (socketFolder) url.searchParams.set('host', socketFolder);
  return url.href;
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: sessionUrl(url), connectionTimeoutMillis: 5000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch (error) {
    // 28P01: it answers, and does not know the password that is kept beside it.
    if ((error as { code?: string }).code === '28P01') {
      throw new EmbeddedError(
        'The embedded database refuses the password in postgresql.json. Restore that file.',
        {
          cause: error,
        },
      );
    }
    return false;
  } finally {
    await client.end();
  }
}

function explainFailure(output: string, logFile: string): EmbeddedError {
  if (/could not create any TCP\/IP sockets|Address already in use/.test(output)) {
    return new TryAgainError('PostgreSQL found no free port.');
  }
  // The last processes of a killed server take a moment to notice.
  if (output.includes('pre-existing shared memory block')) {
    return new TryAgainError('The processes of an earlier PostgreSQL are still running.');
  }
  if (output.includes('lock file "postmaster.pid" already exists')) {
    return new EmbeddedError(
      'Client Zone is already running on this data folder. Stop it, or set DATA_DIR to another.',
    );
  }
  const reason = /(?:FATAL|PANIC):\s*(.*)/.exec(output)?.[1] ?? 'it ended at once';
  return new EmbeddedError(`PostgreSQL did not start: ${reason}. Its log is ${logFile}.`);
}
