import { Client } from 'pg';
import { compareWithPrimary, ReplicaProblem } from '@/lib/db/replica';
import { sessionUrl } from '@/lib/db/session-url';
import { DatabaseUnreachableError, explainUnreachable } from './database-check';

/** Whoever set the address made a mistake: no such database, user or password. */
const mistakes = ['28P01', '28000', '3D000'];

const meanwhile = 'Until then DATABASE_URL answers everything.';

/**
 * Makes sure that DATABASE_READ_URL leads to a standby of the database; throws a
 * {@link DatabaseUnreachableError} when it leads elsewhere. A standby that is away just now is no reason not
 * to start: the primary answers until it is back.
 *
 * @param readUrl not set: there is none
 * @returns a line for whoever starts the program; null: all is well
 */
export async function checkReplica(readUrl: string | undefined, primaryUrl: string): Promise<string | null> {
  if (readUrl === undefined) return null;
  const primary = connectTo(primaryUrl);
  const replica = connectTo(readUrl);
  try {
    await primary.connect();
    await refuseCluster(primary);
    const problem = await tryToConnect(replica, readUrl);
    if (problem !== null) return `${problem} ${meanwhile}`;
    const { givesFeedback } = await compareWithPrimary(primary, replica);
    if (givesFeedback) return null;
    return 'The standby of DATABASE_READ_URL has hot_standby_feedback off: the primary may clear away what a long download still reads, which breaks it off. Turn it on there.';
  } catch (error) {
    if (!(error instanceof ReplicaProblem)) throw error;
    if (error.mayPass) return `${error.message} ${meanwhile}`;
    throw new DatabaseUnreachableError(error.message, { cause: error });
  } finally {
    await Promise.all([primary.end(), replica.end()]);
  }
}

function connectTo(url: string): Client {
  const client = new Client({ connectionString: sessionUrl(url), connectionTimeoutMillis: 10_000 });
  // What it is asked fails by itself.
  client.on('error', () => undefined);
  return client;
}

async function tryToConnect(replica: Client, url: string): Promise<string | null> {
  try {
    await replica.connect();
    return null;
  } catch (error) {
    const problem = explainUnreachable(error, new URL(url), 'DATABASE_READ_URL');
    if (!mistakes.includes(String((error as { code?: string }).code))) return problem;
    throw new DatabaseUnreachableError(problem, { cause: error });
  }
}

/** How far a coordinator has written says nothing of the machines that hold the rows. */
async function refuseCluster(primary: Client): Promise<void> {
  const { rowCount } = await primary.query(`select from pg_extension where extname = 'citus'`);
  if (rowCount === 0) return;
  throw new DatabaseUnreachableError(
    'DATABASE_URL leads to a Citus cluster, which has no replica that could tell how far it has come. Unset DATABASE_READ_URL.',
  );
}
