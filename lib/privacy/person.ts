import type { Pool, PoolClient } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import type { StaffReadScope, StaffScope } from '@/lib/auth/scope';
import { liesApart } from '@/lib/db/apart';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, statement } from '@/lib/db/statement';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { eraseHistory } from './erase-history';
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

const listAccounts = statement({
  name: 'list-accounts-for-person',
  columns: { ...columnsOf('Account', 'id', 'name'), isHeld: 'bool' },
  sql: () => `select id, name, ${isAccountHeldSql('account.id')} as "isHeld" from account`,
});

/** What may have something of a number, and what it says of it; each is looked through by itself. */
const places: Readonly<Record<string, ($: Record<'msisdn' | 'proofSince', string>) => Place>> = {
  message: ({ msisdn }) => ({
    where: `msisdn = ${msisdn}`,
    found: { messages: 'count(*)', queued: 'count(*) filter (where next_attempt_at is not null)' },
  }),
  reply: ({ msisdn }) => ({ where: `msisdn = ${msisdn}`, found: { replies: 'count(*)' } }),
  opt_out: ({ msisdn }) => ({ where: `msisdn = ${msisdn}`, found: { blocks: 'count(*)' } }),
  opt_out_event: ({ msisdn, proofSince }) => ({
    where: `msisdn = ${msisdn}`,
    found: { events: 'count(*)', proofs: `count(*) filter (where created_at >= ${proofSince})` },
  }),
  removal_request: ({ msisdn, proofSince }) => ({
    where: `msisdn = ${msisdn}`,
    found: {
      requests: 'count(*)',
      proofs: `count(*) filter (where finished_at is null or finished_at >= ${proofSince})`,
    },
  }),
  consent_event: ({ msisdn, proofSince }) => ({
    where: `msisdn = ${msisdn}`,
    found: { consents: 'count(*)', proofs: `count(*) filter (where created_at >= ${proofSince})` },
  }),
  webhook_delivery: ({ msisdn }) => ({
    where: `msisdn = ${msisdn}`,
    found: { mentions: 'count(*)', queued: 'count(*) filter (where next_attempt_at is not null)' },
  }),
  notice: ({ msisdn }) => mentioned(`title || ' ' || text || ' ' || coalesce(path, '')`, msisdn),
  email: ({ msisdn }) => mentioned(`subject || ' ' || text`, msisdn),
  activity: ({ msisdn }) => mentioned('details::text', msisdn),
  audit_entry: ({ msisdn }) => ({
    ...mentioned(`target || ' ' || details::text`, msisdn),
    accountId: 'target_account_id',
  }),
  number_list_block: ({ msisdn }) => ({
    where: `${msisdn} = any (msisdns)`,
    found: { mentions: 'count(*)' },
  }),
};

interface Place {
  accountId?: string;
  where: string;
  /** SQL of counts, by what they are added to. */
  found: Record<string, string>;
}

function mentioned(text: string, msisdn: string): Place {
  return { where: `mentions_number(${text}, ${msisdn})`, found: { mentions: 'count(*)' } };
}

const findAccounts = statement({
  name: 'find-person-in-accounts',
  values: { accountIds: 'int4[]', msisdn: 'text', proofSince: 'timestamptz' },
  columns: {
    accountId: 'int4',
    messages: 'int4',
    queued: 'int4',
    replies: 'int4',
    isBlocked: 'bool',
    events: 'int4',
    removalRequests: 'int4',
    consents: 'int4',
    mentions: 'int4',
    isProtected: 'bool',
  },
  sql: ($) => {
    const parts = Object.entries(places).map(([table, describe]) => ({ table, ...describe($) }));
    const expressions = parts.map(({ table, accountId = 'account_id', where, found }) => {
      const counts = Object.entries(found).map(([name, count]) => `${count} as ${name}`);
      return `of_${table} as materialized (
        select ${accountId} as account_id, ${counts.join(', ')} from ${table}
        where ${accountId} = any (${$.accountIds}) and ${where} group by 1
      )`;
    });
    const sum = (name: string) =>
      parts
        .filter(({ found }) => name in found)
        .map(({ table }) => `coalesce(of_${table}.${name}, 0)`)
        .join(' + ');
    return `
    with ${expressions.join(', ')}
    select account_id as "accountId", messages::int, queued::int, replies::int, blocks > 0 as "isBlocked", events::int,
      requests::int as "removalRequests", consents::int, mentions::int, blocks + proofs > 0 as "isProtected"
    from (
      select account_id, ${[
        'messages',
        'queued',
        'replies',
        'blocks',
        'events',
        'requests',
        'consents',
        'mentions',
        'proofs',
      ]
        .map((name) => `${sum(name)} as ${name}`)
        .join(', ')}
      from unnest(${$.accountIds}::int[]) as asked (account_id)
        ${parts.map(({ table }) => `left join of_${table} using (account_id)`).join(' ')}
    ) as found
    where blocks + messages + replies + events + requests + consents + mentions > 0
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
  const all = new Map((await listAccounts.all(pool, {})).map((account) => [account.id, account]));
  const found = await findAccounts.all(pool, { accountIds: [...all.keys()], msisdn, proofSince });
  return {
    msisdn,
    mark: markNumber(msisdn),
    ...elsewhere,
    withoutAccount,
    accounts: found.map(({ isProtected, queued, ...account }): AccountFinding => {
      const { name: accountName = '', isHeld = false } = all.get(account.accountId) ?? {};
      const reasons: [KeptReason, boolean][] = [
        ['hold', isHeld || elsewhere.hold],
        ['block', account.isBlocked],
        ['term', isProtected && !account.isBlocked],
        ['queued', queued > 0],
      ];
      return { ...account, accountName, kept: reasons.filter(([, is]) => is).map(([reason]) => reason) };
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

const auditNames = (msisdn: string) =>
  `mentions_number(audit_entry.target || ' ' || audit_entry.details::text, ${msisdn})`;

/** Rows of one history that name the number. */
const findInHistory = (history: string, compose: ($: Record<'accountId' | 'msisdn', string>) => string) => ({
  history,
  find: statement({
    name: `find-${history.replaceAll('_', '-')}-of-person`,
    values: { accountId: 'int4', msisdn: 'text' },
    columns: { id: 'int8' },
    sql: ($) => `select ${history}.id from ${compose($)}`,
  }),
});

/** The histories of an account, and what staff did about it: erased when nothing is to be proved any more. */
const histories = [
  findInHistory(
    'removal_request_event',
    ($) =>
      `removal_request_event join removal_request on removal_request.account_id = removal_request_event.account_id and removal_request.id = removal_request_event.request_id
       where ${ofNumber('removal_request', $.accountId, $.msisdn)}`,
  ),
  findInHistory(
    'opt_out_event',
    ($) => `opt_out_event where ${ofNumber('opt_out_event', $.accountId, $.msisdn)}`,
  ),
  findInHistory(
    'activity',
    ($) =>
      `activity where activity.account_id = ${$.accountId} and mentions_number(activity.details::text, ${$.msisdn})`,
  ),
  findInHistory(
    'audit_entry',
    ($) => `audit_entry where audit_entry.target_account_id = ${$.accountId} and ${auditNames($.msisdn)}`,
  ),
];

const unprotectedConsent = {
  values: { accountId: 'int4', msisdn: 'text', proofSince: 'timestamptz' },
  where: (table: string, $: Record<'accountId' | 'msisdn' | 'proofSince', string>) =>
    `${ofNumber(table, $.accountId, $.msisdn)} and not ${isConsentProtectedSql($, $.proofSince)}`,
} as const;
/** What was consented to, when that need not be proved any more: the consent ends with it. */
const deleteConsents = statement({
  name: 'delete-consents-of-person',
  values: unprotectedConsent.values,
  sql: ($) => `delete from consent where ${unprotectedConsent.where('consent', $)}`,
});
const findConsentEvents = statement({
  name: 'find-consent-events-of-person',
  values: unprotectedConsent.values,
  columns: { id: 'int8' },
  sql: ($) => `select id from consent_event where ${unprotectedConsent.where('consent_event', $)}`,
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
const findAuditElsewhere = statement({
  name: 'find-audit-of-person',
  values: { msisdn: 'text' },
  columns: { id: 'int8' },
  sql: ($) => `select id from audit_entry where target_account_id is null and ${auditNames($.msisdn)}`,
});

const lockConversations = statement({
  name: 'lock-conversations-of-person',
  values: { msisdn: 'text' },
  columns: columnsOf('Conversation', 'accountId'),
  sql: ($) => `
    select account_id as "accountId" from conversation where msisdn = ${$.msisdn}
    order by sender_number, account_id for update`,
});
/** Where an SMS waits to leave, or a question for a YES. */
const findWaiting = statement({
  name: 'find-accounts-that-wait-for-person',
  values: { accountIds: 'int4[]', msisdn: 'text' },
  columns: columnsOf('Account', 'id'),
  sql: ($) => `
    select account_id as id from message
    where account_id = any (${$.accountIds}) and msisdn = ${$.msisdn} and next_attempt_at is not null
    union
    select account_id from removal_request
    where account_id = any (${$.accountIds}) and msisdn = ${$.msisdn} and finished_at is null`,
});
const deleteConversations = statement({
  name: 'erase-conversations-of-person',
  values: { accountIds: 'int4[]', msisdn: 'text' },
  sql: ($) => `
    delete from conversation where msisdn = ${$.msisdn} and account_id = any (${$.accountIds})`,
});

/**
 * Erases what says whose a reply is, but where one is waited for. What is accepted meanwhile waits for the
 * lock, and is there afterwards.
 */
async function eraseConversations(client: PoolClient, msisdn: string): Promise<number> {
  const locked = new Set((await lockConversations.all(client, { msisdn })).map(({ accountId }) => accountId));
  const waiting = await findWaiting.all(client, { accountIds: [...locked], msisdn });
  for (const { id } of waiting) locked.delete(id);
  return deleteConversations.run(client, { accountIds: [...locked], msisdn });
}

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
    erased += await eraseInAccount(pool, { accountId, ...values }, (client, count) =>
      recordErasure(client, scope, before, { accountId, reason, erased: count, kept }),
    );
  }
  const accountIds = before.accounts.map(({ accountId }) => accountId);
  erased += await withTransaction(pool, async (client) => {
    if (await isHeldNow(client, { msisdn, accountIds: [] })) return 0;
    // One that holds all of an account's data holds what says whose a reply is, too.
    const isAnyHeld = await isHeldNow(client, { msisdn, accountIds });
    const entries = await findAuditElsewhere.all(client, { msisdn });
    let count = await eraseFound(client, entries, { ...values, accountId: 0, history: 'audit_entry' });
    if (!isAnyHeld) {
      count += await eraseConversations(client, msisdn);
      for (const one of eraseElsewhere) count += await one.run(client, { msisdn });
    }
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

interface InAccount {
  accountId: number;
  msisdn: string;
  words: string;
  now: Date;
  proofSince: Date;
}

/**
 * What is done in an account, in this order, each answering with how many rows: in one transaction, but on a
 * cluster in one each, where the owner, as whom histories are erased, and the program do not write beside
 * each other. Histories come first, so that what is cut short is found again.
 */
const partsOfErasing = [
  async (client: PoolClient, { accountId }: InAccount): Promise<number> => {
    // What is still to be told of them waits as a delivery, and not in the rows that are written over here.
    await expandAccount(client, accountId);
    return 0;
  },
  async (client: PoolClient, values: InAccount): Promise<number> => {
    const isFree = !(await isProtected.only(client, values)).is;
    const found: { history: string; ids: { id: string }[] }[] = [];
    for (const { history, find } of isFree ? histories : []) {
      found.push({ history, ids: await find.all(client, values) });
    }
    found.push({ history: 'consent_event', ids: await findConsentEvents.all(client, values) });
    let count = 0;
    for (const { history, ids } of found) count += await eraseFound(client, ids, { ...values, history });
    return count;
  },
  async (client: PoolClient, values: InAccount): Promise<number> => {
    const messages = await eraseMessages.all(client, values);
    let count = messages.length;
    const ids = messages.flatMap(({ batchId }) => batchId ?? []);
    count += await eraseBatches.run(client, { ...values, ids });
    count += await eraseReplies.run(client, values);
    count += await eraseNotices.run(client, values);
    count += await eraseEmails.run(client, values);
    count += await eraseLists.run(client, values);
    count += await eraseDeliveries.run(client, values);
    if (!(await isProtected.only(client, values)).is) count += await eraseRequests.run(client, values);
    count += await deleteConsents.run(client, values);
    return count;
  },
];

/** @param record what was done, with how many rows, in the transaction that does the last of it */
async function eraseInAccount(
  pool: Pool,
  values: InAccount,
  record: (client: PoolClient, count: number) => Promise<void>,
): Promise<number> {
  const { accountId, msisdn } = values;
  const groups = (await liesApart(pool)) ? partsOfErasing.map((part) => [part]) : [partsOfErasing];
  let count = 0;
  for (const [place, parts] of groups.entries()) {
    const before = count;
    const done = await withTransaction(pool, async (client) => {
      if (await isHeldNow(client, { msisdn, accountIds: [accountId] })) return null;
      let sum = before;
      for (const part of parts) sum += await part(client, values);
      if (place === groups.length - 1) await record(client, sum);
      return sum;
    });
    if (done === null) break;
    count = done;
  }
  return count;
}

/** Rows of a history that were found, with the number. */
function eraseFound(
  client: PoolClient,
  found: readonly { id: string }[],
  { history, accountId, words }: { history: string; accountId: number; words: string },
): Promise<number> {
  return eraseHistory(client, { history, accountId, words, ids: found.map(({ id }) => id), numberToo: true });
}

function recordErasure(
  client: PoolClient,
  scope: StaffScope,
  { mark }: PersonFinding,
  { accountId, ...details }: { accountId: number | null; reason: string; erased: number; kept: KeptReason[] },
): Promise<void> {
  return recordAudit(client, scope, { action: 'person.erase', target: `Number ${mark}`, accountId, details });
}
