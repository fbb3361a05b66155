import type { Pool, PoolClient } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { readConsentRecords, readOverriddenMessages } from '@/lib/consents/queries';
import type { ConsentRecord } from '@/lib/consents/schema';
import { withTransaction } from '@/lib/db/client';
import { toPlain } from '@/lib/db/plain';
import { columnsOf, statement, type RowOf } from '@/lib/db/statement';
import { isFirstPartSql } from '@/lib/messages/receipts';
import { readRecipientZones } from '@/lib/messages/recipient-clock';
import { readHoursInForce, type HoursInForce } from '@/lib/platform/settings';
import { readRegistryRecords } from '@/lib/registry/queries';
import type { RegistryRecord } from '@/lib/registry/schema';

/** A period of whole days in a time zone. */
export interface Period {
  /** "2026-11-01" and "2026-11-30", both in it. */
  from: string;
  to: string;
  timeZone: string;
}

/** All that answers a complaint about what an account sent to a number in a period. */
export interface Complaint {
  msisdn: string;
  period: Period;
  /** The latest first; at most as many as were asked for. */
  messages: ComplaintMessage[];
  /** There are earlier ones in the period. */
  isCut: boolean;
  /** The blocks of the number on the account's list; of one in force `endedAt` is null. */
  blocks: { startedAt: string; endedAt: string | null }[];
  registry: RegistryRecord[];
  consents: ConsentRecord[];
  /** Messages that left because of a consent, each with the moment of that. */
  overridden: ReadonlyMap<string, string>;
  cleansings: Cleansing[];
  registrations: Registration[];
  /** The account's own name now, and those that it trades under. */
  names: readonly string[];
  /** Where the recipient's clock is. */
  zones: string[];
  /** Those of marketing that have been in force, the oldest first. */
  hours: [HoursInForce, ...HoursInForce[]];
}

/** A cleansing of the account's, or of everybody by an answer for the whole industry. */
export interface Cleansing {
  /** "2026-11-01" */
  asOf: string;
  name: string;
  inForceAt: string;
  isOfIndustry: boolean;
}

export interface Registration {
  number: string;
  /** The last day on which it is in force. */
  endsOn: string;
  createdAt: string;
}

const findMessages = statement({
  name: 'complaint-messages',
  values: {
    accountId: 'int4',
    msisdn: 'text',
    from: 'date',
    to: 'date',
    timeZone: 'text',
    limit: 'int8',
  },
  columns: {
    ...columnsOf(
      'Message',
      ...(['id', 'kind', 'purpose', 'text', 'senderNumber', 'status', 'reason', 'cost'] as const),
      ...(['createdAt', 'scheduledAt', 'sentAt', 'finishedAt', 'textErasedAt'] as const),
    ),
    isFirstPart: 'bool',
  },
  sql: ($) => `
    with period as materialized (
      select ${$.from}::date::timestamp at time zone ${$.timeZone} as starts,
        (${$.to}::date + 1)::timestamp at time zone ${$.timeZone} as ends
    )
    select id, kind, purpose, text, sender_number as "senderNumber", status, reason, cost, created_at as "createdAt",
      scheduled_at as "scheduledAt", sent_at as "sentAt", finished_at as "finishedAt", text_erased_at as "textErasedAt", ${isFirstPartSql('message')} as "isFirstPart"
    from message, period
    where account_id = ${$.accountId} and msisdn = ${$.msisdn}
      and coalesce(sent_at, finished_at, created_at) >= period.starts and coalesce(sent_at, finished_at, created_at) < period.ends
    order by id desc limit ${$.limit}`,
});

export type ComplaintMessage = ReturnType<typeof toPlain<RowOf<typeof findMessages>>>;

const findBlocks = statement({
  name: 'complaint-blocks',
  values: { accountId: 'int4', msisdn: 'text' },
  columns: { startedAt: 'timestamptz', endedAt: 'timestamptz?' },
  sql: ($) => `
    select min(created_at) as "startedAt", max(created_at) filter (where kind in ('REMOVED', 'CORRECTED')) as "endedAt"
    from opt_out_event where account_id = ${$.accountId} and msisdn = ${$.msisdn}
    group by episode_id order by 1 desc`,
});

const cleansingColumns = { asOf: 'text', name: 'text', inForceAt: 'timestamptz' } as const;

const findCleansings = statement({
  name: 'complaint-cleansings',
  values: { accountId: 'int4' },
  columns: cleansingColumns,
  sql: ($) => `
    select as_of::text as "asOf", name, in_force_at as "inForceAt" from cleansing
    where account_id = ${$.accountId} order by in_force_at desc limit 200`,
});

const findIndustryCleansings = statement({
  name: 'complaint-industry-cleansings',
  columns: cleansingColumns,
  sql: () => `
    select answered_on::text as "asOf", name, finished_at as "inForceAt" from registry_import
    where marketer_id = 0 and state = 'DONE' and finished_at is not null order by finished_at desc limit 200`,
});

const findRegistrations = statement({
  name: 'complaint-registrations',
  values: { accountId: 'int4' },
  columns: { number: 'text', endsOn: 'text', createdAt: 'timestamptz' },
  sql: ($) => `
    select number, ends_on::text as "endsOn", created_at as "createdAt" from marketer_registration
    where account_id = ${$.accountId} order by id desc limit 100`,
});

const findNames = statement({
  name: 'complaint-names',
  values: { accountId: 'int4' },
  columns: { names: 'text[]' },
  sql: ($) => `select name || trading_names as names from account where id = ${$.accountId}`,
});

/**
 * What an account sent to a number in a period, and all that decided whether it could, as of one moment. Each
 * read is one range of an index that begins with the account, or one look by number.
 *
 * @param limit the most messages
 */
export async function readComplaint(
  pool: Pool,
  scope: AccountReadScope,
  msisdn: string,
  period: Period,
  limit: number,
): Promise<Complaint> {
  const { accountId } = scope;
  const read = async (client: PoolClient): Promise<Complaint> => {
    const messages = toPlain(
      await findMessages.all(client, { accountId, msisdn, ...period, limit: limit + 1 }),
    );
    const own = toPlain(await findCleansings.all(client, { accountId }));
    const industry = toPlain(await findIndustryCleansings.all(client, {}));
    return {
      msisdn,
      period,
      messages: messages.slice(0, limit),
      isCut: messages.length > limit,
      blocks: toPlain(await findBlocks.all(client, { accountId, msisdn })),
      registry: await readRegistryRecords(client, scope, msisdn),
      consents: await readConsentRecords(client, scope, msisdn),
      overridden: await readOverriddenMessages(client, scope, msisdn),
      cleansings: [
        ...own.map((one) => ({ ...one, isOfIndustry: false })),
        ...industry.map((one) => ({ ...one, isOfIndustry: true })),
      ],
      registrations: toPlain(await findRegistrations.all(client, { accountId })),
      names: (await findNames.only(client, { accountId })).names,
      zones: await readRecipientZones(client, msisdn),
      hours: await readHoursInForce(client),
    };
  };
  return withTransaction(pool, read, 'snapshot');
}
