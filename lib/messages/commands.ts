import type { Pool, PoolClient } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { isOverdrawn, takeCreditsSql } from '@/lib/credits/ledger';
import { readCredits } from '@/lib/credits/queries';
import { enqueueWarning } from '@/lib/credits/warning-commands';
import { withTransaction } from '@/lib/db/client';
import { idsAreNew } from '@/lib/db/one-server';
import { waitUntilSettledIn } from '@/lib/db/settled';
import { columnsOf, statement, type Places, type RowOf } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { tellAccounts, tellQueued } from '@/lib/events/account-changes';
import { AppError } from '@/lib/http/app-error';
import { readGate, type GateOfAccount } from '@/lib/opt-outs/family-queries';
import {
  blockedReason,
  blockedElsewhereSql,
  blockReasonSql,
  blockReasonTypes,
  composeBlockReasons,
  composeFamilyReasons,
  familyReasonTypes,
  marketingStopReasons,
  type FamilyPlaces,
} from '@/lib/opt-outs/gate';
import { keepConversations } from './conversations';
import { findTextProblem } from './marketing-check';
import { readText } from './read-text';
import { parseMsisdn, type Msisdn } from '@/lib/sms/msisdn';
import {
  maxRecipients,
  type Addressee,
  type MessagePurpose,
  type SendInput,
  type SendRecipientResult,
  type SendRefusal,
  type SendResult,
} from './schema';
import { putOffUnlawful } from './scheduled';
import { chooseSenderNumber, hasChoice, type LiveConversation, type SenderPool } from './sender-choice';

/**
 * What came of one recipient. `unaffordable`: the credits were used up before its turn; only where that is
 * asked for.
 */
export type BatchRecipient = Omit<SendRecipientResult, 'outcome'> & {
  outcome: SendRecipientResult['outcome'] | 'unaffordable';
  /** Of what was queued. */
  messageId: string | null;
};

export type BatchResult =
  | {
      ok: true;
      batchId: string;
      creditsCharged: number;
      creditsLeft: number;
      /** Whole credits for each recipient who was queued. */
      creditsEach: number;
      recipients: BatchRecipient[];
    }
  | { ok: false; reason: SendRefusal; message: string; recipients: BatchRecipient[] };

interface AcceptOptions {
  /** When the credits are too few for all, send to the first of them instead of to nobody. */
  isPartial?: boolean;
  /** The number of the account's own that it must leave from; null: chosen for each recipient. */
  senderNumber?: string | null;
  /** Marketing of an account that may send none is refused as a whole, instead of blocked for each. */
  refusesStopped?: boolean;
}

/**
 * Accepts one text for up to 1,000 recipients: validates and normalises, applies the gate, charges credits
 * and queues, all or nothing in one statement. A blocked recipient is stored as BLOCKED with the reason,
 * costs nothing and stops nobody else; an invalid or repeated one is reported and left out.
 *
 */
export async function acceptBatch(
  pool: Pool,
  scope: AccountScope,
  input: SendInput,
  { isPartial = false, senderNumber = null, refusesStopped = false }: AcceptOptions = {},
): Promise<BatchResult> {
  const { recipients, valid } = readRecipients(input.recipients);
  const wrongCount = refuseCount(input.recipients.length);
  if (wrongCount) return { ok: false, ...wrongCount, recipients };
  const read = readText(input.text);
  if (!read.ok) return { ...read, recipients };
  if (valid.length === 0) return { ok: false, ...noneValid, recipients };

  const { text, segments } = read;
  const addressees = await chooseSenders(pool, scope, valid, senderNumber);
  const stored = await storeBatch(pool, scope, {
    text,
    segments,
    addressees,
    idempotencyKey: input.idempotencyKey,
    sendAt: input.sendAt ?? null,
    purpose: input.purpose ?? null,
    isPartial,
    refusesStopped,
  });
  if (!stored.ok) return { ok: false, ...stored.refusal, recipients };

  for (const recipient of recipients) {
    if (recipient.outcome !== 'queued' || recipient.msisdn === null) continue;
    const reason = stored.blocked.get(recipient.msisdn);
    recipient.messageId = stored.queued.get(recipient.msisdn) ?? null;
    if (reason !== undefined) {
      recipient.outcome = 'blocked';
      recipient.reason = reason;
    } else if (recipient.messageId === null) recipient.outcome = 'unaffordable';
  }
  const { batchId, creditsCharged, creditsLeft } = stored;
  return { ok: true, batchId, creditsCharged, creditsLeft, creditsEach: segments, recipients };
}

/** The same for a person, all or nothing: with counts of what came of the recipients. */
export async function acceptMessages(
  pool: Pool,
  scope: AccountScope,
  input: SendInput,
  options: Pick<AcceptOptions, 'refusesStopped'> = {},
): Promise<SendResult> {
  const result = await acceptBatch(pool, scope, input, options);
  const recipients = result.recipients.map(
    ({ input, msisdn, outcome, reason }) => ({ input, msisdn, outcome, reason }) as SendRecipientResult,
  );
  if (!result.ok) return { ok: false, reason: result.reason, message: result.message, recipients };
  const count = (outcome: SendRecipientResult['outcome']) =>
    recipients.filter((recipient) => recipient.outcome === outcome).length;
  return {
    ok: true,
    batchId: result.batchId,
    queued: count('queued'),
    blocked: count('blocked'),
    invalid: count('invalid'),
    duplicates: count('duplicate'),
    creditsCharged: result.creditsCharged,
    creditsLeft: result.creditsLeft,
    sendAt: input.sendAt?.toISOString() ?? null,
    recipients,
  };
}

function readRecipients(inputs: readonly string[]): { recipients: BatchRecipient[]; valid: Msisdn[] } {
  const seen = new Set<Msisdn>();
  const recipients = inputs.map((input): BatchRecipient => {
    const parsed = parseMsisdn(input);
    if (!parsed.ok)
      return { input, msisdn: null, outcome: 'invalid', reason: parsed.message, messageId: null };
    if (seen.has(parsed.msisdn)) {
      return {
        input,
        msisdn: parsed.msisdn,
        outcome: 'duplicate',
        reason: 'This number is in the list more than once.',
        messageId: null,
      };
    }
    seen.add(parsed.msisdn);
    return { input, msisdn: parsed.msisdn, outcome: 'queued', reason: null, messageId: null };
  });
  return { recipients, valid: [...seen] };
}

function refuseCount(recipients: number): { reason: SendRefusal; message: string } | null {
  if (recipients === 0)
    return { reason: 'no-recipients', message: 'Enter at least one mobile number to send to.' };
  if (recipients > maxRecipients) {
    return {
      reason: 'too-many-recipients',
      message: `You entered ${recipients.toLocaleString('en-ZA')} numbers. Send to at most 1,000 at a time.`,
    };
  }
  return null;
}

const noneValid = {
  reason: 'no-valid-recipients',
  message: 'None of the numbers can receive an SMS. Correct them and send again.',
} as const satisfies { reason: SendRefusal; message: string };

const findSenders = statement({
  name: 'accept-sender-numbers',
  values: { accountId: 'int4' },
  columns: columnsOf('SenderNumber', 'number', 'accountId'),
  sql: ($) => `
    select number, account_id as "accountId" from sender_number
    where enabled and (account_id is null or account_id = ${$.accountId}) order by number`,
});

const findConversations = statement({
  name: 'accept-conversations',
  values: { recipients: 'text[]', days: 'int4' },
  columns: columnsOf('Conversation', 'msisdn', 'senderNumber', 'accountId', 'lastMessageAt'),
  sql: ($) => `
    select msisdn, sender_number as "senderNumber", account_id as "accountId", last_message_at as "lastMessageAt"
    from conversation
    where msisdn = any (${$.recipients}) and last_message_at > now() - make_interval(days => ${$.days})`,
});

/**
 * The number to send from for each recipient, so that a reply has one owner. Throws an AppError when the
 * account has none.
 *
 * @param only a number of the account's own from which all of them are to be written to; throws an AppError
 *   when it is not that any more
 */
export async function chooseSenders(
  pool: Pool,
  scope: Pick<AccountScope, 'accountId'>,
  recipients: readonly Msisdn[],
  only: string | null = null,
): Promise<Addressee[]> {
  if (only !== null) return useSender(pool, scope, recipients, only);
  const senders = await findSenders.all(pool, { accountId: scope.accountId });
  const senderPool: SenderPool = {
    dedicated: senders.filter(({ accountId }) => accountId !== null).map(({ number }) => number),
    shared: senders.filter(({ accountId }) => accountId === null).map(({ number }) => number),
  };
  const [first] = senders;
  if (first && senders.length === 1)
    return recipients.map((msisdn) => ({ msisdn, senderNumber: first.number }));
  const conversations = hasChoice(senderPool)
    ? await findConversations.all(pool, { recipients, days: env.ATTRIBUTION_WINDOW_DAYS })
    : [];
  const byRecipient = new Map<string, LiveConversation[]>();
  for (const conversation of conversations) {
    const known = byRecipient.get(conversation.msisdn);
    if (known) known.push(conversation);
    else byRecipient.set(conversation.msisdn, [conversation]);
  }
  return recipients.map((msisdn) => {
    const senderNumber = chooseSenderNumber(
      scope.accountId,
      msisdn,
      senderPool,
      byRecipient.get(msisdn) ?? [],
    );
    if (senderNumber === null) {
      throw new AppError(
        'no-sender-number',
        `Account ${scope.accountId} has no sender number to send from.`,
        {
          userMessage: 'Your account has no sender number yet. Please contact support; nothing was sent.',
        },
      );
    }
    return { msisdn, senderNumber };
  });
}

async function useSender(
  pool: Pool,
  { accountId }: Pick<AccountScope, 'accountId'>,
  recipients: readonly Msisdn[],
  senderNumber: string,
): Promise<Addressee[]> {
  const senders = await findSenders.all(pool, { accountId });
  const isOwn = senders.some((one) => one.number === senderNumber && one.accountId === accountId);
  if (!isOwn) {
    throw new AppError('sender-not-available', `Account ${accountId} lacks a sender number it is to use.`, {
      userMessage:
        `The number that this API key sends from, ${senderNumber}, is no longer the account’s. ` +
        'Choose another under Settings, API keys; nothing was sent.',
    });
  }
  return recipients.map((msisdn) => ({ msisdn, senderNumber }));
}

/** The number that an account writes to one recipient from; null when it has none. */
export async function findSender(
  pool: Pool,
  account: Pick<AccountScope, 'accountId'>,
  msisdn: Msisdn,
): Promise<string | null> {
  try {
    const [addressee] = await chooseSenders(pool, account, [msisdn]);
    return addressee?.senderNumber ?? null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'no-sender-number') return null;
    throw error;
  }
}

interface Batch {
  text: string;
  segments: number;
  addressees: readonly Addressee[];
  idempotencyKey: string;
  sendAt: Date | null;
  purpose: MessagePurpose | null;
  isPartial: boolean;
  refusesStopped: boolean;
}

type StoredBatch =
  | {
      ok: true;
      batchId: string;
      /** Why, by number. */
      blocked: ReadonlyMap<string, string>;
      /** Their messages, by number. */
      queued: ReadonlyMap<string, string>;
      creditsCharged: number;
      creditsLeft: number;
    }
  | { ok: false; refusal: { reason: SendRefusal; message: string } };

const storedColumns = {
  batchId: 'MessageBatch.id',
  creditsCharged: 'float8',
  creditsLeft: 'float8',
  blocked: 'text[]',
  /** Why, of each of them. */
  reasons: 'text[]',
  /** Numbers, with commas between them. */
  queued: 'text',
  /** The message of each of them, likewise. */
  messageIds: 'text',
} as const;

const accepting = {
  accountId: 'int4',
  idempotencyKey: 'text',
  userId: 'int4?',
  text: 'text',
  segments: 'int4',
  ...blockReasonTypes,
  sendAt: 'timestamptz?',
  purpose: 'MessagePurpose?',
  recipient: { msisdn: 'text', senderNumber: 'text', place: 'position' },
} as const;

/** SQL of what is affordable of the gated recipients, in their order: a part of the accepting statement. */
const affordableSql = ($: Places<typeof accepting>) => `purse as (
      -- two that send at the same time wait for each other, or each would see enough
      select credits from credit_balance where account_id = ${$.accountId} for update
    ), affordable as (
      select * from (
        select gated.*,
          sum(case when block_reason is null then ${$.segments}::int else 0 end) over (order by place) as spent
        from gated
      ) as counted
      where block_reason is not null or spent <= (select credits from purse)
    )`;

const composeAcceptSql = (
  $: Places<typeof accepting>,
  { isPartial, family }: { isPartial: boolean; family?: FamilyPlaces },
) => `
    with batch as (
      -- from credit_balance: an account without a balance accepts nothing, instead of sending free of charge
      insert into message_batch (account_id, idempotency_key, created_by, text, send_at, purpose)
      select credit_balance.account_id, ${$.idempotencyKey}, ${$.userId}, ${$.text}, ${$.sendAt},
        coalesce(${$.purpose}, account.default_purpose)
      from credit_balance join account on account.id = credit_balance.account_id
      where credit_balance.account_id = ${$.accountId}
      on conflict (account_id, idempotency_key) do nothing
      returning account_id, id, created_at, purpose
    ), candidate as (
      select batch.account_id, batch.id as batch_id, batch.created_at, batch.purpose, recipient.msisdn, recipient.sender_number,
        recipient.place, 'NORMAL'::message_kind as kind, null::bigint as episode_id, account.trial_msisdn
      from batch join account on account.id = batch.account_id, ${$.recipient}
    ), ${family ? `${blockedElsewhereSql('candidate', family.honoured)}, ` : ''}gated as materialized (
      -- or it would be worked out anew wherever it is used: five looks at the gate for each recipient
      select candidate.*, ${blockReasonSql('candidate', $, family)} as block_reason,
        now() as at
      from candidate
    )${isPartial ? `, ${affordableSql($)}` : ''}, accepted as (
      insert into message (account_id, batch_id, kind, purpose, msisdn, sender_number, text, segments, cost, status,
        reason, next_attempt_at, scheduled_at, finished_at, created_at)
      select account_id, batch_id, kind, purpose, msisdn, sender_number, ${$.text}, ${$.segments}::int,
        case when block_reason is null then ${$.segments}::int else 0 end,
        case when block_reason is null then 'QUEUED' else 'BLOCKED' end::message_status,
        block_reason,
        case when block_reason is null then coalesce(${$.sendAt}, at) end,
        case when block_reason is null then ${$.sendAt} end,
        case when block_reason is not null then at end, created_at
      from ${isPartial ? 'affordable' : 'gated'} order by place
      ${idsAreNew}
      returning account_id, id, batch_id, msisdn, cost, status, reason
    ), total as (
      -- one look at what was stored, and in its order: sorting it for each list took PostgreSQL 0.7 ms of a thousand
      select coalesce(sum(cost), 0)::bigint as credits, max(batch_id) as batch_id,
        coalesce(array_agg(msisdn) filter (where status = 'BLOCKED'), '{}') as blocked,
        coalesce(array_agg(reason) filter (where status = 'BLOCKED'), '{}') as reasons,
        -- as texts: with arrays accepting a thousand took 2 % longer
        coalesce(string_agg(msisdn, ',') filter (where status = 'QUEUED'), '') as queued,
        coalesce(string_agg(id::text, ',') filter (where status = 'QUEUED'), '') as message_ids
      from accepted
    ), ${takeCreditsSql({ accountId: $.accountId, from: 'total', kind: 'SEND', entry: { batch_id: 'total.batch_id' } })}
    select batch.id as "batchId", total.credits::float8 as "creditsCharged",
      total.blocked, total.reasons, total.queued, total.message_ids as "messageIds",
      coalesce((select credits from taken), (select credits from credit_balance where account_id = ${$.accountId}))::float8
        as "creditsLeft",
      coalesce((select warns from taken), false) as "warns"
    from batch, total`;

const columnsOfAccepted = { ...storedColumns, warns: 'bool' } as const;

const acceptingInFamily = { ...accepting, ...familyReasonTypes } as const;

/** The statement, and that of an account which honours others' opt-outs. */
const composeAccept = (name: string, isPartial: boolean) => ({
  alone: statement({
    name,
    values: accepting,
    columns: columnsOfAccepted,
    sql: ($) => composeAcceptSql($, { isPartial }),
  }),
  inFamily: statement({
    name: `${name}-in-family`,
    values: acceptingInFamily,
    columns: columnsOfAccepted,
    sql: ($) => composeAcceptSql($, { isPartial, family: $ }),
  }),
});

const acceptAll = composeAccept('accept-messages', false);
/** What the credits are enough for. */
const acceptAffordable = composeAccept('accept-affordable-messages', true);

/**
 * The accepting statement: batch, gate, messages, charge and ledger in one. Only that of an account which
 * honours others' opt-outs looks at rows of another: on a cluster the other runs where the account's rows
 * are. Behind it the conversations, which are by number.
 *
 * The check
 * constraint of credit_balance refuses a charge beyond the balance and undoes the whole; the unique key of
 * message_batch makes a second press of "Send" a look at the first one's result. Another message under the
 * same key is refused: it must not look as if it had been sent.
 */
async function storeBatch(pool: Pool, scope: AccountScope, batch: Batch): Promise<StoredBatch> {
  try {
    const accepted = await withTransaction(pool, async (client) => {
      const gate = await readGate(client, scope, new Date());
      const refusal = findMarketingRefusal(gate, batch);
      if (refusal) return { refusal };
      const done = await accept(client, scope, batch, gate);
      if (!done) return done;
      // of a scheduled one it is kept when that leaves (claim.ts): until then there is nothing to reply to
      if (batch.sendAt === null) await keepAccepted(client, scope, batch, done);
      else await putOffUnlawful(client, scope, { batchId: done.batchId, sendAt: batch.sendAt });
      await tellAccounts(client, [scope.accountId], ['messages', 'credits']);
      await tellQueued(client, [scope.accountId]);
      if (done.warns) await enqueueWarning(client, scope);
      return done;
    });
    if (accepted && 'refusal' in accepted) {
      // What was accepted under this key before that was, and is told again.
      const earlier = await findEarlier(pool, scope, batch);
      return earlier?.isSame ? composeStoredBatch(earlier) : { ok: false, refusal: accepted.refusal };
    }
    if (accepted) return composeStoredBatch(accepted);
    const earlier = await readEarlierBatch(pool, scope, batch);
    return earlier.isSame ? composeStoredBatch(earlier) : { ok: false, refusal: keyUsed };
  } catch (error) {
    if (!isOverdrawn(error)) throw error;
    const credits = await readCredits(pool, scope);
    return {
      ok: false,
      refusal: {
        reason: 'insufficient-credits',
        message:
          `This needs up to ${(batch.segments * batch.addressees.length).toLocaleString('en-ZA')} credits and you ` +
          `have ${credits.toLocaleString('en-ZA')}. Nothing was sent. Top up, shorten the message or send to fewer numbers.`,
      },
    };
  }
}

/** What refuses a batch as a whole, as it is marketing. */
function findMarketingRefusal(
  gate: GateOfAccount,
  { text, purpose, refusesStopped }: Batch,
): { reason: SendRefusal; message: string } | null {
  if ((purpose ?? gate.defaultPurpose) !== 'MARKETING') return null;
  if (refusesStopped && gate.stop !== null) {
    return { reason: 'marketing-stopped', message: `${marketingStopReasons[gate.stop]} Nothing was sent.` };
  }
  const problem = findTextProblem(gate, text);
  return problem === null ? null : { reason: 'marketing-text', message: `${problem} Nothing was sent.` };
}

async function accept(
  client: PoolClient,
  scope: AccountScope,
  batch: Batch,
  { honoured, stop }: GateOfAccount,
): Promise<RowOf<typeof acceptAll.alone> | undefined> {
  const accepts = batch.isPartial ? acceptAffordable : acceptAll;
  const values = {
    accountId: scope.accountId,
    userId: scope.userId,
    idempotencyKey: batch.idempotencyKey,
    text: batch.text,
    segments: batch.segments,
    sendAt: batch.sendAt,
    purpose: batch.purpose,
    recipient: batch.addressees,
    ...composeBlockReasons(stop),
  };
  return honoured
    ? accepts.inFamily.one(client, { ...values, ...composeFamilyReasons(honoured) })
    : accepts.alone.one(client, values);
}

async function keepAccepted(
  client: PoolClient,
  { accountId }: AccountScope,
  batch: Batch,
  accepted: RowOf<typeof acceptAll.alone>,
): Promise<void> {
  const senders = new Map<string, string>(
    batch.addressees.map(({ msisdn, senderNumber }) => [msisdn, senderNumber]),
  );
  const messages = listQueued(accepted).map(([msisdn, id]) => ({
    msisdn,
    senderNumber: senders.get(msisdn) ?? '',
    id,
  }));
  await keepConversations(client, accountId, messages);
}

const keyUsed = {
  reason: 'key-used',
  message:
    'Another message was sent under the same key before, with another text, to other numbers or for another purpose. Nothing was sent now; ' +
    'reload the page and send this as a new message.',
} as const satisfies { reason: SendRefusal; message: string };

function composeStoredBatch(row: Omit<RowOf<typeof acceptAll.alone>, 'warns'>): StoredBatch {
  const { batchId, creditsCharged, creditsLeft, blocked, reasons } = row;
  const why = blocked.map((msisdn, index) => [msisdn, reasons[index] ?? blockedReason] as const);
  return {
    ok: true,
    batchId,
    creditsCharged,
    creditsLeft,
    blocked: new Map(why),
    queued: new Map(listQueued(row)),
  };
}

/** Who was queued, each with their message. */
function listQueued({ queued, messageIds }: Pick<RowOf<typeof acceptAll.alone>, 'queued' | 'messageIds'>) {
  if (queued === '') return [];
  const ids = messageIds.split(',');
  return queued.split(',').map((msisdn, index) => [msisdn, ids[index] ?? ''] as const);
}

const findEarlierBatch = statement({
  name: 'accept-earlier-batch',
  values: {
    accountId: 'int4',
    idempotencyKey: 'text',
    text: 'text',
    recipients: 'text[]',
    sendAt: 'timestamptz?',
    purpose: 'MessagePurpose?',
  },
  columns: { ...storedColumns, isSame: 'bool' },
  sql: ($) => `
    select batch.id as "batchId", credit_balance.credits::float8 as "creditsLeft",
      -- a batch and its messages share one transaction's time; (account_id, created_at) is indexed,
      -- batch_id is not
      array(select msisdn from message where account_id = ${$.accountId} and created_at = batch.created_at
        and batch_id = batch.id and status = 'BLOCKED' order by id) as blocked,
      array(select reason from message where account_id = ${$.accountId} and created_at = batch.created_at
        and batch_id = batch.id and status = 'BLOCKED' order by id) as reasons,
      array_to_string(array(select msisdn from message where account_id = ${$.accountId}
        and created_at = batch.created_at and batch_id = batch.id and status <> 'BLOCKED' order by id), ',') as queued,
      array_to_string(array(select id from message where account_id = ${$.accountId}
        and created_at = batch.created_at and batch_id = batch.id and status <> 'BLOCKED' order by id), ',')
        as "messageIds",
      coalesce((select sum(cost) from message where account_id = ${$.accountId} and created_at = batch.created_at
        and batch_id = batch.id), 0)::float8 as "creditsCharged",
      batch.text = ${$.text} and batch.send_at is not distinct from ${$.sendAt}
        -- one that says nothing of it is the same, whatever the account's default is by now
        and coalesce(${$.purpose} = batch.purpose, true)
        and array(select msisdn from message where account_id = ${$.accountId} and created_at = batch.created_at
          and batch_id = batch.id order by msisdn)
        = array(select msisdn collate "C" from unnest(${$.recipients}::text[]) as recipient (msisdn) order by 1) as "isSame"
    from message_batch as batch
    join credit_balance using (account_id)
    where batch.account_id = ${$.accountId} and batch.idempotency_key = ${$.idempotencyKey}`,
});

/**
 * What the earlier batch with the same idempotency key came to, and whether it was the same text to the same
 * recipients.
 */
async function readEarlierBatch(
  pool: Pool,
  scope: AccountScope,
  batch: Batch,
): Promise<RowOf<typeof findEarlierBatch>> {
  const earlier = await findEarlier(pool, scope, batch);
  if (!earlier) {
    throw new AppError('no-credit-balance', `Account ${scope.accountId} has no credit balance.`, {
      userMessage: 'Your account is not set up for sending yet. Please contact support; nothing was sent.',
    });
  }
  return earlier;
}

async function findEarlier(
  pool: Pool,
  { accountId }: AccountScope,
  { idempotencyKey, text, addressees, sendAt, purpose }: Batch,
): Promise<RowOf<typeof findEarlierBatch> | undefined> {
  const recipients = addressees.map(({ msisdn }) => msisdn);
  const values = { accountId, idempotencyKey, text, sendAt, purpose, recipients };
  const earlier = await findEarlierBatch.one(pool, values);
  // It is called accepted, so whoever replies to it has to be led to the account.
  if (earlier) await waitUntilSettledIn(pool);
  return earlier;
}
