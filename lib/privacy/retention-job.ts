import type { Pool } from 'pg';
import { recordSystemAudit } from '@/lib/audit/commands';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { liesApart } from '@/lib/db/apart';
import { withTransaction } from '@/lib/db/client';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, statement, type Connection } from '@/lib/db/statement';
import { isAccountHeldSql, isNumberHeldSql, mentionsHeldNumberSql } from '@/lib/platform/holds';
import { eraseHistory } from './erase-history';
import { keepHolds } from './holds';
import { isConsentProtectedSql, isProofMessageSql, isProofReplySql, isProtectedSql } from './proof-sql';
import { readRetentionSettings } from './retention-settings';
import { describeErasure, type RetentionSettings } from './schema';
import { since } from './since';

/** Rows looked at in a transaction. */
const batchSize = 1000;
/** Everything is looked at anew so often: what proved something may have come to its term since. */
const restartDays = 30;
/** In retention_progress: what belongs to no account. */
const noAccount = 0;

interface Kind {
  setting: keyof RetentionSettings;
  what: 'Text' | 'Address';
  table: string;
  /** The column that says how old a row is. */
  at: string;
  /** Whether a row says when it was written over. */
  stamps: boolean;
  /** Whether something of it must be kept that proves an opt-out. */
  proves: boolean;
  /**
   * SQL of the update of the rows `due`; answers with a row each. Of a history, which only erase_history may
   * touch: of a query for their ids.
   */
  erase: ($: Places) => string;
  isHistory?: true;
}

/** SQL of the values, by the names they have in the statement. */
interface Places {
  accountId: string;
  before: string;
  words: string;
  now: string;
  batch: string;
  proofSince: string;
}

/** What an update writes: the words in place of each text. */
const writeOver = ($: Places, table: string, set: string, unless: string) => `
  update ${table} set ${set}
  from due where ${table}.account_id = ${$.accountId} and ${table}.id = due.id and ${unless} returning 1 as one`;

/** Rows of a history. */
const pickFrom = ($: Places, history: string, condition: string) => `
  select ${history}.id from due join ${history} on ${history}.account_id = ${$.accountId} and ${history}.id = due.id
  where ${condition}`;

const isFree = ($: Places, table: string) =>
  `not ${isNumberHeldSql(`${table}.msisdn`)} and not ${isProtectedSql({ accountId: $.accountId, msisdn: `${table}.msisdn` }, $.proofSince)}`;
const isFreeUnlessProof = (
  $: Places,
  table: string,
  isProof: string,
) => `not ${isNumberHeldSql(`${table}.msisdn`)} and not (${isProof}
    and ${isProtectedSql({ accountId: $.accountId, msisdn: `${table}.msisdn` }, $.proofSince)})`;

const textColumns = ($: Places) => `text = ${$.words}, text_erased_at = ${$.now}`;

const kinds: Kind[] = [
  {
    setting: 'messageTextMonths',
    what: 'Text',
    table: 'message',
    stamps: true,
    proves: true,
    at: 'created_at',
    erase: ($) =>
      writeOver(
        $,
        'message',
        textColumns($),
        `text_erased_at is null and next_attempt_at is null and ${isFreeUnlessProof($, 'message', isProofMessageSql('message', $.accountId))}`,
      ),
  },
  {
    setting: 'messageTextMonths',
    what: 'Text',
    table: 'message_batch',
    stamps: true,
    proves: false,
    at: 'created_at',
    erase: ($) => writeOver($, 'message_batch', textColumns($), 'text_erased_at is null'),
  },
  {
    setting: 'messageTextMonths',
    what: 'Text',
    table: 'reply',
    stamps: true,
    proves: true,
    at: 'received_at',
    erase: ($) =>
      writeOver(
        $,
        'reply',
        `${textColumns($)}, raw = null`,
        `text_erased_at is null and ${isFreeUnlessProof($, 'reply', isProofReplySql('reply', $.accountId))}`,
      ),
  },
  {
    setting: 'emailMonths',
    what: 'Text',
    table: 'email',
    stamps: true,
    proves: false,
    at: 'created_at',
    erase: ($) =>
      writeOver(
        $,
        'email',
        `subject = ${$.words}, html = ${$.words}, ${textColumns($)}`,
        `text_erased_at is null and next_attempt_at is null
       and not ${mentionsHeldNumberSql(`email.subject || ' ' || email.text`)}`,
      ),
  },
  // The same words, in the portal.
  {
    setting: 'emailMonths',
    what: 'Text',
    table: 'notice',
    stamps: false,
    proves: false,
    at: 'created_at',
    erase: ($) =>
      writeOver(
        $,
        'notice',
        `title = ${$.words}, text = ${$.words}, path = null`,
        `notice.text not like 'Text erased on %'
       and not ${mentionsHeldNumberSql(`notice.title || ' ' || notice.text || ' ' || coalesce(notice.path, '')`)}`,
      ),
  },
  {
    setting: 'addressMonths',
    what: 'Address',
    table: 'activity',
    isHistory: true,
    stamps: false,
    proves: false,
    at: 'created_at',
    erase: ($) =>
      pickFrom(
        $,
        'activity',
        `activity.address is not null and activity.address not like 'Address erased on %'`,
      ),
  },
  {
    setting: 'addressMonths',
    what: 'Address',
    table: 'removal_request',
    stamps: false,
    proves: true,
    at: 'created_at',
    erase: ($) =>
      writeOver(
        $,
        'removal_request',
        `permission_address = ${$.words}`,
        `finished_at is not null and permission_address is not null and permission_address not like 'Address erased on %'
       and ${isFree($, 'removal_request')}`,
      ),
  },
  {
    setting: 'proofMonths',
    what: 'Text',
    table: 'opt_out_event',
    isHistory: true,
    stamps: false,
    proves: true,
    at: 'created_at',
    erase: ($) =>
      pickFrom(
        $,
        'opt_out_event',
        `opt_out_event.evidence ?| array['text', 'input'] and not coalesce(opt_out_event.evidence ->> 'text', opt_out_event.evidence ->> 'input', '') like 'Text erased on %'
       and ${isFree($, 'opt_out_event')}`,
      ),
  },
  {
    setting: 'proofMonths',
    what: 'Text',
    table: 'consent_event',
    isHistory: true,
    stamps: false,
    proves: true,
    at: 'created_at',
    erase: ($) =>
      pickFrom(
        $,
        'consent_event',
        `consent_event.evidence ?| array['wording', 'reason']
       and not coalesce(consent_event.evidence ->> 'wording', consent_event.evidence ->> 'reason', '') like 'Text erased on %'
       and not exists (
         select from consent
         where consent.account_id = ${$.accountId} and consent.msisdn = consent_event.msisdn and consent.id = consent_event.consent_id)
       and ${isFree($, 'consent_event')}
       and not ${isConsentProtectedSql({ accountId: $.accountId, msisdn: 'consent_event.msisdn' }, $.proofSince)}`,
      ),
  },
  {
    setting: 'proofMonths',
    what: 'Text',
    table: 'removal_request_event',
    isHistory: true,
    stamps: false,
    proves: true,
    at: 'created_at',
    erase: ($) =>
      pickFrom(
        $,
        'removal_request_event',
        `removal_request_event.evidence ?| array['text', 'address', 'permissionAddress']
       and not removal_request_event.evidence::text like '%Text erased on %'
       and exists (
         select from removal_request
         where removal_request.account_id = ${$.accountId} and removal_request.id = removal_request_event.request_id
           and ${isFree($, 'removal_request')})`,
      ),
  },
];

/**
 * SQL of expressions of "with" for one batch of a kind: `due`, the next rows by id, as long as they are old
 * enough, and `erased`, those of them that may go.
 */
function batchSql($: Places, { table, at, erase }: Kind): string {
  return `next as materialized (
    select id, ${at} < ${$.before} as is_old from ${table}
    where account_id = ${$.accountId}
      and id > (select until_id from retention_progress where account_id = ${$.accountId} and kind = '${table}')
    order by id limit ${$.batch}
  ), due as materialized (
    select id from next
    where is_old and id < coalesce((select min(id) from next where not is_old), 9223372036854775807)
      -- one that was set since the job began counts too
      and not ${isAccountHeldSql($.accountId)}
  ), erased as materialized (${erase($)})`;
}

const baseValues = { accountId: 'int4', before: 'timestamptz', batch: 'int8' } as const;

/** A statement asks for what its text names and for nothing else. */
const valuesOf = (kind: Kind) =>
  ({
    ...baseValues,
    ...(kind.isHistory ? {} : ({ words: 'text' } as const)),
    ...(kind.stamps ? ({ now: 'timestamptz' } as const) : {}),
    ...(kind.proves ? ({ proofSince: 'timestamptz' } as const) : {}),
  }) as typeof baseValues & { words: 'text'; now: 'timestamptz'; proofSince: 'timestamptz' };

const nameOf = (what: string, kind: Kind) => `${what}-old-${kind.table.replaceAll('_', '-')}`;

/** They are written over and the place is kept, by one statement. */
const makeErasure = (kind: Kind) =>
  statement({
    name: nameOf('erase', kind),
    values: valuesOf(kind),
    columns: { looked: 'int4' },
    sql: ($) => `
  with ${batchSql($, kind)}, moved as (
    update retention_progress
    set until_id = (select max(id) from due),
      erased = retention_progress.erased + (select count(*) from erased)::int
    where account_id = ${$.accountId} and kind = '${kind.table}' and exists (select from due)
  )
  select count(*)::int as looked from due`,
  });

const makeSearch = (kind: Kind) =>
  statement({
    name: nameOf('find', kind),
    values: valuesOf(kind),
    columns: { looked: 'int4', until: 'int8?', ids: 'int8[]?' },
    sql: ($) => `
  with ${batchSql($, kind)}
  select count(*)::int as looked, max(id) as until, (select array_agg(id) from erased) as ids from due`,
  });

const move = statement({
  name: 'move-retention',
  values: { accountId: 'int4', kind: 'text', until: 'int8', erased: 'int4' },
  sql: ($) => `
    update retention_progress set until_id = ${$.until}, erased = erased + ${$.erased}
    where account_id = ${$.accountId} and kind = ${$.kind}`,
});

interface Batch {
  accountId: number;
  before: Date;
  words: string;
  now: Date;
  batch: number;
  proofSince: Date;
}

/**
 * One batch of each kind, by a statement or a transaction of its own: a process that is killed has done all
 * of a batch or nothing. Answers with how many rows it has looked at.
 */
const erasures: readonly { kind: Kind; erase: (pool: Pool, batch: Batch) => Promise<number> }[] = kinds.map(
  (kind) => {
    const { table: history, isHistory } = kind;
    if (!isHistory) {
      const erasure = makeErasure(kind);
      return { kind, erase: async (pool, batch) => (await erasure.only(pool, batch)).looked };
    }
    const search = makeSearch(kind);
    const moveOn = async (
      connection: Connection,
      { accountId }: Batch,
      until: string | null,
      erased: number,
    ) => {
      if (until !== null) await move.run(connection, { accountId, kind: history, until, erased });
    };
    const erase = async (pool: Pool, batch: Batch) => {
      const { looked, until, ids } = await search.only(pool, batch);
      if (ids === null) {
        await moveOn(pool, batch, until, 0);
        return looked;
      }
      const isApart = await liesApart(pool);
      const done = await withTransaction(pool, async (client) => {
        await keepHolds(client);
        const { accountId, words } = batch;
        const found = await search.only(client, batch);
        const rows = { history, accountId, ids: found.ids ?? [], words, numberToo: false };
        const erased = await eraseHistory(client, rows);
        if (!isApart) await moveOn(client, batch, found.until, erased);
        return { ...found, erased };
      });
      // Killed before this, the next run passes the same rows and finds them erased.
      if (isApart) await moveOn(pool, batch, done.until, done.erased);
      return done.looked;
    };
    return { kind, erase };
  },
);

const eraseUnowned = statement({
  name: 'erase-old-unowned-replies',
  values: { before: 'timestamptz', words: 'text', now: 'timestamptz', batch: 'int8' },
  columns: { erased: 'int4' },
  sql: ($) => `
    with due as materialized (
      select msisdn, id from unowned_reply
      where text_erased_at is null and received_at < ${$.before} and state not in ('WAITING', 'UNSURE')
        and not ${isNumberHeldSql('unowned_reply.msisdn')}
      order by received_at limit ${$.batch}
    ), erased as (
      update unowned_reply set text = ${$.words}, raw = null, text_erased_at = ${$.now}
      from due where unowned_reply.msisdn = due.msisdn and unowned_reply.id = due.id
      returning 1 as one
    ), counted as (
      insert into retention_progress (account_id, kind, erased, restarted_at)
      select ${noAccount}, 'unowned_reply', count(*), ${$.now} from erased
      on conflict (account_id, kind) do update set erased = retention_progress.erased + excluded.erased
    )
    select count(*)::int as erased from erased`,
});

/** What nobody has decided about waits to be recorded, and is then as old as any other reply. */
const findSetAside = statement({
  name: 'find-old-set-aside-replies',
  values: { before: 'timestamptz', batch: 'int8' },
  columns: columnsOf('SetAsideReply', 'id'),
  sql: ($) => `
    select id from set_aside_reply
    where decided_at is not null and received_at < ${$.before}
      and not ${isNumberHeldSql("coalesce(set_aside_reply.msisdn, '')")}
    order by received_at limit ${$.batch}`,
});
const deleteSetAside = statement({
  name: 'erase-old-set-aside-replies',
  values: { ids: 'int8[]' },
  sql: ($) => `delete from set_aside_reply where id = any (${$.ids})`,
});

function eraseSetAside(pool: Pool, before: Date, batch: number): Promise<number> {
  return withTransaction(pool, async (client) => {
    await keepHolds(client);
    const found = await findSetAside.all(client, { before, batch });
    return found.length === 0 ? 0 : deleteSetAside.run(client, { ids: found.map(({ id }) => id) });
  });
}

const listAccounts = statement({
  name: 'list-accounts-for-retention',
  columns: { id: 'int4' },
  sql: () => `
    select id from account
    where not ${isAccountHeldSql('account.id')} order by id`,
});

const prepare = statement({
  name: 'prepare-retention',
  values: { accountId: 'int4', kinds: 'text[]', now: 'timestamptz', before: 'timestamptz' },
  sql: ($) => `
    with begun as (
      insert into retention_progress (account_id, kind, restarted_at)
      select ${$.accountId}::int, kind, ${$.now}::timestamptz from unnest(${$.kinds}::text[]) as kind
      on conflict (account_id, kind) do nothing
    )
    update retention_progress set until_id = 0, restarted_at = ${$.now}
    where account_id = ${$.accountId} and kind = any (${$.kinds}) and restarted_at < ${$.before}`,
});

const takeCounts = statement({
  name: 'take-retention-counts',
  values: { accountId: 'int4' },
  columns: { counts: typed<Record<string, number> | null>('jsonb') },
  sql: ($) => `
    with told as (
      select account_id, kind, erased from retention_progress where account_id = ${$.accountId} and erased > 0 for update
    ), reset as (
      update retention_progress set erased = 0
      from told where retention_progress.account_id = told.account_id and retention_progress.kind = told.kind
    )
    select jsonb_object_agg(kind, erased) as counts from told`,
});

/**
 * Writes over what the provider keeps no longer, in batches of a thousand rows of one account, and says so
 * in the audit log. What it has come to is in the database: a run that was cut short goes on where it was.
 *
 * @param signal when the worker stops: the rest is for the next run
 */
export async function applyRetention(
  pool: Pool,
  now: Date,
  { signal, batch = batchSize }: { signal?: AbortSignal | undefined; batch?: number } = {},
): Promise<void> {
  const settings = await readRetentionSettings(pool);
  const proofSince = since(settings.proofMonths, now);
  const restartBefore = new Date(now.getTime() - restartDays * 24 * 3_600_000);
  const names = kinds.map(({ table }) => table);
  for (const { id: accountId } of await listAccounts.all(pool, {})) {
    await prepare.run(pool, { accountId, kinds: names, now, before: restartBefore });
    for (const { kind, erase } of erasures) {
      const { setting, what } = kind;
      if (settings[setting] === 0) continue;
      const before = since(settings[setting], now);
      const words = describeErasure(what, now, 'retention');
      for (;;) {
        if (signal?.aborted) return;
        const looked = await erase(pool, { accountId, before, words, now, batch, proofSince });
        if (looked < batch) break;
      }
    }
    await tellAudit(pool, accountId);
  }
  if (settings.unownedReplyMonths > 0) {
    const words = describeErasure('Text', now, 'retention');
    const before = since(settings.unownedReplyMonths, now);
    while ((await eraseUnowned.only(pool, { before, words, now, batch })).erased === batch) {
      if (signal?.aborted) return;
    }
    while ((await eraseSetAside(pool, before, batch)) === batch) {
      if (signal?.aborted) return;
    }
    await tellAudit(pool, noAccount);
  }
}

/** Of all that was erased since it was last told, by whichever run. */
async function tellAudit(pool: Pool, accountId: number): Promise<void> {
  await withTransaction(pool, async (client) => {
    const { counts } = await takeCounts.only(client, { accountId });
    if (counts === null) return;
    await recordSystemAudit(client, {
      action: 'retention.erase',
      target: accountId === noAccount ? 'Replies without an owner' : formatAccountNumber(accountId),
      accountId: accountId === noAccount ? null : accountId,
      details: { erased: counts },
    });
  });
}
