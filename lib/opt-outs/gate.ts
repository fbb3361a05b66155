/**
 * The gate: the one definition of what must not go out. A message meets it twice, when it is accepted
 * (lib/messages/commands.ts) and when it is dispatched (lib/messages/claim.ts), both times inside the
 * statement that decides its fate, so there is no moment between looking and acting.
 *
 * It has two reasons: an opt-out ({@link isBlockedSql}) and an account that is a trial
 * ({@link isBeyondTrialSql}).
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

/**
 * A trial account writes to the one number that its owner has confirmed. Its confirmations pass: whoever asks
 * to be left alone is told that they are, whoever they are.
 *
 * @param message alias of a row with msisdn, kind and its account's trial_msisdn
 */
export function isBeyondTrialSql(message: string): string {
  return `coalesce(${message}.trial_msisdn <> ${message}.msisdn and ${message}.kind <> 'CONFIRMATION', false)`;
}

/** Why a trial's message did not go out; the code is what programs look for. */
export const trialReason =
  'TRIALNOT2SELF: A trial account sends only to its owner’s own, confirmed number. Ask us to make it a full account.';

/**
 * What holds a message back; null when nothing does.
 *
 * @param optedOut, trial SQL of the two reasons
 */
export function blockReasonSql(message: string, optedOut: string, trial: string): string {
  return `case when ${isBlockedSql(message)} then ${optedOut} when ${isBeyondTrialSql(message)} then ${trial} end`;
}
