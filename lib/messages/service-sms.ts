import type { Pool, PoolClient } from 'pg';
import { providerAccountId } from '@/lib/auth/provider-account';
import { statement } from '@/lib/db/statement';
import { tellAccounts, tellUrgent } from '@/lib/events/account-changes';
import { isBlockedSql } from '@/lib/opt-outs/gate';
import { keepConversations } from './conversations';
import { deriveSecret } from '@/lib/secrets/derive';
import { secretPurposes, type CodePurpose } from '@/lib/secrets/purposes';
import { measureText } from '@/lib/sms/segments';

/** Where the code stands in the text as it is kept: who reads the provider's messages reads no codes. */
export const codePlaceholder = '******';

/** An SMS of the provider's own. */
export interface ServiceSms {
  /** What it is about: the same again is not sent twice. */
  key: string;
  msisdn: string;
  /** One of the sender numbers of the provider's account (`chooseSenders`). */
  sender: string;
  /** Has {@link codePlaceholder} where a code is put in as it leaves. */
  text: string;
}

/** The key of an SMS with the code of a secret. */
export function composeCodeKey(purpose: CodePurpose, secretId: string): string {
  return `code:${purpose}:${secretId}`;
}

const insertSms = statement({
  name: 'queue-service-sms',
  values: {
    accountId: 'int4',
    key: 'text',
    text: 'text',
    segments: 'int2',
    msisdn: 'text',
    sender: 'text',
  },
  columns: { id: 'Message.id', status: 'Message.status' },
  sql: ($) => `
    with batch as (
      insert into message_batch (account_id, idempotency_key, text) values (${$.accountId}, ${$.key}, ${$.text})
      on conflict (account_id, idempotency_key) do nothing
      returning account_id, id
    ), candidate as (
      select account_id, id as batch_id, ${$.msisdn} as msisdn, 'SERVICE'::message_kind as kind, null::bigint as episode_id
      from batch
    ), gated as materialized (
      select candidate.*, ${isBlockedSql('candidate', $.accountId)} as is_blocked, now() as at from candidate
    ), accepted as (
      insert into message (account_id, batch_id, kind, msisdn, sender_number, text, segments, cost, status, priority,
        reason, next_attempt_at, finished_at)
      select account_id, batch_id, kind, msisdn, ${$.sender}, ${$.text}, ${$.segments}, 0,
        case when is_blocked then 'BLOCKED' else 'QUEUED' end::message_status, 0,
        case when is_blocked then 'Opted out: this number has asked for no more SMSs from us.' end,
        case when not is_blocked then at end, case when is_blocked then at end
      from gated
      on conflict do nothing
      returning id, status
    )
    select id, status from accepted`,
});

/**
 * Queues an SMS to somebody about their sign-in, as a message of the provider's own account: free, ahead of
 * others, at any hour, and by the same gate as every message. Whoever has replied STOP to one gets none any
 * more.
 */
export async function queueServiceSms(client: PoolClient, sms: ServiceSms): Promise<void> {
  const { segments } = measureText(sms.text);
  const accepted = await insertSms.one(client, { ...sms, accountId: providerAccountId, segments });
  if (!accepted) return;
  if (accepted.status === 'QUEUED') {
    const { msisdn, sender: senderNumber } = sms;
    await keepConversations(client, providerAccountId, [{ msisdn, senderNumber, id: accepted.id }]);
  }
  await tellAccounts(client, [providerAccountId], ['messages']);
  await tellUrgent(client, [providerAccountId]);
}

const findKeys = statement({
  name: 'find-keys-of-service-sms',
  values: { accountId: 'int4', batchIds: 'int8[]' },
  columns: { id: 'MessageBatch.id', key: 'MessageBatch.idempotencyKey' },
  sql: ($) => `select id, idempotency_key as key from message_batch
    where account_id = ${$.accountId} and id = any (${$.batchIds})`,
});

/**
 * Puts the codes into messages that are about to leave; those of customers have none, and cost nothing here.
 */
export async function fillCodes<Row extends { kind: string; batchId: string | null; text: string }>(
  pool: Pool,
  accountId: number,
  rows: readonly Row[],
): Promise<Row[]> {
  const batchIds = rows.flatMap(({ kind, batchId: id }) => (kind === 'SERVICE' && id !== null ? [id] : []));
  if (batchIds.length === 0) return [...rows];
  const keys = new Map((await findKeys.all(pool, { accountId, batchIds })).map(({ id, key }) => [id, key]));
  return rows.map((row) => {
    if (row.kind !== 'SERVICE' || !row.text.includes(codePlaceholder)) return row;
    const [, purpose = '', secretId] =
      /^code:([a-z-]+):([0-9a-f-]{36})$/.exec(keys.get(row.batchId ?? '') ?? '') ?? [];
    if (secretId === undefined || !isCodePurpose(purpose)) throw new Error('A code has lost its secret.');
    return { ...row, text: row.text.replace(codePlaceholder, deriveSecret(purpose, secretId)) };
  });
}

function isCodePurpose(purpose: string): purpose is CodePurpose {
  return Object.hasOwn(secretPurposes, purpose) && secretPurposes[purpose as CodePurpose].kind === 'code';
}
