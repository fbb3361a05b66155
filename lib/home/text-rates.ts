import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { statement } from '@/lib/db/statement';
import { evidenceFieldSql, hasEvidenceSql } from '@/lib/opt-outs/evidence';
import type { CountedDay } from './days';
import { fewestForRate, type TextRate } from './schema';

/** Of the texts that most have answered so: the others have one or two opt-outs each. */
const comparedTexts = 500;
const shownTexts = 8;
const shownCharacters = 160;

const since = { accountId: 'int4', first: 'date', last: 'date', timeZone: 'text' } as const;

/** Opt-outs by reply since the first day, with the message of these days that they answered. */
const answeredSql = ($: Record<keyof typeof since, string>) => `opt_out_event
  join message on message.account_id = ${$.accountId} and message.id = ${evidenceFieldSql('opt_out_event.evidence', 'messageId')}::bigint
  where opt_out_event.account_id = ${$.accountId} and opt_out_event.kind = 'OPTED_OUT'
    and ${hasEvidenceSql('opt_out_event.evidence', 'replyId')}
    and opt_out_event.created_at >= ${$.first}::date::timestamp at time zone ${$.timeZone}
    and message.created_at >= ${$.first}::date::timestamp at time zone ${$.timeZone} and message.kind = 'NORMAL'
    and message.created_at < (${$.last}::date + 1)::timestamp at time zone ${$.timeZone}`;

const countCaused = statement({
  name: 'count-caused-opt-outs',
  values: since,
  columns: { day: 'text', optOuts: 'int4' },
  planEachTime: true,
  sql: ($) => `
    select (message.created_at at time zone ${$.timeZone})::date::text as day, count(*)::int as "optOuts"
    from ${answeredSql($)}
    group by 1`,
});

const countByText = statement({
  name: 'count-opt-outs-by-text',
  values: since,
  columns: { key: 'text', text: 'text', optOuts: 'int4' },
  planEachTime: true,
  sql: ($) => `
    select md5(message.text) as key, left(min(message.text), ${shownCharacters}) as text, count(*)::int as "optOuts"
    from ${answeredSql($)}
    group by 1 order by "optOuts" desc, key limit ${comparedTexts}`,
});

/**
 * How many opt-outs the messages of each day from `first` to `last` have led to. Not the opt-outs of that
 * day: people answer a day later, when hardly anything is sent, and a day with four opt-outs and one message
 * has no rate of 400 %.
 */
export async function countCausedOptOuts(
  pool: Pool,
  scope: AccountReadScope,
  timeZone: string,
  first: string,
  last: string,
): Promise<Map<string, number>> {
  const rows = await countCaused.all(pool, { accountId: scope.accountId, first, last, timeZone });
  return new Map(rows.map(({ day, optOuts }) => [day, optOuts]));
}

/**
 * How each text of some days in a row was taken, the worst first: of the messages of these days, the opt-outs
 * that answered them. Opt-outs are few and are looked up; how often a text was sent comes with the days,
 * since counting the copies of one text among a million messages takes as long as reading them.
 */
export async function listTextRates(
  pool: Pool,
  { accountId }: Pick<AccountReadScope, 'accountId'>,
  timeZone: string,
  days: readonly CountedDay[],
): Promise<TextRate[]> {
  const [first, last] = [days[0]?.day, days.at(-1)?.day];
  if (first === undefined || last === undefined) return [];
  const rows = await countByText.all(pool, { accountId, first, last, timeZone });
  const sent = sumTexts(days);
  return rows
    .flatMap(({ key, text, optOuts }) => {
      const counted = sent.get(key);
      if (counted === undefined || counted.delivered < fewestForRate) return [];
      return [{ text, ...counted, optOuts }];
    })
    .sort(compareRates)
    .slice(0, shownTexts);
}

/** Orders texts by how they were taken, the worst first. */
export function compareRates(one: TextRate, other: TextRate): number {
  return other.optOuts / other.delivered - one.optOuts / one.delivered || other.optOuts - one.optOuts;
}

function sumTexts(days: readonly CountedDay[]): Map<string, { messages: number; delivered: number }> {
  const sums = new Map<string, { messages: number; delivered: number }>();
  for (const { texts } of days) {
    for (const { text, messages, delivered } of texts) {
      const sum = sums.get(text) ?? { messages: 0, delivered: 0 };
      sums.set(text, { messages: sum.messages + messages, delivered: sum.delivered + delivered });
    }
  }
  return sums;
}
