import type { Pool, PoolClient } from 'pg';
import { typed } from '@/lib/db/sql-types';
import { columnsOf, statement } from '@/lib/db/statement';
import { AppError } from '@/lib/http/app-error';
import type { OptOutKind } from '@/lib/opt-outs/schema';
import { refuseRequest } from './refusals';
import { isOpen, openStates, requestableKinds, type Refused, type RemovalRequestState } from './schema';

/** What stands in the way of a request, or speaks for it. */
export interface Subject {
  account: { name: string; consentText: string | null; trialMsisdn: string | null };
  optOut: { id: string; kind: OptOutKind } | null;
  open: { id: string; state: RemovalRequestState; at: Date } | null;
  /** The request of this episode whose consent SMS was handed over, or is queued. */
  asked: { id: string; state: RemovalRequestState; at: Date } | null;
}

export const lockBlock = statement({
  name: 'lock-requested-block',
  values: { accountId: 'int4', msisdn: 'text' },
  columns: columnsOf('OptOut', 'id'),
  sql: ($) => `select id from opt_out where account_id = ${$.accountId} and msisdn = ${$.msisdn} for update`,
});

/** Reads it, and holds the block, so that nothing of it changes before the transaction ends. */
export async function lockSubject(client: PoolClient, accountId: number, msisdn: string): Promise<Subject> {
  for (;;) {
    const held = await lockBlock.one(client, { accountId, msisdn });
    const subject = await readSubject(client, accountId, msisdn);
    // A block that began between the two is not held yet: a correction could take it from under the request.
    if (subject.optOut === null || subject.optOut.id === held?.id) return subject;
  }
}

interface FoundRequest {
  id: string;
  state: RemovalRequestState;
  asked: boolean;
  at: string;
}

const findSubject = statement({
  name: 'read-request-subject',
  values: { accountId: 'int4', msisdn: 'text' },
  columns: {
    ...columnsOf('Account', 'name', 'consentText', 'trialMsisdn'),
    optOutId: 'OptOut.id?',
    kind: 'OptOut.kind?',
    requests: typed<FoundRequest[] | null>('json'),
  },
  sql: ($) => `
    select account.name, account.consent_text as "consentText", account.trial_msisdn as "trialMsisdn", opt_out.id as "optOutId", opt_out.kind,
      (select json_agg(json_build_object('id', id::text, 'state', state, 'at', created_at,
          'asked', episode_id = opt_out.id and consent_message_id is not null) order by id desc)
       from removal_request
       where account_id = ${$.accountId} and msisdn = ${$.msisdn}
         and (state in (${openStates.map((state) => `'${state}'`).join(', ')}) or episode_id = opt_out.id)) as requests
    from account left join opt_out on opt_out.account_id = account.id and opt_out.msisdn = ${$.msisdn}
    where account.id = ${$.accountId}`,
});

export async function readSubject(
  db: Pool | PoolClient,
  accountId: number,
  msisdn: string,
): Promise<Subject> {
  const row = await findSubject.one(db, { accountId, msisdn });
  if (!row) throw new AppError('no-account', `There is no account ${accountId}.`);
  const { name, consentText, trialMsisdn, optOutId, kind } = row;
  const requests = (row.requests ?? []).map((request) => ({ ...request, at: new Date(request.at) }));
  return {
    account: { name, consentText, trialMsisdn },
    optOut: optOutId !== null && kind !== null ? { id: optOutId, kind } : null,
    open: requests.find(({ state }) => isOpen(state)) ?? null,
    asked: requests.find(({ asked }) => asked) ?? null,
  };
}

/** What whoever asks may go on with. */
interface Askable {
  ok: true;
  account: Subject['account'];
  optOut: NonNullable<Subject['optOut']>;
  /**
   * A request of the public form that nobody has confirmed. It stands in nobody's way: whoever asks next
   * takes it over. The account confirms it by asking itself, and a visitor has its owner sent a new link.
   */
  unconfirmed: { id: string } | null;
}

/**
 * Whether a request can be made now: the one place that says so, for those who ask and for those who are only
 * shown.
 */
export function judgeSubject(subject: Subject, msisdn: string): Askable | Refused {
  const { account, optOut, open, asked } = subject;
  if (!optOut) return refuseRequest('not-opted-out', msisdn);
  if (!(requestableKinds as readonly OptOutKind[]).includes(optOut.kind)) {
    return refuseRequest('own-entry', msisdn);
  }
  // The consent SMS would be held back as every other of a trial, and the request would only expire.
  if (account.trialMsisdn !== null && account.trialMsisdn !== msisdn) return refuseRequest('trial', msisdn);
  const unconfirmed = open?.state === 'AWAITING_CONFIRMATION' ? open : null;
  if (open && !unconfirmed) return refuseRequest('already-open', msisdn, open);
  if (asked && !unconfirmed) return refuseRequest('already-asked', msisdn, asked);
  return { ok: true, account, optOut, unconfirmed };
}
