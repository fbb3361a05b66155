/**
 * The gate: the one definition of what must not go out. A message meets it twice, when it is accepted
 * (lib/messages/commands.ts) and when it is dispatched (lib/messages/claim.ts), both times inside the
 * statement that decides its fate, so there is no moment between looking and acting.
 *
 * It has five reasons: an opt-out ({@link isBlockedSql}), one of another account of the same family whose
 * main account wants that honoured ({@link isBlockedElsewhereSql}), an account that is a trial
 * ({@link isBeyondTrialSql}), and, of marketing alone, the national registry ({@link isOnRegistrySql}) and
 * an account that may not send any ({@link marketingStopSql}).
 * Against the registry, and nothing else, consent may stand ({@link isConsentStandingSql}). A claim has one
 * reason more where the account has set it: its cap on marketing to one number ({@link isOverCapSql}), whose
 * seven days are counted at dispatch, of a message that was scheduled too.
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
 * SQL of the expression of "with" that {@link isBlockedElsewhereSql} looks into: who of a set of messages
 * has opted out of another account of the family. Read once for all of them: the rows of several accounts
 * lie apart on a cluster, which does not compare each message with them.
 *
 * @param from name of the expression with the messages, with msisdn
 * @param honoured SQL of the accounts, as {@link honouredAccountsSql} has them, a value of the statement
 */
export function blockedElsewhereSql(from: string, honoured: string): string {
  return `blocked_elsewhere as materialized (
      select opt_out.msisdn from opt_out
      where opt_out.account_id = any (${honoured}) and opt_out.msisdn = any (array(select ${from}.msisdn from ${from}))
    )`;
}

/**
 * Whether an opt-out of another account of the family holds a message back, behind
 * {@link blockedElsewhereSql}. A confirmation passes, since each episode has one; so does a consent SMS, or
 * of two blocks of a family neither could ever be lifted.
 *
 * @param message alias of a row with msisdn and kind
 */
export function isBlockedElsewhereSql(message: string): string {
  return `(${message}.kind = 'NORMAL' and ${message}.msisdn in (select msisdn from blocked_elsewhere))`;
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

/**
 * The moment from which on the registry has not changed, and consent has not begun to count less, with a day
 * of margin for clocks that step. Whoever was accepted later met, at acceptance, every entry that there is,
 * so that a claim need not look again. Null: it must, as an answer is being put in force, consent stands, or
 * nothing is known of any answer. For whoever reads the gate in the transaction that claims.
 */
export const registrySettledSql = `(
    select case when not consent_stands and answer.rests
      then greatest(answer.ended_at, consent_changed_at) + interval '1 day' end
    from platform_setting, (
      select max(finished_at) as ended_at, count(*) filter (where state in ('QUEUED', 'RUNNING')) = 0 as rests
      from registry_import having max(finished_at) is not null
    ) as answer
  )`;

/** What a claim has besides: null, or {@link registrySettledSql}. */
export const settledTypes = { registrySettledAt: 'timestamptz?' } as const;

/**
 * SQL of the expression of "with" {@link hasComeOntoRegistrySql} looks into: who of a claim's marketing is on
 * the registry. All of them are looked up at once, when the first of them is asked about, which takes a
 * claim of a thousand 3 % less than a look for each (docs/decisions/0069-speed-of-the-gate.md). Of what was
 * accepted since the registry rests, nobody asks. The numbers are an array, so that the planner goes down the
 * key for each and never reads all of it.
 *
 * @param from SQL of the messages of the claim, with msisdn, purpose and created_at
 */
export function listedSql(from: string, $: { accountId: string; registrySettledAt: string }): string {
  return `listed as (
      select registry_entry.msisdn from registry_entry
      where registry_entry.msisdn = any (array(
          select due.msisdn from ${from} as due
          where due.purpose = 'MARKETING'
            and (${$.registrySettledAt}::timestamptz is null or due.created_at < ${$.registrySettledAt})))
        and registry_entry.marketer_id + 0 in (0, ${$.accountId})
    )`;
}

/**
 * {@link isOnRegistrySql} for a claim. A number that is there by another message of the claim was on the
 * registry for this one too.
 */
export function hasComeOntoRegistrySql(message: string): string {
  return `(${message}.purpose = 'MARKETING' and ${message}.msisdn in (select msisdn from listed))`;
}

/**
 * Whether a consent has been withdrawn by hand as of when it was given, or later: true or null. With a limit
 * it stays one look at an index for each number.
 *
 * @param row alias of a row with msisdn
 * @param givenAt SQL of when the consent was given
 * @param accountId SQL of whose it is, a value of the statement
 */
export function isWithdrawnSinceSql(row: string, givenAt: string, accountId: string): string {
  return `(
    select true from consent_event
    where consent_event.account_id = ${accountId} and consent_event.msisdn = ${row}.msisdn
      and consent_event.kind = 'WITHDRAWN' and (consent_event.evidence ->> 'withdrawnAt')::timestamptz >= ${givenAt}
    limit 1)`;
}

/**
 * Whether marketing leaves to somebody on the registry because they have consented to it, which it does where
 * the staff have set that consent stands; otherwise the registry wins, and no consent is looked up. An
 * opt-out of this account's list that came after the consent has ended it, also one that was lifted since; so
 * has a withdrawal. Both are asked again here, since a consent may be written at the same moment as its end.
 *
 * @param message alias of a row with msisdn
 * @param accountId SQL of whose it is, a value of the statement
 */
function isConsentStandingSql(message: string, accountId: string): string {
  return `((select consent_stands from platform_setting) and exists (
    select from consent
    where consent.account_id = ${accountId} and consent.msisdn = ${message}.msisdn and not exists (
      select from opt_out_event
      where opt_out_event.account_id = ${accountId} and opt_out_event.msisdn = ${message}.msisdn
        and opt_out_event.kind in ('OPTED_OUT', 'CONFIRMED_BY_REPLY') and opt_out_event.created_at >= consent.given_at)
      and ${isWithdrawnSinceSql('consent', 'consent.given_at', accountId)} is null
  ))`;
}

/**
 * SQL of expressions of "with" that write an event for each message that leaves to somebody on the registry
 * because of their consent. One for each message, however often it is claimed. While consent does not stand,
 * nothing is read.
 *
 * @param from SQL of the messages that leave now, with id, msisdn and purpose
 * @param accountId SQL of whose they are, a value of the statement
 */
export function overrideEventSql(from: string, accountId: string): string {
  return `override as (
      insert into consent_event (account_id, msisdn, consent_id, kind, actor, evidence, message_id)
      select ${accountId}, leaving.msisdn, consent.id, 'OVERRODE', 'system',
        jsonb_build_object('givenAt', consent.given_at, 'source', consent.source), leaving.id
      from (${from}) as leaving
      join consent on consent.account_id = ${accountId} and consent.msisdn = leaving.msisdn
      where (select consent_stands from platform_setting) and ${isOnRegistrySql('leaving', accountId)}
      on conflict (account_id, message_id) where message_id is not null do nothing
    )`;
}

/** Why marketing did not go out to somebody who is on the registry. */
export const registryReason =
  'On the national opt-out registry: whoever is may not be sent marketing. Service messages still go out.';

/** The days in which an account's cap on marketing to one number counts. */
const capDays = 7;

/** What a claim of an account with a cap has besides; `cap` is null when the account has none. */
export const capTypes = { cap: 'int4?', overCap: 'text' } as const;

/** The values of {@link capTypes}. */
export function composeCap(cap: number | null) {
  return { cap, overCap: overCapReason };
}

/** Why marketing did not go out to somebody who had got as much as the account wants to send. */
export const overCapReason =
  'Frequency cap: this number has had as many marketing messages in 7 days as your account allows itself.';

/**
 * SQL of the expression of "with" {@link isOverCapSql} looks into: marketing that would be more than the cap.
 * It is worked out only when somebody looks. What has left counts, and what is with a carrier or in doubt;
 * what failed or was blocked does not. A claim holds the account's turn meanwhile (family-queries.ts), so
 * that two at once never count without each other.
 *
 * @param from SQL of the messages of the claim, with id, msisdn, purpose and is_open: it may have left before
 */
export function overCapSql(from: string, $: { accountId: string; cap: string }): string {
  return `over_cap as (
      select id from (
        select due.id, row_number() over (partition by due.msisdn order by due.id) + (
            select count(*) from message as earlier
            where earlier.account_id = ${$.accountId} and earlier.msisdn = due.msisdn and earlier.purpose = 'MARKETING'
              and earlier.status in ('SENDING', 'IN_DOUBT', 'SENT', 'DELIVERED', 'NO_RECEIPT')
              and coalesce(earlier.sent_at, earlier.doubted_at, now()) > now() - interval '${capDays} days'
          ) as place
        from ${from} as due where due.purpose = 'MARKETING' and not due.is_open
      ) as counted where place > ${$.cap}::int
    )`;
}

/**
 * Whether a message is marketing beyond the account's cap. Asked last, of what may leave now: what waits for
 * its hour is asked again then. Without a cap nothing is counted.
 */
export function isOverCapSql(message: string, cap: string): string {
  return `(${cap}::int is not null and ${message}.purpose = 'MARKETING' and ${message}.id in (select id from over_cap))`;
}

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

/** The rules by what a blocked message says: for packs, and where many messages are added up. */
export const ruleLabels: Readonly<Record<string, string>> = {
  [blockedReason]: 'Opt-out list of the account',
  [blockedElsewhereReason]: 'Opt-out of another account of its family',
  [trialReason]: 'Trial account',
  [registryReason]: 'National opt-out registry',
  [marketingStopReasons.REGISTRATION]: 'Registration as a direct marketer',
  [marketingStopReasons.CLEANSING]: 'Cleansing against the registry',
  [overCapReason]: 'Frequency cap of the account',
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
 * @param family SQL of {@link familyReasonTypes}, of an account that honours opt-outs of others; the
 *   statement has {@link blockedElsewhereSql}
 * @param isListed SQL of whether the registry holds it back
 */
export function blockReasonSql(
  message: string,
  $: ReasonPlaces,
  family?: FamilyPlaces,
  isListed = isOnRegistrySql(message, $.accountId),
): string {
  const elsewhere = family
    ? `when ${isBlockedElsewhereSql(message)} then ${family.blockedElsewhere}::text`
    : '';
  return `case when ${isBlockedSql(message, $.accountId)} then ${$.blocked}::text
    ${elsewhere}
    when ${isBeyondTrialSql(message)} then ${$.trial}::text
    when ${isListed}
      and not ${isConsentStandingSql(message, $.accountId)} then ${$.registry}::text
    when ${message}.purpose = 'MARKETING' then ${$.stopped}::text end`;
}
