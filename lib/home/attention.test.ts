import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createAccount, type TestAccount } from '@/testing/factories';
import { findFailedImport, listAttention } from './attention';
import type { MarketerStanding } from '@/lib/registry/schema';
import type { Attention, DayCounts } from './schema';

const quiet: DayCounts = {
  day: '2026-11-01',
  messages: 0,
  delivered: 0,
  blocked: 0,
  failed: 0,
  credits: 0,
  replies: 0,
  optOuts: 0,
};

function composeDays(count: number, change: (index: number) => Partial<DayCounts>): DayCounts[] {
  return Array.from({ length: count }, (_, index) => ({ ...quiet, ...change(index) }));
}

const standing: MarketerStanding = {
  stop: null,
  cleansedOn: null,
  isOfIndustry: false,
  age: null,
  mostDays: 31,
  mustCleanse: false,
  cleansingRequiredFrom: null,
  registrationEndsOn: null,
  registrationLeft: null,
  registrationRequiredFrom: null,
};
const nothing = {
  days: composeDays(30, () => ({})),
  credits: 100,
  repliesToReview: 0,
  failedImport: null,
  standing,
};

test('nothing needs attention where nothing happens', () => {
  expect(listAttention(nothing)).toEqual([]);
});

describe('credits', () => {
  const days = composeDays(30, () => ({ messages: 10, credits: 10 }));

  test.each([
    { credits: 0, expected: [{ kind: 'no-credits' }] },
    { credits: 9, expected: [{ kind: 'credits-low', credits: 9, daysLeft: 0 }] },
    { credits: 69, expected: [{ kind: 'credits-low', credits: 69, daysLeft: 6 }] },
    { credits: 70, expected: [] },
  ])('$credits, at 10 a day', ({ credits, expected }) => {
    expect(listAttention({ ...nothing, days, credits })).toEqual(expected);
  });

  test('what was spent longer ago than two weeks is no pace', () => {
    const spentEarly = composeDays(30, (index) => (index < 16 ? { credits: 1000 } : {}));
    expect(listAttention({ ...nothing, days: spentEarly, credits: 1 })).toEqual([]);
  });
});

describe('failures', () => {
  /** 100 a day, of which so many have failed: usually, and in the last three days. */
  const compose = (usually: number, lately: number, more: Partial<DayCounts> = {}) =>
    composeDays(30, (index) => ({ messages: 100, failed: index < 27 ? usually : lately, ...more }));

  test.each([
    { usually: 2, lately: 2, alarms: false },
    { usually: 2, lately: 10, alarms: false },
    { usually: 2, lately: 11, alarms: true },
    { usually: 6, lately: 12, alarms: false },
    { usually: 0, lately: 100, alarms: true },
  ])('usually $usually %, lately $lately %', ({ usually, lately, alarms }) => {
    expect(listAttention({ ...nothing, days: compose(usually, lately) })).toEqual(
      alarms ? [{ kind: 'failures', failed: lately * 3, percent: lately, usualPercent: usually }] : [],
    );
  });

  test('a few failures are chance', () => {
    const days = composeDays(30, (index) => (index < 29 ? {} : { messages: 19, failed: 19 }));
    expect(listAttention({ ...nothing, days })).toEqual([]);
  });

  test('what was blocked was not tried', () => {
    const days = compose(2, 20, { blocked: 50 });
    expect(listAttention({ ...nothing, days })).toEqual([
      { kind: 'failures', failed: 60, percent: 40, usualPercent: 4 },
    ]);
  });
});

test.each<[Partial<MarketerStanding>, Attention]>([
  [{ stop: 'REGISTRATION' }, { kind: 'marketing-stopped', why: 'REGISTRATION' }],
  [
    { mustCleanse: true, cleansedOn: '2026-11-01', age: 25 },
    { kind: 'cleansing-due', cleansedOn: '2026-11-01', daysLeft: 6 },
  ],
  [
    { registrationEndsOn: '2026-12-24', registrationLeft: 25 },
    { kind: 'registration-ends', endsOn: '2026-12-24' },
  ],
])('of marketing: %o', (facts, attention) => {
  expect(listAttention({ ...nothing, standing: { ...standing, ...facts } })).toEqual([attention]);
});

test('all at once, the most urgent first', () => {
  const kinds = listAttention({
    days: composeDays(30, (index) => ({ messages: 100, failed: index < 27 ? 0 : 50 })),
    credits: 0,
    repliesToReview: 2,
    failedImport: { id: '7', name: 'numbers.csv' },
    standing: { ...standing, stop: 'CLEANSING' },
  }).map(({ kind }) => kind);
  expect(kinds).toEqual([
    'no-credits',
    'marketing-stopped',
    'failures',
    'import-failed',
    'replies-to-review',
  ]);
});

describe('an import that failed', () => {
  let db: TestDatabase;
  let account: TestAccount;
  let stranger: TestAccount;

  beforeAll(async () => {
    db = await createTestDatabase();
    [account, stranger] = [await createAccount(db.pool), await createAccount(db.pool)];
  });
  afterAll(() => db.close());

  const insertList = (state: string, purpose: string, daysAgo: number) =>
    db.pool.query(
      `insert into number_list (account_id, purpose, state, name, lines, invalid, duplicates, created_at)
       values ($1, $2::number_list_purpose, $3::number_list_state, $3 || '.csv', 1, 0, 0, now() - make_interval(days => $4))`,
      [account.id, purpose, state, daysAgo],
    );

  test('is named until another goes through, or a week has passed', async () => {
    expect(await findFailedImport(db.pool, account.scope)).toBeNull();
    await insertList('FAILED', 'IMPORT', 8);
    expect(await findFailedImport(db.pool, account.scope)).toBeNull();
    await insertList('FAILED', 'IMPORT', 6);
    await insertList('FAILED', 'CHECK', 5);
    expect(await findFailedImport(db.pool, account.scope)).toMatchObject({ name: 'FAILED.csv' });
    expect(await findFailedImport(db.pool, stranger.scope)).toBeNull();
    await insertList('DONE', 'IMPORT', 1);
    expect(await findFailedImport(db.pool, account.scope)).toBeNull();
  });
});
