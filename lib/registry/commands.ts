import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pool, PoolClient } from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { recordAudit } from '@/lib/audit/commands';
import type { AuditAction } from '@/lib/audit/schema';
import type { ActionResult } from '@/lib/auth/schema';
import type { StaffScope } from '@/lib/auth/scope';
import { setLocally, withTransaction } from '@/lib/db/client';
import { statement } from '@/lib/db/statement';
import { enqueueJob } from '@/lib/jobs/enqueue';
import { readRows } from '@/lib/number-lists/file/row-reader';
import type { FileFormat } from '@/lib/number-lists/schema';
import { UnreadableFileError } from '@/lib/number-lists/unreadable-file';
import { AnswerComposer } from './answer-composer';
import { describeMarketer } from './labels';
import { wholeIndustry } from './schema';
import type { NewAnswer } from './upload';

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
export async function storeAnswer(
  pool: Pool,
  scope: StaffScope,
  answer: NewAnswer,
  body: AsyncIterable<Uint8Array>,
  today: string,
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
    const { id } = await insertImport.only(client, {
      marketerId,
      name,
      source,
      answeredOn,
      userId: scope.userId,
    });
    const composer = new AnswerComposer(id);
    await pipeline(
      Readable.from(readAnswer(body, answer.format, composer), { objectMode: false }),
      client.query(copyFrom('copy registry_block (import_id, first_position, msisdns) from stdin')),
    );
    await compare(client, id, marketerId, composer);
    await writeAudit(client, scope, 'registry.upload', { name, marketerId, details: { source, answeredOn } });
    await client.query('commit');
    return id;
  } catch (error) {
    await client.query('rollback').catch((failure: Error) => (broken = failure));
    throw error;
  } finally {
    client.release(broken);
  }
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
    : `An answer of ${later.answeredOn} is in force already. One of ${answeredOn} would lift what has come since.`;
}

const insertImport = statement({
  name: 'insert-registry-import',
  values: { marketerId: 'int4', name: 'text', source: 'text', answeredOn: 'date', userId: 'int4' },
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

const compareAnswer = statement({
  name: 'compare-answer',
  values: {
    id: 'int8',
    marketerId: 'int4',
    lines: 'int4',
    numbers: 'int4',
    invalid: 'int4',
    duplicates: 'int4',
    usable: 'int4',
    problems: 'jsonb',
  },
  planEachTime: true,
  sql: ($) => `
    with kept as materialized (
      select count(*)::int as numbers
      from (select unnest(msisdns) as msisdn from registry_block where import_id = ${$.id}) as line
      join registry_entry on registry_entry.msisdn = line.msisdn and registry_entry.marketer_id = ${$.marketerId}
    ), held as materialized (
      select count(*)::int as numbers from registry_entry where marketer_id = ${$.marketerId}
    )
    update registry_import set lines = ${$.lines}, numbers = ${$.numbers}, invalid = ${$.invalid},
      duplicates = ${$.duplicates}, problems = ${$.problems},
      comes = ${$.usable} - kept.numbers, goes = held.numbers - kept.numbers
    from kept, held
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
  await compareAnswer.run(client, {
    id,
    marketerId,
    lines,
    numbers,
    invalid,
    duplicates,
    usable,
    problems,
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
  values: { id: 'int8' },
  columns: { marketerId: 'RegistryImport.marketerId', answeredOn: 'text' },
  sql: ($) => `
    select marketer_id as "marketerId", answered_on::text as "answeredOn" from registry_import
    where id = ${$.id} and state = 'WAITING'`,
});

const gone = { ok: false, message: 'It has been put in force or discarded already.' } as const;

/**
 * Puts an answer in force: what is new in it counts from then on, and what is not in it any more is lifted. A
 * job does it; one answer at a time, and none of a day before that of one which is in force.
 */
export async function applyAnswer(pool: Pool, scope: StaffScope, id: string): Promise<ActionResult> {
  try {
    return await withTransaction(pool, async (client) => {
      const waiting = await findWaiting.one(client, { id });
      if (!waiting) return gone;
      const problem = await findDayProblem(client, waiting);
      if (problem !== null) return { ok: false, message: problem };
      const queued = await queueImport.one(client, { id });
      if (!queued) return gone;
      const { name, marketerId, comes, goes } = queued;
      await enqueueJob(client, 'import-registry', { importId: id });
      await writeAudit(client, scope, 'registry.apply', { name, marketerId, details: { comes, goes } });
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
  values: { id: 'int8' },
  columns: { name: 'RegistryImport.name', marketerId: 'RegistryImport.marketerId' },
  sql: ($) => `
    update registry_import set state = 'DISCARDED', finished_at = now() where id = ${$.id} and state = 'WAITING'
    returning name, marketer_id as "marketerId"`,
});

const removeBlocks = statement({
  name: 'remove-registry-blocks',
  values: { id: 'int8' },
  sql: ($) => `delete from registry_block where import_id = ${$.id}`,
});

/** Puts an answer away that is not to count. That it was handed in stays. */
export async function discardAnswer(pool: Pool, scope: StaffScope, id: string): Promise<ActionResult> {
  return withTransaction(pool, async (client) => {
    const discarded = await discardImport.one(client, { id });
    if (!discarded) return gone;
    await removeBlocks.run(client, { id });
    await writeAudit(client, scope, 'registry.discard', { ...discarded, details: {} });
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
