/**
 * The gate: the one definition of what must not go out. A message meets it twice, when it is accepted
 * (lib/messages/commands.ts) and when it is dispatched (lib/messages/claim.ts), both times inside the
 * statement that decides its fate, so there is no moment between looking and acting.
 *
 * It has three reasons: an opt-out ({@link isBlockedSql}), one of another account of the same family whose
 * main account wants that honoured ({@link isBlockedElsewhereSql}), and an account that is a trial
 * ({@link isBeyondTrialSql}).
 *
 * A confirmation or consent SMS passes the block of its own episode, and no other of its account.
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
 * The other accounts of a family, main account and sub-accounts, whose opt-outs block an account's messages
 * too; null when its main account has not chosen that. It is read in the statement that decides, so that the
 * choice is in force as an opt-out is: for all that begins after its commit.
 *
 * @param accountId SQL of the account's id
 * @returns SQL of an int[], worked out once in a statement
 */
export function honouredAccountsSql(accountId: string): string {
  return `(
    select array_agg(other.id) from account as own
    join account as main on main.id = coalesce(own.parent_account_id, own.id) and main.honours_family_opt_outs
    join account as other on (other.id = main.id or other.parent_account_id = main.id) and other.id <> own.id
    where own.id = ${accountId}
  )`;
}

/**
 * Whether an opt-out of another account of the family holds a message back. A confirmation passes, since each
 * episode has one; so does a consent SMS, or of two blocks of a family neither could ever be lifted.
 *
 * @param message alias of a row with msisdn, kind and honoured ({@link honouredAccountsSql})
 */
export function isBlockedElsewhereSql(message: string): string {
  return `(${message}.honoured is not null and ${message}.kind = 'NORMAL' and exists (
    select from opt_out
    where opt_out.account_id = any (${message}.honoured) and opt_out.msisdn = ${message}.msisdn
  ))`;
}

/** Why a message did not go out whose recipient has opted out of another account of the family. */
export const blockedElsewhereReason =
  'Opted out of another of your accounts: your accounts honour each other’s opt-outs.';

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

/** What the reasons say, for the values of a statement with {@link blockReasonSql}. */
export const blockReasons = {
  blocked: blockedReason,
  blockedElsewhere: blockedElsewhereReason,
  trial: trialReason,
};

/** The types of {@link blockReasons}. */
export const blockReasonTypes = { blocked: 'text', blockedElsewhere: 'text', trial: 'text' } as const;

/**
 * What holds a message back; null when nothing does.
 *
 * @param $ SQL of the reasons
 */
export function blockReasonSql(message: string, $: Record<keyof typeof blockReasons, string>): string {
  return `case when ${isBlockedSql(message)} then ${$.blocked}::text
    when ${isBlockedElsewhereSql(message)} then ${$.blockedElsewhere}::text
    when ${isBeyondTrialSql(message)} then ${$.trial}::text end`;
}
