import type { Pool, PoolClient } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import type { StaffReadScope, StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, statement } from '@/lib/db/statement';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { keepHolds } from './holds';
import { markNumber, namesNumber, numberInReason } from './number-mark';
import { isAccountHeldSql, isNumberHeldSql } from '@/lib/platform/holds';
import { expandAccount } from '@/lib/webhooks/expand';
import { isConsentProtectedSql, isProofMessageSql, isProofReplySql, isProtectedSql } from './proof-sql';
import { readRetentionSettings } from './retention-settings';
import { since } from './since';
import { describeErasure, type AccountFinding, type KeptReason, type PersonFinding } from './schema';

/** Of a number in an account: `$` has accountId and msisdn, or columns. */
const ofNumber = (table: string, accountId: string, msisdn: string) =>
  `${table}.account_id = ${accountId} and ${table}.msisdn = ${msisdn}`;

const findAccounts = statement({
  name: 'find-person-in-accounts',
  values: { msisdn: 'text', proofSince: 'timestamptz' },
  columns: {
    accountId: 'int4',
    accountName: 'text',
    messages: 'int4',
    queued: 'int4',
    replies: 'int4',
    isBlocked: 'bool',
    events: 'int4',
    removalRequests: 'int4',
    consents: 'int4',
    mentions: 'int4',
    isProtected: 'bool',
    isHeld: 'bool',
  },
  sql: ($) => {
    const count = (table: string) =>
      `(select count(*)::int from ${table} where ${ofNumber(table, 'account.id', $.msisdn)})`;
    const mentions = (table: string, accountId: string, text: string) =>
      `(select count(*)::int from ${table} where ${accountId} = account.id and mentions_number(${text}, ${$.msisdn}))`;
    return `
    select account_id as "accountId", name as "accountName", messages, queued, replies, is_blocked as "isBlocked", events,
      requests as "removalRequests", consents, mentions, is_protected as "isProtected", is_held as "isHeld"
    from (
      select account.id as account_id, account.name, ${count('message')} as messages,
        (select count(*)::int from message
         where ${ofNumber('message', 'account.id', $.msisdn)} and next_attempt_at is not null)
          + (select count(*)::int from webhook_delivery
             where ${ofNumber('webhook_delivery', 'account.id', $.msisdn)} and next_attempt_at is not null) as queued,
        ${count('reply')} as replies,
        exists (select 1 from opt_out where ${ofNumber('opt_out', 'account.id', $.msisdn)}) as is_blocked,
        ${count('opt_out_event')} as events, ${count('removal_request')} as requests,
        ${count('consent_event')} as consents,
        ${mentions('notice', 'notice.account_id', `notice.title || ' ' || notice.text || ' ' || coalesce(notice.path, '')`)}
          + ${mentions('email', 'email.account_id', `email.subject || ' ' || email.text`)}
          + ${mentions('activity', 'activity.account_id', 'activity.details::text')}
          + ${mentions('audit_entry', 'audit_entry.target_account_id', `audit_entry.target || ' ' || audit_entry.details::text`)}
          + ${count('webhook_delivery')}
          + (select count(*)::int from number_list_block
             where number_list_block.account_id = account.id and ${$.msisdn} = any (number_list_block.msisdns)) as mentions,
        ${isProtectedSql({ accountId: 'account.id', msisdn: $.msisdn }, $.proofSince)}
          or ${isConsentProtectedSql({ accountId: 'account.id', msisdn: $.msisdn }, $.proofSince)} as is_protected,
        ${isAccountHeldSql('account.id')} as is_held
      from account
    ) as found
    where is_blocked or messages + replies + events + requests + consents + mentions > 0
    order by account_id`;
  },
});

const findElsewhere = statement({
  name: 'find-person-elsewhere',
  values: { msisdn: 'text' },
  columns: { simulated: 'int4', setAside: 'int4', isOwnNumber: 'bool', hold: 'bool' },
  sql: ($) => `
    select (select count(*)::int from simulator_message where msisdn = ${$.msisdn}) as simulated,
      (select count(*)::int from set_aside_reply where msisdn = ${$.msisdn}) as "setAside",
      exists (select from portal_user where own_msisdn = ${$.msisdn})
        or exists (select from account where trial_msisdn = ${$.msisdn}) as "isOwnNumber",
      ${isNumberHeldSql(`${$.msisdn}::text`)} as hold`,
});

const countOfNoAccount = statement({
  name: 'count-person-of-no-account',
  values: { msisdn: 'text' },
  columns: { rows: 'int4' },
  sql: ($) => `
    select ((select count(*) from unowned_reply where msisdn = ${$.msisdn})
      + (select count(*) from conversation where msisdn = ${$.msisdn})
      + (select count(*) from carrier_receipt where msisdn = ${$.msisdn}))::int as rows`,
});

/**
 * All there is of a number across accounts. Reads, and leaves no trace: whoever asks for staff writes that
 * down.
 */
export async function readPerson(pool: Pool, _scope: StaffReadScope, msisdn: string): Promise<PersonFinding> {
  const { proofMonths } = await readRetentionSettings(pool);
  const proofSince = since(proofMonths, new Date());
  const { simulated, setAside, ...elsewhere } = await findElsewhere.only(pool, { msisdn });
  const withoutAccount = simulated + setAside + (await countOfNoAccount.only(pool, { msisdn })).rows;
  const accounts = await findAccounts.all(pool, { msisdn, proofSince });
  return {
    msisdn,
    mark: markNumber(msisdn),
    ...elsewhere,
    withoutAccount,
    accounts: accounts.map(({ isProtected, isHeld, queued, ...account }): AccountFinding => {
      const reasons: [KeptReason, boolean][] = [
        ['hold', isHeld || elsewhere.hold],
        ['block', account.isBlocked],
        ['term', isProtected && !account.isBlocked],
        ['queued', queued > 0],
      ];
      return { ...account, kept: reasons.filter(([, is]) => is).map(([reason]) => reason) };
    }),
  };
}

type Found = { ok: true; person: PersonFinding } | { ok: false; message: string };

/** Looks a number up, and writes down that somebody did. */
export async function findPerson(
  pool: Pool,
  scope: StaffReadScope,
  { number }: { number: string },
): Promise<Found> {
  const read = parseMsisdn(number);
  if (!read.ok) return read;
  const person = await readPerson(pool, scope, read.msisdn);
  await recordLook(pool, scope, person, 'person.find');
  return { ok: true, person };
}

/** Writes down a look into the data of a person: by the keyed hash of the number. */
export async function recordLook(
  pool: Pool,
  scope: StaffReadScope,
  { mark, accounts }: PersonFinding,
  action: 'person.find' | 'person.export' | 'person.complaint',
): Promise<void> {
  await withTransaction(pool, (client) =>
    recordAudit(client, scope, {
      action,
      target: `Number ${mark}`,
      accountId: null,
      details: { accounts: accounts.map(({ accountId }) => accountId) },
    }),
  );
}

const ofPerson = {
  accountId: 'int4',
  msisdn: 'text',
  words: 'text',
  now: 'timestamptz',
  proofSince: 'timestamptz',
} as const;

/** Of each, what proves nothing or need not be proved any more loses its text and the number. */
const eraseMessages = statement({
  name: 'erase-messages-of-person',
  values: ofPerson,
  columns: columnsOf('Message', 'batchId'),
  sql: ($) => `
    update message set text = ${$.words}, msisdn = '', text_erased_at = ${$.now}
    where ${ofNumber('message', $.accountId, $.msisdn)} and next_attempt_at is null
      and not (${isProofMessageSql('message', $.accountId)} and ${isProtectedSql($, $.proofSince)})
    returning batch_id as "batchId"`,
});
/** Batches of which nothing is left but what was erased: those with one recipient were theirs alone. */
const eraseBatches = statement({
  name: 'erase-batches-of-person',
  values: { accountId: 'int4', ids: 'int8[]', words: 'text', now: 'timestamptz' },
  sql: ($) => `
    update message_batch set text = ${$.words}, text_erased_at = ${$.now}
    where account_id = ${$.accountId} and id = any (${$.ids}) and text_erased_at is null and not exists (
      select from message
      where message.account_id = ${$.accountId} and message.batch_id = message_batch.id and message.text_erased_at is null
        -- they were accepted together: so the index on the time finds them
        and message.created_at between message_batch.created_at - interval '1 hour'
          and message_batch.created_at + interval '1 hour')`,
});
const eraseReplies = statement({
  name: 'erase-replies-of-person',
  values: ofPerson,
  sql: ($) => `
    update reply set text = ${$.words}, msisdn = '', raw = null, text_erased_at = ${$.now}
    where ${ofNumber('reply', $.accountId, $.msisdn)}
      and not (${isProofReplySql('reply', $.accountId)} and ${isProtectedSql($, $.proofSince)})`,
});

const ofAccount = { accountId: 'int4', msisdn: 'text', words: 'text' } as const;

/** Where an account's own notices and e-mails name the number. */
const eraseNotices = statement({
  name: 'erase-notices-of-person',
  values: ofAccount,
  sql: ($) => `
    update notice set title = ${$.words}, text = ${$.words}, path = null
    where account_id = ${$.accountId}
      and mentions_number(title || ' ' || text || ' ' || coalesce(path, ''), ${$.msisdn})`,
});
const eraseEmails = statement({
  name: 'erase-emails-of-person',
  values: { ...ofAccount, now: 'timestamptz' },
  sql: ($) => `
    update email set subject = ${$.words}, text = ${$.words}, html = ${$.words}, text_erased_at = ${$.now}
    where account_id = ${$.accountId} and next_attempt_at is null
      and mentions_number(subject || ' ' || text || ' ' || html, ${$.msisdn})`,
});
/**
 * What programs of the account were told; the log of it is kept for days only, and proves nothing. What they
 * are still to be told, of a block that stays, say, waits to leave as messages do.
 */
const eraseDeliveries = statement({
  name: 'erase-webhook-deliveries-of-person',
  values: { accountId: 'int4', msisdn: 'text' },
  sql: ($) => `
    delete from webhook_delivery
    where ${ofNumber('webhook_delivery', $.accountId, $.msisdn)} and next_attempt_at is null`,
});
const eraseLists = statement({
  name: 'erase-list-numbers-of-person',
  values: { accountId: 'int4', msisdn: 'text' },
  sql: ($) => `
    update number_list_block
    set msisdns = array_replace(msisdns, ${$.msisdn}, ''), inputs = array(
      select case when entry.msisdn = ${$.msisdn} or mentions_number(entry.input, ${$.msisdn}) then '' else entry.input end
      from unnest(inputs, msisdns) with ordinality as entry (input, msisdn, place) order by place)
    where account_id = ${$.accountId} and ${$.msisdn} = any (msisdns)
      and exists (
        select from number_list
        where number_list.account_id = number_list_block.account_id and number_list.id = number_list_block.list_id
          and (number_list.purpose = 'CHECK' or number_list.state in ('DONE', 'CANCELLED', 'FAILED')))`,
});

/** Writes over those of a history that are found, and says how many they were. */
const eraseHistorySql = (
  history: string,
  where: string,
  { accountId, words }: { accountId: string; words: string },
  from = history,
) => `
      coalesce((select erase_history('${history}', ${accountId}, array_agg(${history}.id), ${words}, true)
        from ${from} where ${where} having count(*) > 0), 0)`;

const auditNames = (msisdn: string) =>
  `mentions_number(audit_entry.target || ' ' || audit_entry.details::text, ${msisdn})`;

/** The histories, when nothing is to be proved any more. */
const eraseHistories = statement({
  name: 'erase-histories-of-person',
  values: ofAccount,
  columns: { erased: 'int4' },
  sql: ($) => {
    const requests =
      'removal_request_event join removal_request on removal_request.account_id = removal_request_event.account_id and removal_request.id = removal_request_event.request_id';
    return `select (
      ${eraseHistorySql('removal_request_event', ofNumber('removal_request', $.accountId, $.msisdn), $, requests)}
      + ${eraseHistorySql('opt_out_event', ofNumber('opt_out_event', $.accountId, $.msisdn), $)}
      + ${eraseHistorySql('activity', `activity.account_id = ${$.accountId} and mentions_number(activity.details::text, ${$.msisdn})`, $)}
    ) as erased`;
  },
});
/** What staff did about the account, which lies apart from it. */
const eraseAudit = statement({
  name: 'erase-audit-of-account-of-person',
  values: ofAccount,
  columns: { erased: 'int4' },
  sql: ($) => {
    const where = `audit_entry.target_account_id = ${$.accountId} and ${auditNames($.msisdn)}`;
    return `select ${eraseHistorySql('audit_entry', where, $)} as erased`;
  },
});
/** What was consented to, when that need not be proved any more: the consent ends with it. */
const eraseConsents = statement({
  name: 'erase-consents-of-person',
  values: { ...ofAccount, proofSince: 'timestamptz' },
  columns: { erased: 'int4' },
  sql: ($) => {
    const where = (table: string) =>
      `${ofNumber(table, $.accountId, $.msisdn)} and not ${isConsentProtectedSql($, $.proofSince)}`;
    return `
    with gone as (
      delete from consent where ${where('consent')} returning 1 as one
    )
    select (select count(*)::int from gone) + ${eraseHistorySql('consent_event', where('consent_event'), $)} as erased`;
  },
});
const eraseRequests = statement({
  name: 'erase-removal-requests-of-person',
  values: ofAccount,
  sql: ($) => `
    update removal_request
    set msisdn = '', permission_address = case when permission_address is not null then ${$.words} end,
      decision_reason = case when decision_reason is not null then ${$.words} end
    where ${ofNumber('removal_request', $.accountId, $.msisdn)} and finished_at is not null`,
});

const isProtected = statement({
  name: 'is-person-protected',
  values: { accountId: 'int4', msisdn: 'text', proofSince: 'timestamptz' },
  columns: { is: 'bool' },
  sql: ($) => `select ${isProtectedSql($, $.proofSince)} as is`,
});

/** What is known by the number alone. */
const eraseElsewhere = [
  ['unowned', `delete from unowned_reply where msisdn = $1 and state not in ('WAITING', 'UNSURE')`],
  // what may be a wish waits until it is recorded, and is erased with what it becomes
  [
    'set-aside',
    `delete from set_aside_reply where msisdn = $1 and (verdict = 'NONE' or decided_at is not null)`,
  ],
  [
    'conversations',
    // what says whose the answer is to an SMS that waits to leave, or to a question that waits for a YES
    `delete from conversation where msisdn = $1
       and not exists (
         select from message where message.account_id = conversation.account_id and message.msisdn = $1
           and message.next_attempt_at is not null)
       and not exists (
         select from removal_request where removal_request.account_id = conversation.account_id
           and removal_request.msisdn = $1 and removal_request.finished_at is null)`,
  ],
  ['receipts', 'delete from carrier_receipt where msisdn = $1'],
  ['simulator', 'delete from simulator_message where msisdn = $1'],
  [
    'secrets',
    `update one_time_secret set sent_to = ''
     where sent_to = $1 and (used_at is not null or replaced_at is not null or expires_at < now())`,
  ],
  ['limits', `delete from rate_limit where mentions_number(key, $1)`],
  ['holds', `update legal_hold set msisdn = '' where msisdn = $1 and lifted_at is not null`],
].map(([name, sql]) =>
  statement({
    name: `erase-${name}-of-person`,
    values: { msisdn: 'text' },
    sql: ($) => (sql as string).replaceAll('$1', $.msisdn),
  }),
);
const eraseAuditElsewhere = statement({
  name: 'erase-audit-of-person',
  values: { msisdn: 'text', words: 'text' },
  columns: { erased: 'int4' },
  sql: ($) => {
    const where = `audit_entry.target_account_id is null and ${auditNames($.msisdn)}`;
    return `select ${eraseHistorySql('audit_entry', where, { accountId: '0', words: $.words })} as erased`;
  },
});

type Erased = { ok: true; erased: number; person: PersonFinding } | { ok: false; message: string };

/**
 * Erases what there is of a number and need not be kept: its texts are written over, and the number goes
 * from every row that is no proof. A block stays in force with what proves it. One account after another,
 * each in a transaction with its entry in the audit log: cut short, it is simply done again.
 */
export async function erasePerson(
  pool: Pool,
  scope: StaffScope,
  { number, reason }: { number: string; reason: string },
): Promise<Erased> {
  const read = parseMsisdn(number);
  if (!read.ok) return read;
  const { msisdn } = read;
  if (namesNumber(reason, msisdn)) return numberInReason;
  const before = await readPerson(pool, scope, msisdn);
  if (before.hold) {
    return { ok: false, message: 'A legal hold is on this number. Lift it first; nothing was erased.' };
  }
  const now = new Date();
  const { proofMonths } = await readRetentionSettings(pool);
  const values = {
    msisdn,
    words: describeErasure('Text', now, 'request'),
    now,
    proofSince: since(proofMonths, now),
  };
  let erased = 0;
  for (const { accountId, kept } of before.accounts) {
    if (kept.includes('hold')) continue;
    erased += await withTransaction(pool, async (client) => {
      if (await isHeldNow(client, { msisdn, accountIds: [accountId] })) return 0;
      const count = await eraseInAccount(client, { accountId, ...values });
      await recordErasure(client, scope, before, { accountId, reason, erased: count, kept });
      return count;
    });
  }
  const accountIds = before.accounts.map(({ accountId }) => accountId);
  erased += await withTransaction(pool, async (client) => {
    if (await isHeldNow(client, { msisdn, accountIds: [] })) return 0;
    // One that holds all of an account's data holds what says whose a reply is, too.
    const isAnyHeld = await isHeldNow(client, { msisdn, accountIds });
    let count = (await eraseAuditElsewhere.only(client, values)).erased;
    if (!isAnyHeld) for (const one of eraseElsewhere) count += await one.run(client, { msisdn });
    await recordErasure(client, scope, before, { accountId: null, reason, erased: count, kept: [] });
    return count;
  });
  const person = await readPerson(pool, scope, msisdn);
  return person.hold
    ? { ok: false, message: 'A legal hold was set on this number meanwhile. What was left then is kept.' }
    : { ok: true, erased, person };
}

const findHold = statement({
  name: 'find-hold-on-person',
  values: { msisdn: 'text', accountIds: 'int4[]' },
  columns: { isHeld: 'bool' },
  sql: ($) => `
    select ${isNumberHeldSql(`${$.msisdn}::text`)}
      or exists (select from unnest(${$.accountIds}::int[]) as asked where ${isAccountHeldSql('asked')}) as "isHeld"`,
});

/** Whether a hold forbids it now; none is set until the transaction ends. */
async function isHeldNow(
  client: PoolClient,
  of: { msisdn: string; accountIds: readonly number[] },
): Promise<boolean> {
  await keepHolds(client);
  return (await findHold.only(client, of)).isHeld;
}

async function eraseInAccount(
  client: PoolClient,
  values: { accountId: number; msisdn: string; words: string; now: Date; proofSince: Date },
): Promise<number> {
  // What is still to be told of them waits as a delivery, and not in the rows that are written over here.
  await expandAccount(client, values.accountId);
  const messages = await eraseMessages.all(client, values);
  let count = messages.length;
  const ids = messages.flatMap(({ batchId }) => batchId ?? []);
  count += await eraseBatches.run(client, { ...values, ids });
  count += await eraseReplies.run(client, values);
  count += await eraseNotices.run(client, values);
  count += await eraseEmails.run(client, values);
  count += await eraseLists.run(client, values);
  count += await eraseDeliveries.run(client, values);
  if (!(await isProtected.only(client, values)).is) {
    count += (await eraseHistories.only(client, values)).erased;
    count += (await eraseAudit.only(client, values)).erased;
    count += await eraseRequests.run(client, values);
  }
  count += (await eraseConsents.only(client, values)).erased;
  return count;
}

function recordErasure(
  client: PoolClient,
  scope: StaffScope,
  { mark }: PersonFinding,
  { accountId, ...details }: { accountId: number | null; reason: string; erased: number; kept: KeptReason[] },
): Promise<void> {
  return recordAudit(client, scope, { action: 'person.erase', target: `Number ${mark}`, accountId, details });
}
