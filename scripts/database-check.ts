import { Client } from 'pg';
import { sessionUrl } from '@/lib/db/session-url';

/** The database of DATABASE_URL cannot be used; the message is one line for the person who set it. */
export class DatabaseUnreachableError extends Error {
  override readonly name = 'DatabaseUnreachableError';
}

/** The variables that hold a database's address. */
type DatabaseVariable = 'DATABASE_URL' | 'MIGRATION_DATABASE_URL' | 'DATABASE_READ_URL';

/**
 * From 16 on an update that changes a column of a BRIN index alone stays within its page; message_status_idx
 * counts on that at each delivery (docs/decisions/0012-searching-lists.md).
 */
export const oldestMajor = 16;

/**
 * Makes sure that a database answers and is new enough. Throws a {@link DatabaseUnreachableError}.
 *
 * @param name the variable that holds the address
 */
export async function checkDatabase(url: string, name: DatabaseVariable = 'DATABASE_URL'): Promise<void> {
  const client = new Client({ connectionString: sessionUrl(url), connectionTimeoutMillis: 10_000 });
  client.on('error', () => undefined);
  let version: string | undefined;
  try {
    await client.connect();
    const { rows } = await client.query<{ version: string }>(
      `SELECT current_setting('server_version_num') AS version`,
    );
    version = rows[0]?.version;
  } catch (error) {
    throw new DatabaseUnreachableError(explainUnreachable(error, new URL(url), name), { cause: error });
  } finally {
    await client.end().catch(() => undefined);
  }
  const problem = judgeVersion(Number(version));
  if (problem) throw new DatabaseUnreachableError(problem);
}

/** @param version as `server_version_num` has it: 150018 is 15.18 */
export function judgeVersion(version: number): string | null {
  const major = Math.floor(version / 10_000);
  return major >= oldestMajor
    ? null
    : `PostgreSQL ${oldestMajor} or later is needed; DATABASE_URL leads to ${major}.`;
}

/** Why a database cannot be used, in one line for the person who set its address. */
export function explainUnreachable(error: unknown, url: URL, variable: DatabaseVariable): string {
  const { code, message } = error as { code?: string; message: string };
  const where = `${url.hostname}:${url.port || 5432}`;
  const name = decodeURIComponent(url.pathname.slice(1));
  switch (code) {
    case 'ECONNREFUSED':
      return `No PostgreSQL answers at ${where} (${variable}). ${variable === 'DATABASE_READ_URL' ? 'Start it, or unset it.' : `Start it, or unset ${variable} to use the embedded one.`}`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `There is no host "${url.hostname}" (${variable}). Correct the address.`;
    case '28P01':
    case '28000':
      return `PostgreSQL at ${where} refuses the user "${url.username}" or the password (${variable}). Correct them.`;
    case '3D000':
      return `PostgreSQL at ${where} has no database "${name}" (${variable}). Create it: createdb ${name}`;
    case '57P03':
      return `PostgreSQL at ${where} is starting or stopping. Try again in a moment.`;
    default:
      return `PostgreSQL at ${where} cannot be used (${variable}): ${message}`;
  }
}
