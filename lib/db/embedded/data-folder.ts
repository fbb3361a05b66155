import { spawn } from 'node:child_process';
import { chown, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { sharedFolder, type Binaries } from '@/lib/db/embedded/binaries';
import { EmbeddedError } from '@/lib/db/embedded/embedded-error';
import { ownerCan, type Owner } from '@/lib/db/embedded/owner';

export const superuser = 'client_zone';
/** Whom web and worker sign in as; the superuser, who owns the tables, migrates. */
export const programUser = 'client_zone_program';

const canWrite = 'cd "$1" && test -w .';

/**
 * A place for the database's files that the owner can reach: within DATA_DIR, or else under
 * {@link sharedFolder}, named by `id`.
 */
export async function chooseDataFolder(dataDir: string, id: string, owner: Owner): Promise<string> {
  for (const folder of [path.join(dataDir, 'postgresql'), path.join(sharedFolder, `data-${id}`)]) {
    if (await canHold(folder, owner)) return folder;
  }
  throw new EmbeddedError(
    `PostgreSQL cannot keep its files in ${dataDir}, nor in ${sharedFolder}. Set DATA_DIR to another folder.`,
  );
}

/** Tried with an empty folder beside it. */
async function canHold(folder: string, owner: Owner): Promise<boolean> {
  await mkdir(path.dirname(folder), { recursive: true });
  const trial = await mkdtemp(`${folder}.`);
  try {
    if (owner) await chown(trial, owner.uid, owner.gid);
    return ownerCan(owner, canWrite, trial);
  } finally {
    await rm(trial, { recursive: true });
  }
}

/**
 * Makes a temporary folder that the owner can use and remove.
 *
 * @param first where to try first, of what has room
 */
export async function makeThrowawayFolder(owner: Owner, first: string[] = []): Promise<string> {
  // TMPDIR may be private to root, as the folder of the clone may be.
  for (const base of [...first, os.tmpdir(), '/tmp', '/var/tmp']) {
    const folder = await mkdtemp(path.join(base, 'client-zone-test-')).catch(() => null);
    if (!folder) continue;
    if (owner) await chown(folder, owner.uid, owner.gid);
    if (ownerCan(owner, canWrite, folder)) return folder;
    await rm(folder, { recursive: true });
  }
  throw new EmbeddedError(
    'There is no folder for temporary files that PostgreSQL can use. Set TMPDIR to one.',
  );
}

/**
 * Makes an empty cluster. It is made beside and renamed, so that an interrupted one never looks like a
 * database.
 */
export async function initialiseCluster(
  dataFolder: string,
  password: string,
  owner: Owner,
  binaries: Binaries,
): Promise<void> {
  const half = await mkdtemp(`${dataFolder}.`);
  const passwordFile = `${half}-password`;
  try {
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (owner) await Promise.all([half, passwordFile].map((file) => chown(file, owner.uid, owner.gid)));
    await runInitdb(binaries.initdb, half, passwordFile, owner);
    await rename(half, dataFolder).catch((error: NodeJS.ErrnoException) => {
      // Another start was faster: its files are used, and PostgreSQL's own lock keeps the two apart.
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
  } finally {
    await Promise.all([rm(half, { recursive: true, force: true }), rm(passwordFile, { force: true })]);
  }
}

async function runInitdb(program: string, folder: string, passwordFile: string, owner: Owner): Promise<void> {
  const parameters = [
    `--pgdata=${folder}`,
    `--username=${superuser}`,
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    // Sorts by code point, knows the letters of every language, and is the same on every machine.
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    '--locale=C',
    '--no-instructions',
  ];
  const child = spawn(program, parameters, {
    ...owner,
    cwd: '/',
    env: serverEnvironment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => (complaint += chunk));
  const code = await new Promise<number | null>((resolve, reject) =>
    child.on('error', reject).on('close', resolve),
  );
  if (code !== 0)
    throw new EmbeddedError(`PostgreSQL could not make its files: ${complaint.trim().split('\n')[0]}`);
}

/** What PostgreSQL's programs get to see of the environment: nothing that changes how they behave. */
const variables: Record<string, string> = {
  PATH: '/usr/local/bin:/usr/bin:/bin',
  LC_ALL: 'C',
  TZ: 'UTC',
};
// Next.js declares that every environment has NODE_ENV; this one needs none.
export const serverEnvironment = variables as NodeJS.ProcessEnv;

/** Checks that the files are there, reachable and of this version; answers with the user to run as. */
export async function checkDataFolder(dataFolder: string, user: Owner, binaries: Binaries): Promise<Owner> {
  const { uid, gid } = await stat(dataFolder).catch((error: NodeJS.ErrnoException) => {
    throw new EmbeddedError(
      `The database's files in ${dataFolder} are gone (${error.code}). Restore them, or remove postgresql.json from the data folder to begin with an empty database.`,
      { cause: error },
    );
  });
  // Made by an ordinary user and now run by root: PostgreSQL insists on being the user whose files they are.
  const owner = user && uid !== 0 ? { uid, gid } : user;
  if (!ownerCan(owner, canWrite, dataFolder)) {
    throw new EmbeddedError(
      `The database's files in ${dataFolder} cannot be reached: they belong to user ${uid}. Start as the user who made them, or set DATA_DIR to another folder.`,
    );
  }
  const version = (await readFile(path.join(dataFolder, 'PG_VERSION'), 'utf8')).trim();
  if (Number.parseInt(version, 10) !== binaries.major) {
    throw new EmbeddedError(
      `The database's files in ${dataFolder} were made by PostgreSQL ${version}; this is ${binaries.major}. Move them with pg_dump, or set DATA_DIR to another folder.`,
    );
  }
  return owner;
}
