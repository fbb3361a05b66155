import type { Pool } from 'pg';
import type { AccountScope } from '@/lib/auth/scope';
import { evidenceFieldSql, hasEvidenceSql } from '@/lib/opt-outs/evidence';
import type { CountedDay } from './days';
import { fewestForRate, type TextRate } from './schema';

/** Of the texts that most have answered so: the others have one or two opt-outs each. */
const comparedTexts = 500;
const shownTexts = 8;
const shownCharacters = 160;

/** $1: account, $2: the first day, $3: time zone. Opt-outs by reply since then, with the message since then that they answered. */
const answeredSql = `opt_out_event
  join message on message.account_id = $1 and message.id = ${evidenceFieldSql('opt_out_event.evidence', 'messageId')}::bigint
  where opt_out_event.account_id = $1 and opt_out_event.kind = 'OPTED_OUT'
    and ${hasEvidenceSql('opt_out_event.evidence', 'replyId')}
    and opt_out_event.created_at >= $2::date::timestamp at time zone $3
    and message.created_at >= $2::date::timestamp at time zone $3 and message.kind = 'NORMAL'`;

/**
 * How many opt-outs the messages of each day have led to, from `first` on. Not the opt-outs of that day: people answer a
 * day later, when hardly anything is sent, and a day with four opt-outs and one message has no rate of 400 %.
 */
export async function countCausedOptOuts(
  pool: Pool,
  scope: AccountScope,
  timeZone: string,
  first: string,
): Promise<Map<string, number>> {
  const { rows } = await pool.query<{ day: string; opt_outs: string }>(
    `select (message.created_at at time zone $3)::date::text as day, count(*) as opt_outs
     from ${answeredSql}
     group by 1`,
    [scope.accountId, first, timeZone],
  );
  return new Map(rows.map(({ day, opt_outs }) => [day, Number(opt_outs)]));
}

/**
 * How each text of the last 30 days was taken, the worst first: of the messages of these days, the opt-outs that answered
 * them. Opt-outs are few and are looked up; how often a text was sent comes with the days, since counting the copies of one
 * text among a million messages takes as long as reading them.
 */
export async function listTextRates(
  pool: Pool,
  scope: AccountScope,
  timeZone: string,
  days: readonly CountedDay[],
): Promise<TextRate[]> {
  const first = days[0]?.day;
  if (first === undefined) return [];
  const { rows } = await pool.query<{ key: string; text: string; opt_outs: string }>(
    `select md5(message.text) as key, left(min(message.text), ${shownCharacters}) as text, count(*) as opt_outs
     from ${answeredSql}
     group by 1 order by opt_outs desc, key limit ${comparedTexts}`,
    [scope.accountId, first, timeZone],
  );
  const sent = sumTexts(days);
  return rows
    .flatMap(({ key, text, opt_outs }) => {
      const counted = sent.get(key);
      if (counted === undefined || counted.delivered < fewestForRate) return [];
      return [{ text, ...counted, optOuts: Number(opt_outs) }];
    })
    .sort((a, b) => b.optOuts / b.delivered - a.optOuts / a.delivered || b.optOuts - a.optOuts)
    .slice(0, shownTexts);
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
