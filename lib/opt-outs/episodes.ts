import { idsAreNew } from '@/lib/db/one-server';
import { tellOptOutsSql } from '@/lib/webhook-events/deliveries';
import { composeEvidenceSql, type EvidenceSql } from './evidence';
import type { OptOutKind } from './schema';
import { tallySql } from './tally';

/**
 * The only place that writes blocks: an episode begins and ends here and nowhere else, each time with its
 * entry in opt_out, its event in the history, the account's tally and its webhook deliveries, one that a
 * reply made with its confirmation SMS, and the end of what its recipient had consented to.
 *
 * These are common table expressions, for statements that do it to a set:
 * `with cause as (…), ${beginSql({…})} select …`. They write of the rows they are given and of no other
 * account or recipient; so whoever embeds them keeps to one account or names the account and the number of
 * every row (docs/decisions/0027-where-a-block-begins-and-ends.md).
 */

/** The rows that something is written about, with SQL of where to read whose they are. */
interface EpisodeRows {
  from: string;
  accountId: string;
  msisdn: string;
  episodeId: string;
}

interface EventSql {
  /** One event each. Not given: the entries. */
  rows?: EpisodeRows;
  /** SQL of "recipient", "user:7", "staff:3" or "system". */
  actor: string;
  /** SQL of what was written down, for people. */
  reason?: string;
  evidence: EvidenceSql;
}

/**
 * What becomes of an entry that is there.
 *
 * - `leave`: nothing; the statement does not hear of it.
 * - `answer`: nothing; it is among the entries, with `is_new` false. "Do nothing" would not answer with it,
 *   even less when another transaction has made it only now.
 * - `lock`: nothing, but it is locked: whoever is undoing it at this moment then either sees this statement's
 *   other writes or has removed it already.
 * - `take-over`: one that no reply made becomes a reply-made one, and is among the entries with `is_new`
 *   false. From then on only the recipient's YES lifts it. It keeps its episode, and this is when its
 *   confirmation is due.
 */
type Meeting = 'leave' | 'answer' | 'lock' | 'take-over';

const meetings: Record<Meeting, string> = {
  leave: 'do nothing',
  answer: 'do update set created_by = opt_out.created_by',
  lock: 'do update set kind = opt_out.kind where false',
  'take-over': `do update
      set kind = excluded.kind, sender_number = excluded.sender_number, reply_id = excluded.reply_id,
        reply_text = excluded.reply_text, rule = excluded.rule
      where opt_out.kind not in ('REPLY', 'SHARED_SENDER')`,
};

/** SQL of the columns of an entry, read from the rows it is made of. */
interface EntrySql {
  accountId: string;
  msisdn: string;
  /** The episode, when it was drawn before. */
  id?: string;
  /** SQL of an {@link OptOutKind}. */
  kind: string;
  createdBy?: string;
  /** Of a reply-made one. `text`: the whole of it. */
  reply?: { id: string; senderNumber: string; text: string; rule: string };
}

interface Beginning {
  /** SQL of whose entries they can be, as a value of the statement: an id, or a list as `any ($2)`. */
  accounts: string;
  /**
   * Names the expression with the entries: account_id, msisdn, id, created_at, is_new. Those of the other
   * expressions begin with it too: `…_tally`, `…_event`, `…_delivery`, `…_confirmation`.
   */
  entries: string;
  entry: EntrySql;
  /**
   * The rows that entries are made of; not given: one, of values. Ordered by the key: two statements that
   * meet then wait for each other and never deadlock.
   */
  from?: string;
  meets: Meeting;
  /** Expressions that read the entries and that the events' rows need. */
  between?: string;
  event: EventSql & { kind?: string };
  /**
   * False: no account of the rows has an endpoint that is told of opt-outs, as this transaction has read, and
   * the webhook deliveries are left out of the statement. What only receiving replies needs to save.
   */
  tellsPrograms?: boolean;
  /** Not given: the block was not the recipient's doing, and nobody is told. */
  confirmation?: ConfirmationSql;
}

/** SQL of what the confirmation SMS is made of, read from the rows of the events. */
interface ConfirmationSql {
  senderNumber: string;
  text: string;
  segments: string;
  dueAt: string;
}

/**
 * Begins episodes: SQL of the entries, those that are new counted in the tally, an event each with its
 * webhook deliveries, and a confirmation SMS each where a reply made them.
 */
export function beginSql({
  accounts,
  entries,
  entry,
  from,
  meets,
  between,
  event,
  tellsPrograms = true,
  confirmation,
}: Beginning): string {
  const columns = Object.entries({
    account_id: entry.accountId,
    msisdn: entry.msisdn,
    id: entry.id,
    kind: entry.kind,
    sender_number: entry.reply?.senderNumber,
    reply_id: entry.reply?.id,
    reply_text: entry.reply && `left(${entry.reply.text}, 1000)`,
    rule: entry.reply?.rule,
    created_by: entry.createdBy,
  }).filter(([, sql]) => sql !== undefined);
  const rows = event.rows ?? rowsOf(`${entries} where is_new`);
  return `${entries} as (
    insert into opt_out (${columns.map(([name]) => name).join(', ')})
    select ${columns.map(([, sql]) => sql).join(', ')} ${from ? `from ${from}` : ''}
    on conflict (account_id, msisdn) ${meetings[meets]}
    returning account_id, msisdn, id, created_at, (xmax = 0) as is_new
  ), ${between ? `${between}, ` : ''}${entries}_tally as (
    ${tallySql(`(select account_id from ${entries} where is_new)`)}
  ), ${entries}_event as (
    ${eventSql(rows, event.kind ?? `'OPTED_OUT'`, event)}
  )${
    tellsPrograms
      ? `, ${entries}_delivery as (
    ${tellOptOutsSql(`${entries}_event`, accounts)}
  )`
      : ''
  }${confirmation ? `, ${entries}_confirmation as (${confirmationSql(rows, confirmation)})` : ''}, ${withdrawConsentSql(
    entries,
    accounts,
    // one that a reply takes over is the recipient's word of now, whenever the consent was given
    meets === 'take-over' ? 'true' : 'is_new',
    event.actor,
  )}`;
}

/**
 * An opt-out ends what its recipient consented to before, with an event in the story of the consent. Of one
 * account the numbers go in as a list: an import has nested loops switched off, and a join would read all of
 * the account's consents each time. Of many accounts that list would be tried with each of them.
 */
function withdrawConsentSql(entries: string, accounts: string, isWanted: string, actor: string): string {
  const ended = `select account_id, msisdn from ${entries} where ${isWanted}`;
  const isOfMany = accounts.startsWith('any');
  return `${entries}_withdrawn as (
    delete from consent ${isOfMany ? `using (${ended}) as ended` : ''}
    where consent.account_id = ${accounts} and ${
      isOfMany
        ? 'consent.account_id = ended.account_id and consent.msisdn = ended.msisdn'
        : `consent.msisdn = any (array(select msisdn from (${ended}) as ended))`
    }
    returning consent.account_id, consent.msisdn, consent.id, consent.given_at
  ), ${entries}_withdrawal as (
    insert into consent_event (account_id, msisdn, consent_id, kind, actor, evidence)
    select gone.account_id, gone.msisdn, gone.id, 'WITHDRAWN', ${actor},
      jsonb_build_object('givenAt', gone.given_at, 'episodeId', entry.id)
    from ${entries}_withdrawn as gone
    join ${entries} as entry on entry.account_id = gone.account_id and entry.msisdn = gone.msisdn
    ${idsAreNew}
  )`;
}

interface Ending {
  /** SQL of whose entries they can be, as a value of the statement: an id, or a list as `any ($2)`. */
  accounts: string;
  /**
   * Names the expression with the entries that went: account_id, msisdn, id, kind, sender_number, reply_id,
   * reply_text, rule. Those of the other expressions begin with it too: `…_tally`, `…_event`, `…_delivery`.
   */
  entries: string;
  /** Rows to find the entries by. */
  using?: string;
  /** SQL of which entries go. */
  where: string;
  /** The guard: entries of other kinds stay, whoever made them so meanwhile. Not given: any kind. */
  kinds?: readonly OptOutKind[];
  event: EventSql & { kind: 'REMOVED' | 'CORRECTED' };
}

/**
 * Ends episodes: SQL of the entries that go, the tally, and an event each. Lock them in the order of their
 * key before.
 */
export function endSql({ accounts, entries, using, where, kinds, event }: Ending): string {
  const guard = kinds ? `and opt_out.kind in (${kinds.map((kind) => `'${kind}'`).join(', ')})` : '';
  return `${entries} as (
    delete from opt_out ${using ? `using ${using}` : ''}
    where opt_out.account_id = ${accounts} and ${where} ${guard}
    returning opt_out.account_id, opt_out.msisdn, opt_out.id, opt_out.kind, opt_out.sender_number, opt_out.reply_id,
      opt_out.reply_text, opt_out.rule
  ), ${entries}_tally as (
    ${tallySql(entries, 'removed')}
  ), ${entries}_event as (
    ${eventSql(event.rows ?? rowsOf(entries), `'${event.kind}'`, event)}
  ), ${entries}_delivery as (
    ${tellOptOutsSql(`${entries}_event`, accounts)}
  )`;
}

function rowsOf(from: string): EpisodeRows {
  return { from, accountId: 'account_id', msisdn: 'msisdn', episodeId: 'id' };
}

function eventSql(rows: EpisodeRows, kind: string, { actor, reason, evidence }: EventSql): string {
  return `insert into opt_out_event (account_id, msisdn, episode_id, kind, actor, reason, evidence)
    select ${rows.accountId}, ${rows.msisdn}, ${rows.episodeId}, ${kind}, ${actor}, ${reason ?? 'null'},
      ${composeEvidenceSql(evidence)}
    from ${rows.from}
    ${idsAreNew}
    returning account_id, id, kind`;
}

/**
 * The one confirmation SMS of an episode: free, ahead of others, and exempt from the block it announces
 * (lib/opt-outs/gate.ts).
 */
function confirmationSql(
  rows: EpisodeRows,
  { senderNumber, text, segments, dueAt }: ConfirmationSql,
): string {
  return `
    insert into message (account_id, kind, msisdn, sender_number, text, segments, cost, status, priority,
      next_attempt_at, episode_id)
    select ${rows.accountId}, 'CONFIRMATION', ${rows.msisdn}, ${senderNumber}, ${text}, ${segments}, 0, 'QUEUED', 0, ${dueAt},
      ${rows.episodeId}
    from ${rows.from}
    on conflict (account_id, episode_id, kind) where episode_id is not null do nothing
    returning account_id
  `;
}
