/**
 * The gate: the one definition of "blocked". A message meets it twice, when it is accepted
 * (lib/messages/commands.ts) and when it is dispatched (lib/messages/claim.ts), both times inside the statement that
 * decides its fate, so there is no moment between looking and acting.
 *
 * A confirmation or consent SMS passes the block of its own episode, and no other.
 *
 * @param message alias of a row with account_id, msisdn, kind and episode_id
 * @returns an SQL condition, true when the message must not go out
 */
export function isBlockedSql(message: string): string {
  return `exists (
    select from opt_out
    where opt_out.account_id = ${message}.account_id
      and opt_out.msisdn = ${message}.msisdn
      and (${message}.kind = 'NORMAL' or ${message}.episode_id is distinct from opt_out.id)
  )`;
}

/** Why a blocked message did not go out, as the customer reads it. */
export const blockedReason = 'Opted out: this number is on your Auto Opt-Outs list.';
