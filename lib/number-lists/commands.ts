import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pool, PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { AccountScope } from '@/lib/auth/scope';
import { notifyAccountSql } from '@/lib/events/account-changes';
import { enqueueJob } from '@/lib/jobs/enqueue';
import { blockColumns } from './block-writer';
import { RowReader } from './file/row-reader';
import { LineComposer } from './line-composer';
import { findBinaryProblem, type FileFormat, type NumberListPurpose } from './schema';
import { UnreadableFileError } from './unreadable-file';

export interface NewNumberList {
  purpose: NumberListPurpose;
  name: string;
  format: FileFormat;
}

/**
 * Reads a file of numbers and keeps its lines, all of it in one transaction: when the file cannot be read, or ends before
 * its end, nothing is left of it. A check is done with that; an import is queued.
 *
 * @param body the file as it is
 * @returns the list's id
 * @throws an {@link UnreadableFileError}, whatever `body` throws, or the database's error
 */
export async function storeNumberList(
  pool: Pool,
  scope: AccountScope,
  list: NewNumberList,
  body: AsyncIterable<Uint8Array>,
): Promise<string> {
  // Not withTransaction: that would try again, and a file can be read once.
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const id = await insertList(client, scope, list);
    const composer = new LineComposer(scope.accountId, id);
    await pipeline(
      Readable.from(readLines(body, list.format, composer), { objectMode: false }),
      client.query(copyFrom(`copy number_list_block (${blockColumns}) from stdin (format binary)`)),
    );
    if (list.purpose === 'CHECK') await finishCheck(client, scope, id, composer);
    else await queueImport(client, scope, id, composer);
    await client.query('commit');
    return id;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}

async function insertList(
  client: PoolClient,
  scope: AccountScope,
  { purpose, name }: NewNumberList,
): Promise<string> {
  const { rows } = await client.query<{ id: string }>(
    `insert into number_list (account_id, purpose, state, name, created_by, lines, numbers, invalid, duplicates)
     values ($1, $2, 'QUEUED', $3, $4, 0, 0, 0, 0) returning id`,
    [scope.accountId, purpose, name, scope.userId],
  );
  return (rows[0] as { id: string }).id;
}

/** The lines as COPY takes them, a piece of the file at a time. */
async function* readLines(
  body: AsyncIterable<Uint8Array>,
  format: FileFormat,
  composer: LineComposer,
): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(format.encoding);
  const reader = new RowReader(format, composer);
  let isFirst = true;
  for await (const bytes of body) {
    const problem = isFirst ? findBinaryProblem(bytes) : null;
    if (problem !== null) throw new UnreadableFileError(problem);
    isFirst = false;
    reader.read(decoder.decode(bytes, { stream: true }));
    yield* composer.take();
  }
  reader.read(decoder.decode());
  reader.end();
  if (composer.usable === 0) throw new UnreadableFileError(describeNoNumbers(composer, format));
  yield* composer.end();
}

function describeNoNumbers({ lines, firstBroken }: LineComposer, { columns }: FileFormat): string {
  if (lines === 0) return 'There is nothing in this file.';
  const places = columns.map((column) => column + 1);
  const where = places.length === 1 ? `column ${places[0]}` : `the columns ${places.join(', ')}`;
  const quote =
    firstBroken === null ? '' : ` Line ${firstBroken}: a quotation mark (") in it is not closed properly.`;
  return `None of the lines has a mobile number in ${where}. Choose another column or separator.${quote}`;
}

async function finishCheck(
  client: PoolClient,
  scope: AccountScope,
  id: string,
  { lines, numbers, invalid, duplicates, usable }: LineComposer,
): Promise<void> {
  if (usable > 20_000) {
    // Nothing is known yet of lines just written. The planner expects one, and would sort or look up each of a million;
    // a hash join takes half the time, and parallel workers would each make the same hash.
    await client.query(
      `set local enable_nestloop = off; set local enable_mergejoin = off;
       set local max_parallel_workers_per_gather = 0; set local work_mem = '64MB'`,
    );
  }
  await client.query(
    `update number_list set state = 'DONE', finished_at = clock_timestamp(), lines = $3, numbers = $6, invalid = $4, duplicates = $5,
       blocked = (
         select count(*)
         from (
           select unnest(msisdns) as msisdn, unnest(problems) as problem from number_list_block
           where account_id = $1 and list_id = $2
         ) as line
         join opt_out on opt_out.account_id = $1 and opt_out.msisdn = line.msisdn
         where line.problem is null
       )
     where account_id = $1 and id = $2`,
    [scope.accountId, id, lines, invalid, duplicates, numbers],
  );
}

async function queueImport(
  client: PoolClient,
  scope: AccountScope,
  id: string,
  { lines, numbers, invalid, duplicates }: LineComposer,
): Promise<void> {
  await client.query(
    `update number_list set lines = $3, invalid = $4, duplicates = $5, numbers = $6
     where account_id = $1 and id = $2`,
    [scope.accountId, id, lines, invalid, duplicates, numbers],
  );
  const { accountId, userId } = scope;
  await enqueueJob(client, 'import-number-list', { accountId, userId, listId: id });
}

/**
 * Stops an import; what it has added stays. An import that has ended meanwhile stays as it is.
 *
 * @returns whether this stopped it
 */
export async function cancelImport(pool: Pool, scope: AccountScope, id: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `with cancelled as (
       update number_list set state = 'CANCELLED', finished_at = now()
       where account_id = $1 and id = $2 and purpose = 'IMPORT' and state in ('QUEUED', 'RUNNING')
       returning account_id
     )
     select ${notifyAccountSql('account_id', ['opt-outs'])} from cancelled`,
    [scope.accountId, id],
  );
  return rowCount === 1;
}
