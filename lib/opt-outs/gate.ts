/**
 * The gate: the one definition of what must not go out. A message meets it twice, when it is accepted
 * (lib/messages/commands.ts) and when it is dispatched (lib/messages/claim.ts), both times inside the
 * statement that decides its fate, so there is no moment between looking and acting.
 *
 * It has five reasons: an opt-out ({@link isBlockedSql}), one of another account of the same family whose
 * main account wants that honoured ({@link isBlockedElsewhereSql}), an account that is a trial
 * ({@link isBeyondTrialSql}), and, of marketing alone, the national registry ({@link isOnRegistrySql}) and
 * an account that may not send any ({@link marketingStopSql}).
 *
 * A confirmation or consent SMS passes the block of its own episode, and no other of its account.
 *
 * @param message alias of a row with msisdn, kind and episode_id
 * @param accountId SQL of whose it is, a value of the statement
 * @returns an SQL condition, true when the message must not go out
 */
export function isBlockedSql(message: string, accountId: string): string {
  return `exists (
    select from opt_out
    where opt_out.account_id = ${accountId}
      and opt_out.msisdn = ${message}.msisdn
      and (${message}.kind = 'NORMAL' or ${message}.episode_id is distinct from opt_out.id)
  )`;
}

/** Why a blocked message did not go out, as the customer reads it. */
export const blockedReason = 'Opted out: this number is on your Auto Opt-Outs list.';

/**
 * The other accounts of a family, main account and sub-accounts, whose opt-outs block an account's messages
 * too; null when its main account has not chosen that. It is read in the transaction that decides, so that
 * the choice is in force for all that begins after its commit.
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
 * @param message alias of a row with msisdn and kind
 * @param honoured SQL of the accounts, as {@link honouredAccountsSql} has them, a value of the statement
 */
export function isBlockedElsewhereSql(message: string, honoured: string): string {
  return `(${message}.kind = 'NORMAL' and exists (
    select from opt_out
    where opt_out.account_id = any (${honoured}) and opt_out.msisdn = ${message}.msisdn
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

/**
 * Whether a number is on the national opt-out registry, for the whole industry or for an account: true or
 * null. With a limit it stays one probe of the primary key for each number: made a hash of, it would read all
 * of the registry. "+ 0" keeps the marketer out of the probe, which would be two.
 *
 * @param msisdn SQL of the number
 * @param accountId SQL of the account, a value of the statement
 */
export function hasRegistryEntrySql(msisdn: string, accountId: string): string {
  return `(
    select true from registry_entry
    where registry_entry.msisdn = ${msisdn} and registry_entry.marketer_id + 0 in (0, ${accountId})
    limit 1
  )`;
}

/**
 * Whether a message is marketing to somebody who is on the registry. Nobody looks up what is no marketing.
 *
 * @param message alias of a row with msisdn and purpose
 * @param accountId SQL of whose it is, a value of the statement
 */
export function isOnRegistrySql(message: string, accountId: string): string {
  return `(${message}.purpose = 'MARKETING' and ${hasRegistryEntrySql(`${message}.msisdn`, accountId)})`;
}

/** Why marketing did not go out to somebody who is on the registry. */
export const registryReason =
  'On the national opt-out registry: whoever is may not be sent marketing. Service messages still go out.';

/** Why an account may send no marketing: its registration is missing or has ended; its cleansing is. */
export type MarketingStop = 'REGISTRATION' | 'CLEANSING';

/**
 * What keeps all marketing of an account from going out; null: nothing. One value for an account and a
 * batch, read in the transaction that decides (family-queries.ts), so that it costs nothing for a message.
 *
 * Marketers register each year and cleanse their lists each month (Consumer Protection Act regulations of
 * 2026). An account that has done neither is stopped only from the day on which the provider requires it; one
 * that has begun to is held to it. An answer for the whole industry is a cleansing of everyone.
 *
 * @param accountId SQL of the account's id
 * @param at SQL of the moment; its day is that of South Africa
 */
export function marketingStopSql(accountId: string, at: string): string {
  return `(
    select case
      when coalesce(account.registration_ends_on < today, registration_required_from <= today) then 'REGISTRATION'
      when (account.cleansed_on is not null or cleansing_required_from <= today)
        and coalesce(greatest(account.cleansed_on, industry_cleansed_on) < today - cleansing_days, true) then 'CLEANSING'
    end
    from account, platform_setting, (select (${at} at time zone 'Africa/Johannesburg')::date as today) as calendar
    where account.id = ${accountId}
  )`;
}

/** Why marketing of an account that may send none did not go out. */
export const marketingStopReasons: Record<MarketingStop, string> = {
  REGISTRATION:
    'Marketing is stopped: the account’s registration as a direct marketer is missing or has ended. Service messages still go out.',
  CLEANSING:
    'Marketing is stopped: the account’s last cleansing against the national opt-out registry is missing or too old. Service messages still go out.',
};

/** The values of {@link blockReasonTypes}. */
export function composeBlockReasons(stop: MarketingStop | null) {
  return {
    blocked: blockedReason,
    trial: trialReason,
    registry: registryReason,
    stopped: stop && marketingStopReasons[stop],
  };
}

/** The types of what the reasons say, in the values of a statement with {@link blockReasonSql}. */
export const blockReasonTypes = {
  blocked: 'text',
  trial: 'text',
  registry: 'text',
  stopped: 'text?',
} as const;

/** What a statement of an account that honours opt-outs of others has besides. */
export const familyReasonTypes = { blockedElsewhere: 'text', honoured: 'int4[]' } as const;

/** The values of {@link familyReasonTypes}. */
export function composeFamilyReasons(honoured: readonly number[]) {
  return { blockedElsewhere: blockedElsewhereReason, honoured };
}

type ReasonPlaces = { accountId: string } & Record<keyof typeof blockReasonTypes, string>;
export type FamilyPlaces = Record<keyof typeof familyReasonTypes, string>;

/**
 * What holds a message back; null when nothing does.
 *
 * @param $ SQL of the reasons, and of whose it is
 * @param family SQL of {@link familyReasonTypes}, of an account that honours opt-outs of others
 */
export function blockReasonSql(message: string, $: ReasonPlaces, family?: FamilyPlaces): string {
  const elsewhere = family
    ? `when ${isBlockedElsewhereSql(message, family.honoured)} then ${family.blockedElsewhere}::text`
    : '';
  return `case when ${isBlockedSql(message, $.accountId)} then ${$.blocked}::text
    ${elsewhere}
    when ${isBeyondTrialSql(message)} then ${$.trial}::text
    when ${isOnRegistrySql(message, $.accountId)} then ${$.registry}::text
    when ${message}.purpose = 'MARKETING' then ${$.stopped}::text end`;
}
