import type { Pool } from 'pg';
import type { AccountReadScope } from '@/lib/auth/scope';
import { columnsOf, statement } from '@/lib/db/statement';
import { findMarketingWarning, type MarketerStanding } from '@/lib/registry/schema';
import type { Attention, DayCounts } from './schema';

interface AttentionFacts {
  /** Oldest first, today included. */
  days: readonly DayCounts[];
  credits: number;
  repliesToReview: number;
  /** The latest import of the last week, if it failed. */
  failedImport: { id: string; name: string } | null;
  standing: MarketerStanding;
}

const paceDays = 14;
const lowDays = 7;

const latestDays = 3;
/** Some always fail, and of a few a share says nothing. */
const fewestFailed = 20;
const highestUnnoticedPercent = 10;
const risenTimes = 2;

/** What somebody should look at, the most urgent first. Pure. */
export function listAttention(facts: AttentionFacts): Attention[] {
  const { days, credits, repliesToReview, failedImport, standing } = facts;
  const found: (Attention | null)[] = [
    findLowCredits(days.slice(-paceDays), credits),
    findMarketing(standing),
    findFailures(days.slice(0, -latestDays), days.slice(-latestDays)),
    failedImport && { kind: 'import-failed', listId: failedImport.id, name: failedImport.name },
    repliesToReview > 0 ? { kind: 'replies-to-review', count: repliesToReview } : null,
  ];
  return found.filter((attention) => attention !== null);
}

function findLowCredits(days: readonly DayCounts[], credits: number): Attention | null {
  if (credits === 0) return { kind: 'no-credits' };
  const spent = days.reduce((sum, day) => sum + day.credits, 0);
  if (spent === 0) return null;
  const daysLeft = Math.floor((credits / spent) * days.length);
  return daysLeft < lowDays ? { kind: 'credits-low', credits, daysLeft } : null;
}

function findMarketing(standing: MarketerStanding): Attention | null {
  const { stop, cleansedOn, age, mostDays, registrationEndsOn } = standing;
  if (stop !== null) return { kind: 'marketing-stopped', why: stop };
  const warning = findMarketingWarning(standing);
  if (warning === 'REGISTRATION' && registrationEndsOn !== null) {
    return { kind: 'registration-ends', endsOn: registrationEndsOn };
  }
  return warning === 'CLEANSING' && cleansedOn !== null
    ? { kind: 'cleansing-due', cleansedOn, daysLeft: mostDays - (age ?? 0) }
    : null;
}

function findFailures(usual: readonly DayCounts[], latest: readonly DayCounts[]): Attention | null {
  const { failed } = sumDays(latest);
  const percent = findFailedPercent(latest);
  const usualPercent = findFailedPercent(usual);
  if (failed < fewestFailed || percent <= highestUnnoticedPercent) return null;
  return percent > usualPercent * risenTimes ? { kind: 'failures', failed, percent, usualPercent } : null;
}

function findFailedPercent(days: readonly DayCounts[]): number {
  const { messages, blocked, failed } = sumDays(days);
  const tried = messages - blocked;
  return tried === 0 ? 0 : (failed / tried) * 100;
}

function sumDays(days: readonly DayCounts[]) {
  return days.reduce(
    (sum, day) => ({
      messages: sum.messages + day.messages,
      blocked: sum.blocked + day.blocked,
      failed: sum.failed + day.failed,
    }),
    { messages: 0, blocked: 0, failed: 0 },
  );
}

const findLatestImport = statement({
  name: 'find-latest-import',
  values: { accountId: 'int4' },
  columns: columnsOf('NumberList', 'id', 'name', 'state'),
  sql: ($) => `
    select id, name, state from number_list
    where account_id = ${$.accountId} and created_at > now() - interval '7 days' and purpose <> 'CHECK'
    order by created_at desc, id desc limit 1`,
});

/** The latest import of the last seven days, if it failed: one that went through after it makes it good. */
export async function findFailedImport(
  pool: Pool,
  scope: AccountReadScope,
): Promise<{ id: string; name: string } | null> {
  const latest = await findLatestImport.one(pool, { accountId: scope.accountId });
  return latest?.state === 'FAILED' ? { id: latest.id, name: latest.name } : null;
}
