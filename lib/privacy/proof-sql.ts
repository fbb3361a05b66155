import { evidenceFieldSql } from '@/lib/opt-outs/evidence';

/*
 * What proves an opt-out, as SQL: kept while the block lasts, and for a term after. Each names account and
 * number, and is one look into an index.
 */

interface NumberSql {
  accountId: string;
  msisdn: string;
}

/**
 * Whether what proves something of this number must be kept: a block is in force, or something happened
 * within the term.
 */
export function isProtectedSql({ accountId, msisdn }: NumberSql, proofSince: string): string {
  // under names of their own: the row that is asked about may be of the same table
  const ofNumber = (table: string) => `${table}.account_id = ${accountId} and ${table}.msisdn = ${msisdn}`;
  return `(
    exists (select 1 from opt_out as own_block where ${ofNumber('own_block')})
    or exists (
      select 1 from opt_out_event as own_event
      where ${ofNumber('own_event')} and own_event.created_at >= ${proofSince})
    or exists (
      select 1 from removal_request as own_request
      where ${ofNumber('own_request')}
        and (own_request.finished_at is null or own_request.finished_at >= ${proofSince}))
  )`;
}

/**
 * Whether what proves a consent of this number must be kept: something of it happened within the term, which
 * is that of an opt-out.
 */
export function isConsentProtectedSql({ accountId, msisdn }: NumberSql, proofSince: string): string {
  return `exists (
    select 1 from consent_event as own_consent
    where own_consent.account_id = ${accountId} and own_consent.msisdn = ${msisdn} and own_consent.created_at >= ${proofSince})`;
}

/** Whether a reply began, confirmed or ended a block; by the value of its account where that is known. */
export function isProofReplySql(reply: string, accountId = `${reply}.account_id`): string {
  const ofNumber = (table: string) =>
    `${table}.account_id = ${accountId} and ${table}.msisdn = ${reply}.msisdn`;
  return `(
    exists (select 1 from opt_out where ${ofNumber('opt_out')} and opt_out.reply_id = ${reply}.id)
    or exists (
      select 1 from opt_out_event
      where ${ofNumber('opt_out_event')} and ${evidenceFieldSql('opt_out_event.evidence', 'replyId')} = ${reply}.id::text)
    or exists (
      select 1 from removal_request where ${ofNumber('removal_request')} and removal_request.answer_reply_id = ${reply}.id)
  )`;
}

/**
 * Whether a message is a confirmation or a consent SMS, or was answered by a reply that proves something; by
 * the value of its account where that is known.
 */
export function isProofMessageSql(message: string, accountId = `${message}.account_id`): string {
  return `(
    ${message}.episode_id is not null
    or exists (
      select 1 from reply
      where reply.account_id = ${accountId} and reply.msisdn = ${message}.msisdn
        and reply.message_id = ${message}.id and ${isProofReplySql('reply', accountId)})
  )`;
}
