import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pool, PoolClient } from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { recordAct, recordActOf } from '@/lib/auth/activity';
import type { AccountScope } from '@/lib/auth/scope';
import { liesApart } from '@/lib/db/apart';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, statement } from '@/lib/db/statement';
import { tellAccounts } from '@/lib/events/account-changes';
import { enqueueJob } from '@/lib/jobs/enqueue';
import { readHonouredAccounts } from '@/lib/opt-outs/family-queries';
import { nameBlockColumns } from './block-writer';
import { readRows } from './file/row-reader';
import { LineComposer, listReadColumns } from './line-composer';
import type { FileFormat, ListConsent, NumberListPurpose } from './schema';
import { UnreadableFileError } from './unreadable-file';

const zero = 0x30;

export interface NewNumberList {
  purpose: NumberListPurpose;
  name: string;
  format: FileFormat;
  /** Of consents: how, when and to what; a line may say when and how itself. */
  consent?: ListConsent | undefined;
}

/**
 * Reads a file of numbers and keeps its lines, all of it in one transaction: when the file cannot be read, or
 * ends before its end, nothing is left of it. A check is done with that; an import is queued.
 *
 * @param body the file as it is
 * @param address where it came from, for the account's activity; null: that is not known
 * @returns the list's id
 * @throws an {@link UnreadableFileError}, whatever `body` throws, or the database's error
 */
export async function storeNumberList(
  pool: Pool,
  scope: AccountScope,
  list: NewNumberList,
  body: AsyncIterable<Uint8Array>,
  address: string | null = null,
): Promise<string> {
  // Not withTransaction: that would try again, and a file can be read once.
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const id = await insertList(client, scope, list);
    const composer = new LineComposer(scope.accountId, id, list.format);
    await pipeline(
      Readable.from(readLines(body, list.format, composer), { objectMode: false }),
      client.query(
        copyFrom(
          `copy number_list_block (${nameBlockColumns(composer.isOfConsents)}) from stdin (format binary)`,
        ),
      ),
    );
    if (list.purpose === 'CHECK') await finishCheck(client, scope, id, composer);
    else await queueImport(client, scope, id, composer);
    await recordAct(client, scope, 'list.upload', { file: list.name }, address);
    await client.query('commit');
    return id;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}

const insert = statement({
  name: 'insert-number-list',
  values: {
    accountId: 'int4',
    userId: 'int4?',
    purpose: 'NumberListPurpose',
    name: 'text',
    consent: 'jsonb?',
  },
  columns: columnsOf('NumberList', 'id'),
  sql: ($) => `
    insert into number_list (account_id, purpose, state, name, created_by, consent, lines, numbers, invalid, duplicates)
    values (${$.accountId}, ${$.purpose}, 'QUEUED', ${$.name}, ${$.userId}, ${$.consent}, 0, 0, 0, 0) returning id`,
});

async function insertList(
  client: PoolClient,
  scope: AccountScope,
  { purpose, name, consent }: NewNumberList,
): Promise<string> {
  const { accountId, userId } = scope;
  return (await insert.only(client, { accountId, userId, purpose, name, consent: consent ?? null })).id;
}

/** The lines as COPY takes them, a piece of the file at a time. */
async function* readLines(
  body: AsyncIterable<Uint8Array>,
  format: FileFormat,
  composer: LineComposer,
): AsyncGenerator<Buffer> {
  yield* readRows(body, { ...format, columns: listReadColumns(format) }, composer);
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

/** What was found in a list. */
const countedLines = {
  accountId: 'int4',
  id: 'int8',
  lines: 'int4',
  numbers: 'int4',
  invalid: 'int4',
  duplicates: 'int4',
} as const;

const readClock = statement({
  name: 'read-clock',
  columns: { now: 'timestamptz' },
  sql: () => 'select clock_timestamp() as now',
});

const finish = statement({
  name: 'finish-check',
  values: { ...countedLines, blocked: 'int4', finishedAt: 'timestamptz' },
  sql: ($) => `
    update number_list set state = 'DONE', finished_at = ${$.finishedAt}, lines = ${$.lines}, numbers = ${$.numbers},
      invalid = ${$.invalid}, duplicates = ${$.duplicates}, blocked = ${$.blocked}
    where account_id = ${$.accountId} and id = ${$.id}`,
});

/** A list of more numbers is not looked up one by one: the opt-outs are read as a whole. */
const mostLookedUp = 20_000;

async function finishCheck(
  client: PoolClient,
  scope: AccountScope,
  id: string,
  composer: LineComposer,
): Promise<void> {
  const { lines, numbers, invalid, duplicates, usable } = composer;
  const { accountId } = scope;
  const accountIds = [accountId, ...((await readHonouredAccounts(client, scope)) ?? [])];
  // A cluster does not look up opt-outs of several accounts beside the lines of one.
  const isApart = accountIds.length > 1 && (await liesApart(client));
  const blocked =
    usable > mostLookedUp || isApart
      ? await countBlocked(client, accountIds, composer)
      : (await lookUp.only(client, { accountId, accountIds, id })).blocked;
  const { now: finishedAt } = await readClock.only(client, {});
  await finish.run(client, { accountId, id, lines, numbers, invalid, duplicates, blocked, finishedAt });
}

const lookUp = statement({
  name: 'look-list-up',
  values: { accountId: 'int4', accountIds: 'int4[]', id: 'int8' },
  columns: { blocked: 'int4' },
  planEachTime: true,
  sql: ($) => `
    select count(*)::int as blocked
    from (
      select unnest(msisdns) as msisdn, unnest(problems) as problem from number_list_block
      where account_id = ${$.accountId} and list_id = ${$.id}
    ) as line
    where problem is null and exists (
      select from opt_out where opt_out.account_id = any (${$.accountIds}) and opt_out.msisdn = line.msisdn
    )`,
});

/**
 * How many of a list's numbers are opted out, of those that are known here from reading it: a join would read
 * the lines that were just written once more, and takes three times as long.
 */
async function countBlocked(
  client: PoolClient,
  accountIds: readonly number[],
  composer: LineComposer,
): Promise<number> {
  // As one value: as rows, each would be a message to take apart.
  const optOuts = client.query(
    copyTo(
      `copy (select string_agg(msisdn, ',') from opt_out where account_id in (${accountIds.join(', ')})) to stdout`,
    ),
  );
  let blocked = 0;
  let number = 0;
  for await (const bytes of optOuts as AsyncIterable<Buffer>) {
    for (let at = 0; at < bytes.length; at++) {
      const digit = (bytes[at] as number) - zero;
      // it ends in a comma, the last one in a line feed; where there is none it says \N
      if (digit >= 0 && digit <= 9) number = number * 10 + digit;
      else {
        if (composer.claim(number)) blocked += 1;
        number = 0;
      }
    }
  }
  return blocked;
}

const recordLines = statement({
  name: 'record-list-lines',
  values: countedLines,
  sql: ($) => `
    update number_list set lines = ${$.lines}, invalid = ${$.invalid}, duplicates = ${$.duplicates},
      numbers = ${$.numbers}
    where account_id = ${$.accountId} and id = ${$.id}`,
});

async function queueImport(
  client: PoolClient,
  scope: AccountScope,
  id: string,
  { lines, numbers, invalid, duplicates }: LineComposer,
): Promise<void> {
  const { accountId, userId } = scope;
  await recordLines.run(client, { accountId, id, lines, numbers, invalid, duplicates });
  await enqueueJob(client, 'import-number-list', { accountId, userId, listId: id });
}

const cancel = statement({
  name: 'cancel-import',
  values: { accountId: 'int4', id: 'int8' },
  sql: ($) => `
    update number_list set state = 'CANCELLED', finished_at = now()
    where account_id = ${$.accountId} and id = ${$.id} and purpose <> 'CHECK' and state in ('QUEUED', 'RUNNING')`,
});

/**
 * Stops an import; what it has added stays. An import that has ended meanwhile stays as it is.
 *
 * @returns whether this stopped it
 */
export async function cancelImport(pool: Pool, scope: AccountScope, id: string): Promise<boolean> {
  const { accountId } = scope;
  return withTransaction(pool, async (client) => {
    if ((await cancel.run(client, { accountId, id })) === 0) return false;
    await recordActOf(client, scope, 'list.stop', {}, new Date());
    await tellAccounts(client, [accountId], ['opt-outs']);
    return true;
  });
}
