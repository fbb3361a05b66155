import { createHash, type Hash } from 'node:crypto';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pool, PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { recordAudit } from '@/lib/audit/commands';
import type { AuditAction } from '@/lib/audit/schema';
import { recordAct, recordActOf, type ActivityKind } from '@/lib/auth/activity';
import type { ActionResult } from '@/lib/auth/schema';
import type { AccountScope, StaffScope } from '@/lib/auth/scope';
import { setLocally, withTransaction } from '@/lib/db/client';
import { statement } from '@/lib/db/statement';
import { enqueueJob } from '@/lib/jobs/enqueue';
import { readRows } from '@/lib/number-lists/file/row-reader';
import type { FileFormat } from '@/lib/number-lists/schema';
import { UnreadableFileError } from '@/lib/number-lists/unreadable-file';
import { AnswerComposer } from './answer-composer';
import { describeMarketer, formatDay } from './labels';
import { wholeIndustry } from './schema';
import type { NewAnswer, OwnAnswer } from './upload';

/**
 * Reads an answer file and compares it with what is in force, all of it in one transaction: when the file
 * cannot be read, or ends before its end, nothing is left of it. It changes nothing yet; a member of staff
 * looks at the difference first ({@link applyAnswer}).
 *
 * @param body the file as it is
 * @param today "2026-11-29", in South Africa
 * @returns the import's id
 * @throws an {@link UnreadableFileError}, also for an answer of a day that cannot be; or whatever `body`
 *   throws, or the database's error
 */
export function storeAnswer(
  pool: Pool,
  scope: StaffScope,
  answer: NewAnswer,
  body: AsyncIterable<Uint8Array>,
  today: string,
): Promise<string> {
  const { name, marketerId, source, answeredOn } = answer;
  return keepAnswer(pool, scope.userId, answer, body, today, (client) =>
    writeAudit(client, scope, 'registry.upload', { name, marketerId, details: { source, answeredOn } }),
  );
}

/**
 * The same of an account's own cleansing: an answer for itself alone, which somebody of the account looks at
 * before it counts ({@link applyOwnAnswer}).
 *
 * @param address where it came from, for the account's activity; null: that is not known
 */
export function storeOwnAnswer(
  pool: Pool,
  scope: AccountScope,
  answer: OwnAnswer,
  body: AsyncIterable<Uint8Array>,
  today: string,
  address: string | null = null,
): Promise<string> {
  return keepAnswer(pool, scope.userId, composeOwn(scope, answer), body, today, (client) =>
    recordAct(client, scope, 'cleansing.upload', { file: answer.name }, address),
  );
}

const composeOwn = <Answer extends Omit<OwnAnswer, 'format'>>(scope: AccountScope, answer: Answer) => ({
  ...answer,
  marketerId: scope.accountId,
  source: 'National Consumer Commission',
});

/**
 * An answer in which nobody is: there is no file of it. Like one with a file it is looked at before it
 * counts.
 */
export async function storeEmptyAnswer(
  pool: Pool,
  scope: AccountScope,
  answeredOn: string,
  today: string,
): Promise<{ ok: true; id: string } | { ok: false; message: string; fields: { answeredOn: string } }> {
  const name = 'Nobody is on the registry';
  try {
    const empty = { ...composeOwn(scope, { name, answeredOn }), format: null };
    const id = await keepAnswer(pool, scope.userId, empty, null, today, (client) =>
      recordActOf(client, scope, 'cleansing.upload', { file: name }, new Date()),
    );
    return { ok: true, id };
  } catch (error) {
    if (!(error instanceof UnreadableFileError)) throw error;
    const message = error.userMessage ?? error.message;
    return { ok: false, message, fields: { answeredOn: message } };
  }
}

/** @param body null, like the format: nobody is in it, and there is no file */
async function keepAnswer(
  pool: Pool,
  userId: number | null,
  answer: Omit<NewAnswer, 'format'> & { format: FileFormat | null },
  body: AsyncIterable<Uint8Array> | null,
  today: string,
  tell: (client: PoolClient) => Promise<void>,
): Promise<string> {
  if (answer.answeredOn > today) {
    throw new UnreadableFileError('An answer cannot be of a day that is still to come. Choose its own day.');
  }
  // Not withTransaction: that would try again, and a file can be read once.
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('begin');
    const problem = await findDayProblem(client, answer);
    if (problem !== null) throw new UnreadableFileError(problem);
    const { marketerId, name, source, answeredOn } = answer;
    const { id } = await insertImport.only(client, { marketerId, name, source, answeredOn, userId });
    const composer = new AnswerComposer(id);
    if (answer.format && body) {
      const hash = createHash('sha256');
      await pipeline(
        Readable.from(readAnswer(hashPieces(body, hash), answer.format, composer), { objectMode: false }),
        client.query(copyFrom('copy registry_block (import_id, first_position, msisdns) from stdin')),
      );
      await keepHash(client, id, answer, hash.digest('hex'));
    }
    await compare(client, id, marketerId, composer);
    await tell(client);
    await client.query('commit');
    return id;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
}

async function* hashPieces(body: AsyncIterable<Uint8Array>, hash: Hash): AsyncGenerator<Uint8Array> {
  for await (const piece of body) {
    hash.update(piece);
    yield piece;
  }
}

const findSameFile = statement({
  name: 'find-same-answer',
  values: { id: 'int8', marketerId: 'int4', answeredOn: 'date', fileHash: 'text' },
  columns: { state: 'RegistryImport.state' },
  sql: ($) => `
    select state from registry_import
    where marketer_id = ${$.marketerId} and id <> ${$.id} and file_hash = ${$.fileHash} and answered_on = ${$.answeredOn}
      and state in ('WAITING', 'QUEUED', 'RUNNING', 'DONE')
    limit 1`,
});

const setHash = statement({
  name: 'set-hash-of-answer',
  values: { id: 'int8', fileHash: 'text' },
  sql: ($) => `update registry_import set file_hash = ${$.fileHash} where id = ${$.id}`,
});

/** The very same file of the same day is here already. One of another day may be: nothing has changed. */
async function keepHash(
  client: PoolClient,
  id: string,
  { marketerId, answeredOn }: Pick<NewAnswer, 'marketerId' | 'answeredOn'>,
  fileHash: string,
): Promise<void> {
  const same = await findSameFile.one(client, { id, marketerId, answeredOn, fileHash });
  if (same) {
    throw new UnreadableFileError(
      `This very file is here already, as the answer of ${formatDay(answeredOn)}: ` +
        (same.state === 'WAITING' ? 'look at it under the answers.' : 'it counts.'),
    );
  }
  await setHash.run(client, { id, fileHash });
}

const findAccount = statement({
  name: 'find-marketer',
  values: { accountId: 'int4' },
  sql: ($) => `select from account where id = ${$.accountId}`,
});

const findLater = statement({
  name: 'find-later-answer',
  values: { marketerId: 'int4', answeredOn: 'date' },
  columns: { answeredOn: 'text' },
  sql: ($) => `
    select answered_on::text as "answeredOn" from registry_import
    where marketer_id = ${$.marketerId} and state in ('QUEUED', 'RUNNING', 'DONE') and answered_on > ${$.answeredOn}
    order by answered_on desc limit 1`,
});

/** One of an earlier day would lift what has come since. */
async function findDayProblem(
  client: PoolClient,
  { marketerId, answeredOn }: Pick<NewAnswer, 'marketerId' | 'answeredOn'>,
): Promise<string | null> {
  if (marketerId !== wholeIndustry && (await findAccount.run(client, { accountId: marketerId })) === 0) {
    return `There is no account W${marketerId}. Correct its number, or leave it empty for the whole industry.`;
  }
  const later = await findLater.one(client, { marketerId, answeredOn });
  return later === undefined
    ? null
    : `An answer of ${formatDay(later.answeredOn)} is in force already. One of ${formatDay(answeredOn)} would lift what has come since.`;
}

const insertImport = statement({
  name: 'insert-registry-import',
  values: { marketerId: 'int4', name: 'text', source: 'text', answeredOn: 'date', userId: 'int4?' },
  columns: { id: 'RegistryImport.id' },
  sql: ($) => `
    insert into registry_import (state, marketer_id, name, source, answered_on, created_by)
    values ('WAITING', ${$.marketerId}, ${$.name}, ${$.source}, ${$.answeredOn}, ${$.userId}) returning id`,
});

/** The numbers as COPY takes them, a piece of the file at a time. */
async function* readAnswer(
  body: AsyncIterable<Uint8Array>,
  format: FileFormat,
  composer: AnswerComposer,
): AsyncGenerator<string> {
  yield* readRows(body, format, composer);
  if (composer.usable === 0) {
    throw new UnreadableFileError(
      composer.lines === 0
        ? 'There is nothing in this file.'
        : 'None of the lines has a mobile number in the columns that are chosen. Choose others, or another separator.',
    );
  }
  yield* composer.end();
}

// Two statements: a cluster may send an update that reads the registry too to a machine without the blocks.
const countKept = statement({
  name: 'count-kept-in-registry',
  values: { id: 'int8', marketerId: 'int4' },
  columns: { kept: 'int4', held: 'int4' },
  planEachTime: true,
  sql: ($) => `
    select (
      select count(*)::int from (select unnest(msisdns) as msisdn from registry_block where import_id = ${$.id}) as line
      join registry_entry on registry_entry.msisdn = line.msisdn and registry_entry.marketer_id = ${$.marketerId}
    ) as kept, (select count(*)::int from registry_entry where marketer_id = ${$.marketerId}) as held`,
});

const compareAnswer = statement({
  name: 'compare-answer',
  values: {
    id: 'int8',
    lines: 'int4',
    numbers: 'int4',
    invalid: 'int4',
    duplicates: 'int4',
    problems: 'jsonb',
    comes: 'int4',
    goes: 'int4',
  },
  sql: ($) => `
    update registry_import set lines = ${$.lines}, numbers = ${$.numbers}, invalid = ${$.invalid},
      duplicates = ${$.duplicates}, problems = ${$.problems}, comes = ${$.comes}, goes = ${$.goes}
    where id = ${$.id}`,
});

async function compare(
  client: PoolClient,
  id: string,
  marketerId: number,
  { lines, numbers, invalid, duplicates, usable, problems }: AnswerComposer,
): Promise<void> {
  // Nothing is known yet of what was just written. The planner would look up each of a million.
  if (usable > 20_000) await setLocally(client, { enable_nestloop: 'off', work_mem: '64MB' });
  const { kept, held } = await countKept.only(client, { id, marketerId });
  await compareAnswer.run(client, {
    id,
    lines,
    numbers,
    invalid,
    duplicates,
    problems,
    comes: usable - kept,
    goes: held - kept,
  });
}

const queueImport = statement({
  name: 'queue-registry-import',
  values: { id: 'int8' },
  columns: {
    name: 'RegistryImport.name',
    marketerId: 'RegistryImport.marketerId',
    comes: 'int4',
    goes: 'int4',
  },
  sql: ($) => `
    update registry_import set state = 'QUEUED' where id = ${$.id} and state = 'WAITING'
    returning name, marketer_id as "marketerId", comes, goes`,
});

const findWaiting = statement({
  name: 'find-waiting-answer',
  values: { id: 'int8', marketerId: 'int4?' },
  columns: { marketerId: 'RegistryImport.marketerId', answeredOn: 'text' },
  sql: ($) => `
    select marketer_id as "marketerId", answered_on::text as "answeredOn" from registry_import
    where id = ${$.id} and state = 'WAITING' and coalesce(marketer_id = ${$.marketerId}, true)`,
});

const gone = { ok: false, message: 'It has been put in force or discarded already.' } as const;

/** What is written down of a decision, in its transaction. */
type Tell<Decided> = (client: PoolClient, decided: Decided) => Promise<void>;
type Queued = { name: string; marketerId: number; comes: number; goes: number };
type Discarded = { name: string; marketerId: number };

/**
 * Puts an answer in force: what is new in it counts from then on, and what is not in it any more is lifted. A
 * job does it; one answer of a marketer at a time, and none of a day before that of one which is in force.
 */
export function applyAnswer(pool: Pool, scope: StaffScope, id: string): Promise<ActionResult> {
  return queueAnswer(pool, id, null, (client, { name, marketerId, comes, goes }) =>
    writeAudit(client, scope, 'registry.apply', { name, marketerId, details: { comes, goes } }),
  );
}

/** The same of an account's own: from then on its marketing lists are cleansed as of the answer's day. */
export function applyOwnAnswer(pool: Pool, scope: AccountScope, id: string): Promise<ActionResult> {
  return queueAnswer(pool, id, scope.accountId, tellOwn(scope, 'cleansing.apply'));
}

/** Of both an account and its staff: what the account sees of it. */
const tellOwn =
  (scope: AccountScope, kind: ActivityKind): Tell<Discarded> =>
  (client, { name }) =>
    recordActOf(client, scope, kind, { file: name }, new Date());

/** @param marketerId whose it has to be; null: anybody's */
async function queueAnswer(
  pool: Pool,
  id: string,
  marketerId: number | null,
  tell: Tell<Queued>,
): Promise<ActionResult> {
  try {
    return await withTransaction(pool, async (client) => {
      const waiting = await findWaiting.one(client, { id, marketerId });
      if (!waiting) return gone;
      const problem = await findDayProblem(client, waiting);
      if (problem !== null) return { ok: false, message: problem };
      const queued = await queueImport.one(client, { id });
      if (!queued) return gone;
      await enqueueJob(client, 'import-registry', { importId: id });
      await tell(client, queued);
      return { ok: true };
    });
  } catch (error) {
    if ((error as { constraint?: unknown }).constraint !== 'registry_import_one_at_a_time') throw error;
    return {
      ok: false,
      message: 'Another answer is being put in force. Try again when that is done, in a minute or so.',
    };
  }
}

const discardImport = statement({
  name: 'discard-registry-import',
  values: { id: 'int8', marketerId: 'int4?' },
  columns: { name: 'RegistryImport.name', marketerId: 'RegistryImport.marketerId' },
  sql: ($) => `
    update registry_import set state = 'DISCARDED', finished_at = now()
    where id = ${$.id} and state = 'WAITING' and coalesce(marketer_id = ${$.marketerId}, true)
    returning name, marketer_id as "marketerId"`,
});

const removeBlocks = statement({
  name: 'remove-registry-blocks',
  values: { id: 'int8' },
  sql: ($) => `delete from registry_block where import_id = ${$.id}`,
});

/** Puts an answer away that is not to count. That it was handed in stays. */
export function discardAnswer(pool: Pool, scope: StaffScope, id: string): Promise<ActionResult> {
  return putAway(pool, id, null, (client, discarded) =>
    writeAudit(client, scope, 'registry.discard', { ...discarded, details: {} }),
  );
}

/** The same of an account's own. */
export function discardOwnAnswer(pool: Pool, scope: AccountScope, id: string): Promise<ActionResult> {
  return putAway(pool, id, scope.accountId, tellOwn(scope, 'cleansing.discard'));
}

async function putAway(
  pool: Pool,
  id: string,
  marketerId: number | null,
  tell: Tell<Discarded>,
): Promise<ActionResult> {
  return withTransaction(pool, async (client) => {
    const discarded = await discardImport.one(client, { id, marketerId });
    if (!discarded) return gone;
    await removeBlocks.run(client, { id });
    await tell(client, discarded);
    return { ok: true };
  });
}

async function writeAudit(
  client: PoolClient,
  scope: StaffScope,
  action: AuditAction,
  { name, marketerId, details }: { name: string; marketerId: number; details: Record<string, unknown> },
): Promise<void> {
  await recordAudit(client, scope, {
    action,
    target: `Registry, ${describeMarketer(marketerId)}`,
    accountId: marketerId === wholeIndustry ? null : marketerId,
    details: { name, ...details },
  });
}
