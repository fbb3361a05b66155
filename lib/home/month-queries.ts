import type { Pool } from 'pg';
import type { AccountReadScope, StaffReadScope } from '@/lib/auth/scope';
import { statement } from '@/lib/db/statement';
import type { AskForReading } from '@/lib/lists/ask-replica';
import { ruleLabels } from '@/lib/opt-outs/gate';
import { closeDays, countDays, listDays, readDaysOf, type CountedDay } from './days';
import {
  addUpReasons,
  maxAccountsOfMonth,
  shownTextsOfAll,
  usualMost,
  type AccountOfMonth,
  type MarketingFigures,
  type MonthOfAccount,
  type TextRateOfAccount,
} from './schema';
import { recallByCost } from './recall';
import { compareRates, listTextRates } from './text-rates';
import { countAbove, listWeeks, readWeeks } from './weeks';

/** The month of a URL, "?month=2026-11"; the present one when it names none that has begun. */
export function readMonth(given: string | string[] | undefined, timeZone: string, now: Date): string {
  const [today = ''] = listDays(1, timeZone, now);
  const present = today.slice(0, 7);
  if (typeof given !== 'string' || !/^20\d\d-(0[1-9]|1[0-2])$/.test(given)) return present;
  return given > present ? present : given;
}

/** The days of a month that have begun, oldest first. */
function listDaysOf(month: string, timeZone: string, now: Date): string[] {
  const [today = ''] = listDays(1, timeZone, now);
  return Array.from({ length: 31 }, (_, index) => `${month}-${String(index + 1).padStart(2, '0')}`).filter(
    (day) => day <= today && new Date(`${day}T00:00:00Z`).toISOString().startsWith(day),
  );
}

function addUp(days: readonly CountedDay[]): MarketingFigures {
  const sum = (read: (day: CountedDay) => number) => days.reduce((total, day) => total + read(day), 0);
  return {
    sent: sum(({ marketing }) => marketing.sent),
    held: sum(({ marketing }) => marketing.held),
    optOuts: sum(({ optOuts }) => optOuts),
    blocked: addUpReasons(
      days.flatMap(({ marketing }) =>
        Object.entries(marketing.blocked).map(([reason, messages]) => ({
          reason: ruleLabels[reason] ?? reason,
          messages,
        })),
      ),
    ),
  };
}

/** What is recalled of an account's month is called by. */
function composeKey(accountId: number, timeZone: string, month: string, days: readonly string[]): string {
  return `${accountId} ${timeZone} ${month} ${days.at(-1) ?? ''}`;
}

const findCap = statement({
  name: 'read-cap-of-account',
  values: { accountId: 'int4' },
  columns: { cap: 'Account.weeklyMarketingCap' },
  sql: ($) => `select weekly_marketing_cap as cap from account where id = ${$.accountId}`,
});

/**
 * A month of an account at a glance: of its tallies of days and weeks; what can still change is counted. Days
 * that nobody has counted yet are counted while the page waits a moment, and told as `uncounted`.
 *
 * @param ask runs what only counts, for which a replica will do
 */
export async function readMonthOfAccount(
  pool: Pool,
  scope: AccountReadScope,
  timeZone: string,
  month: string,
  now: Date,
  ask: AskForReading = (read) => read(pool),
): Promise<MonthOfAccount> {
  const days = listDaysOf(month, timeZone, now);
  const key = composeKey(scope.accountId, timeZone, month, days);
  const most = (await findCap.only(pool, { accountId: scope.accountId })).cap ?? usualMost;
  const [counted, weeks] = await Promise.all([
    readDaysOf(pool, scope, timeZone, days, {
      now,
      countLatest: (_, ...question) =>
        recallByCost(`days of month ${key}`, () => ask((from) => countDays(from, ...question))),
    }),
    recallByCost(`weeks of month ${key}`, () => readWeeks(pool, scope, timeZone, listWeeks(days), now, ask)),
  ]);
  const textRates = await recallByCost(`texts of month ${key}`, () =>
    ask((from) => listTextRates(from, scope, timeZone, counted.days)),
  );
  return {
    figures: addUp(counted.days),
    often: weeks.map((week) => ({ week: week.week, numbers: countAbove(week, most) })),
    most,
    textRates,
    uncounted: counted.uncounted,
  };
}

const findSenders = statement({
  name: 'list-accounts-of-month',
  values: { starts: 'timestamptz', ends: 'timestamptz', limit: 'int8' },
  columns: { id: 'int4' },
  sql: ($) => `
    -- from credit_balance alone, which lies beside the messages of its account on a cluster; without one nothing is
    -- sent. Beside a table that is whole on each machine, a cluster refuses what asks for the rows of another.
    select account_id as id from credit_balance
    where exists (
      select 1 from message
      where message.account_id = credit_balance.account_id and message.created_at >= ${$.starts} and message.created_at < ${$.ends})
    order by account_id limit ${$.limit}`,
});

const readSenders = statement({
  name: 'read-accounts-of-month',
  values: { ids: 'int4[]' },
  columns: {
    id: 'int4',
    name: 'text',
    timeZone: 'text',
    cap: 'Account.weeklyMarketingCap',
    cleansingAge: 'int4?',
  },
  sql: ($) => `
    select account.id, account.name, account.time_zone as "timeZone", account.weekly_marketing_cap as cap,
      ((now() at time zone 'Africa/Johannesburg')::date - greatest(account.cleansed_on, industry_cleansed_on)) as "cleansingAge"
    from account, platform_setting where account.id = any (${$.ids}) order by account.id`,
});

/** How long the page of all accounts waits for what nobody has counted yet. */
const patienceMs = 3_000;

/**
 * The same month of every account that sent anything, each by its own calendar: of the same tallies. `left`:
 * how many accounts are not counted yet; they are as somebody looks again.
 */
export async function readMonthOfAll(
  pool: Pool,
  _scope: StaffReadScope,
  month: string,
  now: Date,
): Promise<{ accounts: AccountOfMonth[]; textRates: TextRateOfAccount[]; left: number }> {
  return recallByCost(`month of all ${month} ${now.toISOString().slice(0, 10)}`, async () => {
    const starts = new Date(`${month}-01T00:00:00+14:00`);
    const ends = new Date(Date.parse(`${month}-01T00:00:00Z`) + 33 * 86_400_000);
    const senders = await findSenders.all(pool, { starts, ends, limit: maxAccountsOfMonth });
    const found = await readSenders.all(pool, { ids: senders.map(({ id }) => id) });
    const until = performance.now() + patienceMs;
    const accounts: AccountOfMonth[] = [];
    const textRates: TextRateOfAccount[] = [];
    let left = 0;
    for (const { id, name, timeZone, cap, cleansingAge } of found) {
      if (performance.now() > until) {
        left += 1;
        continue;
      }
      const scope = { accountId: id };
      const days = listDaysOf(month, timeZone, now);
      const counted = await readDaysOf(pool, scope, timeZone, days, { now });
      if (counted.uncounted.length > 0) {
        await closeDays(pool, scope, timeZone, counted.uncounted, until - performance.now());
        left += 1;
        continue;
      }
      const weeks = await readWeeks(pool, scope, timeZone, listWeeks(days), now);
      const rates = await recallByCost(`texts of month ${composeKey(id, timeZone, month, days)}`, () =>
        listTextRates(pool, scope, timeZone, counted.days),
      );
      textRates.push(...rates.map((rate) => ({ ...rate, accountId: id, accountName: name })));
      accounts.push({
        id,
        name,
        figures: addUp(counted.days),
        often: Math.max(0, ...weeks.map((week) => countAbove(week, cap ?? usualMost))),
        cleansingAge,
      });
    }
    return {
      accounts: accounts.sort((one, other) => other.figures.sent - one.figures.sent),
      // each account's worst are all that can be among the worst of all
      textRates: textRates.sort(compareRates).slice(0, shownTextsOfAll),
      left,
    };
  });
}
