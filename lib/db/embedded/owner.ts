import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { EmbeddedError } from '@/lib/db/embedded/embedded-error';

const run = promisify(execFile);

/** The user PostgreSQL runs as. `null` stands for the user who runs this program. */
export type Owner = { uid: number; gid: number } | null;

const userName = 'postgres';

/** PostgreSQL refuses to run as root: as root it runs as the user "postgres", who is made when missing. */
export async function findOwner(): Promise<Owner> {
  if (process.getuid?.() !== 0) return null;
  const found = await lookUpUser();
  if (found) return found;
  try {
    await run('useradd', [
      '--system',
      '--user-group',
      '--no-create-home',
      '--shell',
      '/usr/sbin/nologin',
      userName,
    ]);
  } catch {
    // Alpine and BusyBox have adduser instead.
    await run('adduser', ['-S', '-D', '-H', userName]).catch(() => undefined);
  }
  const made = await lookUpUser();
  if (made) return made;
  throw new EmbeddedError(
    `PostgreSQL does not run as root, and a user "${userName}" could not be made. Run "useradd --system ${userName}", or start as an ordinary user.`,
  );
}

async function lookUpUser(): Promise<Owner> {
  try {
    const [uid, gid] = await Promise.all([run('id', ['-u', userName]), run('id', ['-g', userName])]);
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
  } catch {
    return null;
  }
}

/**
 * Whether the owner can do what the shell test says, `$1` being the path. Trying it is the only sure way:
 * modes, the folders above, access lists and mount options all have a say.
 */
export function ownerCan(owner: Owner, test: string, path: string): boolean {
  return spawnSync('/bin/sh', ['-c', test, 'sh', path], { ...owner, cwd: '/', stdio: 'ignore' }).status === 0;
}
