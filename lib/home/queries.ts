import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { statement } from '@/lib/db/statement';
import type { AskForReading } from '@/lib/lists/ask-replica';
import { readCredits } from '@/lib/credits/queries';
import { readStanding } from '@/lib/registry/marketer-queries';
import { countRepliesToReview } from '@/lib/replies/review-queries';
import { findFailedImport, listAttention } from './attention';
import { countDays, listDays, readDays, type CountedDay } from './days';
import { recallByCost } from './recall';
import { periods, type Attention, type DayFigures, type Period, type TextRate } from './schema';
import { countCausedOptOuts, listTextRates } from './text-rates';

const textDays = 30;

export interface Home {
  /** Each day of the period, oldest first; null while it has not been counted yet. */
  days: { day: string; counts: DayFigures | null }[];
  textRates: TextRate[];
  attention: Attention[];
  /** Nothing was ever sent or received. */
  isFresh: boolean;
  /** For {@link closeRemainingDays}, once the page has been answered. */
  uncounted: string[];
}

/** The period of the URL, "?days=7"; 30 days when it says nothing one can choose. */
export function readPeriod(days: string | string[] | undefined): Period {
  return periods.find((period) => String(period) === days) ?? 30;
}

/**
 * What the home page shows of an account.
 *
 * @param ask runs what only counts, for which a replica will do; days that are closed are written down
 */
export async function readHome(
  pool: Pool,
  scope: AccountReadScope,
  timeZone: string,
  period: Period,
  ask: AskForReading = (read) => read(pool),
): Promise<Home> {
  const now = new Date();
  const calendar = listDays(Math.max(period, textDays), timeZone, now);
  const [first = '', last = ''] = [calendar[0], calendar.at(-1)];
  const key = `${scope.accountId} ${timeZone} ${last}`;
  const [{ days, uncounted }, caused, credits, repliesToReview, failedImport, standing, isFresh] =
    await Promise.all([
      readDays(pool, scope, timeZone, calendar.length, {
        now,
        countLatest: (_, ...question) =>
          recallByCost(`latest days ${key}`, () => ask((from) => countDays(from, ...question))),
      }),
      recallByCost(`caused opt-outs ${key} ${first}`, () =>
        ask((from) => countCausedOptOuts(from, scope, timeZone, first, last)),
      ),
      readCredits(pool, scope),
      countRepliesToReview(pool, scope),
      findFailedImport(pool, scope),
      readStanding(pool, scope, now),
      findWhetherFresh(pool, scope),
    ]);
  const ofTexts = days.filter(({ day }) => day >= (calendar.at(-textDays) ?? ''));
  const textRates = await recallByCost(`text rates ${key}`, () =>
    ask((from) => listTextRates(from, scope, timeZone, ofTexts)),
  );
  const counted = new Map(days.map((day) => [day.day, toFigures(day, caused.get(day.day) ?? 0)]));
  return {
    days: calendar.slice(-period).map((day) => ({ day, counts: counted.get(day) ?? null })),
    textRates,
    attention: listAttention({ days, credits, repliesToReview, failedImport, standing }),
    isFresh,
    uncounted,
  };
}

/** Without the texts, which no page shows. */
function toFigures(counted: CountedDay, caused: number): DayFigures {
  const { day, messages, delivered, blocked, failed, credits, replies, optOuts } = counted;
  return { day, messages, delivered, blocked, failed, credits, replies, optOuts, caused };
}

const findFresh = statement({
  name: 'find-whether-fresh',
  values: { accountId: 'int4' },
  columns: { isFresh: 'bool' },
  sql: ($) => `
    select not exists (select from message where account_id = ${$.accountId})
      and not exists (select from reply where account_id = ${$.accountId}) as "isFresh"`,
});

async function findWhetherFresh(pool: Pool, scope: AccountReadScope): Promise<boolean> {
  return (await findFresh.only(pool, { accountId: scope.accountId })).isFresh;
}
