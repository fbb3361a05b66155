import { verifyPassword } from '@/lib/auth/password';
import { isReachableByOthers, type Env } from '@/lib/env';
import { users } from '@/prisma/seed/cast';
import { StageError } from './stage.mjs';
import { withClient } from '@/lib/db/with-client';

type Reach = Pick<Env, 'HOST' | 'APP_URL'>;

/** Refuses to write the demo where others than the people at this machine could sign in to it. */
export function refuseDemo(env: Reach): void {
  if (!isReachableByOthers(env)) return;
  throw new StageError(
    `The demo's passwords are published, and ${nameReach(env)} lets others reach it. Unset HOST and APP_URL to try the demo on this machine alone, or set DATABASE_URL to a database of your own and leave SEED_DEMO unset.`,
  );
}

/**
 * Refuses to start where others could sign in with a password of the demo that is still as published, however
 * the demo came into the database. Sign-ins that are suspended, or have another password by now, do no harm.
 */
export async function refusePublishedPasswords(env: Reach, databaseUrl: string): Promise<void> {
  if (!isReachableByOthers(env)) return;
  const open = await findPublishedSignIns(databaseUrl);
  if (open.length === 0) return;
  const names = open.map((name) => `'${name}'`).join(', ');
  throw new StageError(
    `${open.join(', ')}: anybody can sign in with the demo's published passwords, and ${nameReach(env)} lets others reach them. Unset HOST and APP_URL, set DATABASE_URL to a database without the demo, or close them: update portal_user set status = 'SUSPENDED' where username in (${names})`,
  );
}

/** The usernames of the demo's people that can sign in with the password that everybody can read. */
export function findPublishedSignIns(databaseUrl: string): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ username: string; password_hash: string }>(
      `select username, password_hash from portal_user where status = 'ACTIVE' and username = any ($1) order by username`,
      [users.map(({ username }) => username)],
    );
    const open: string[] = [];
    for (const { username, password_hash: hash } of rows) {
      const password = users.find((user) => user.username === username)?.password ?? '';
      // A hash that cannot be read (made by hand, or by another system) matches nothing.
      if (await verifyPassword(hash, password).catch(() => false)) open.push(username);
    }
    return open;
  });
}

function nameReach({ HOST, APP_URL }: Reach): string {
  const byAddress = isReachableByOthers({ HOST: 'localhost', APP_URL });
  return byAddress ? `APP_URL=${APP_URL}` : `HOST=${HOST}`;
}
