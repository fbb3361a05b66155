import { renderToStaticMarkup } from 'react-dom/server';
import { expect, test } from 'vitest';
import { ReplicaCard } from './replica-card';

const replica = {
  since: new Date('2026-11-30T05:00:00Z'),
  problem: null,
  lagBytes: 0,
  reads: { replica: 1234, behind: 3, away: 20, failed: 1 },
};

const show = (view: Parameters<typeof ReplicaCard>[0]['replica']) =>
  renderToStaticMarkup(<ReplicaCard replica={view} />)
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ');

test('says whether the replica is asked, since when, and why not', () => {
  expect(show({ ...replica, state: 'used' })).toMatch(/In use Since 30 Nov.* Lists and files come from it/);
  expect(show({ ...replica, state: 'behind', lagBytes: 5000 })).toMatch(
    /Behind .* lacks 5 kB of what was written; the primary answers everything/,
  );
  const problem = 'It cannot be asked (ECONNREFUSED).';
  expect(show({ ...replica, state: 'away', lagBytes: null, problem })).toContain(
    `The primary answers everything. ${problem}`,
  );
});

test('says who answered what it may answer', () => {
  expect(show({ ...replica, state: 'used' })).toMatch(
    /The replica 1 234 The primary: the replica was behind 3 The primary: the replica was away 20 The primary: the replica failed 1 /,
  );
});
