import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { isConsentTimeSql } from '@/lib/messages/lawful-time';
import { checkRemovals } from '@/testing/removal-model';
import { isLong, propertySeed } from '@/testing/property-runs';
import { createMutatedPool } from '@/testing/watched-pool';
import { hasLeftSql } from './progress';

/**
 * That the property of removals.property.test.ts can fail. Each line takes one thing out of one statement, on
 * its way to the server, and names what must then be found wrong.
 */
interface Mutation {
  what: string;
  /** The statements' names, and what in each is replaced by what. */
  statements: readonly string[];
  replace: string | RegExp;
  by: string;
  finds: RegExp;
  /** From which it shows in the first sequence, or soon; found by trying. The usual one unless given. */
  seed?: number;
}

/** Whether a consent SMS may leave now, whatever places the values have. */
const consentTime = new RegExp(
  isConsentTimeSql({ at: '%', holidays: '%' })
    .replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
    .replaceAll('%', '(\\$\\d+)'),
);

const mutations: Mutation[] = [
  {
    what: 'invariant 5: a YES counts before the question has left',
    statements: ['lock-requests'],
    replace: hasLeftSql('message'),
    by: 'true',
    finds: /5: .* was lifted (without|on a YES from before)/,
    seed: 22,
  },
  {
    what: 'invariant 5: a YES to another number counts',
    statements: ['lock-requests'],
    replace: 'message.sender_number as "consentSender"',
    by: `(select number from sender_number where sender_number.account_id = request.account_id
      order by number desc limit 1) as "consentSender"`,
    finds: /5: .* was lifted on "|6: |7: |failed/,
    seed: 11,
  },
  {
    what: 'invariant 5: a YES counts whenever it comes',
    statements: ['lock-requests'],
    replace: 'request.expires_at as "expiresAt",',
    by: 'null::timestamptz as "expiresAt",',
    finds: /5: .* on a YES that came too late/,
    seed: 47,
  },
  {
    what: 'invariant 5: a NO or a Stop after the YES is not heard',
    statements: ['receive-replies-accounts'],
    replace: "'AWAITING_REPLY', 'AWAITING_APPROVAL')",
    by: "'AWAITING_REPLY')",
    finds: /5: .* was lifted after the recipient had refused/,
    seed: 12,
  },
  {
    what: 'invariant 6: a question leaves at any hour',
    statements: ['claim-messages'],
    replace: consentTime,
    by: 'true',
    finds: /6: .* asked at/,
    seed: 22,
  },
  {
    what: 'invariant 6: a cancelled request is asked about all the same',
    statements: ['take-consents-back'],
    replace: "message.status = 'QUEUED'",
    by: 'false',
    finds: /6: .* asked after its request was cancelled/,
    seed: 8,
  },
  {
    what: 'invariant 6: an episode is asked about again once it was cancelled',
    statements: ['take-consents-back'],
    replace: /message\.status = 'QUEUED'([^]*)taken_back\.attempts = 0/,
    by: 'true$1true',
    finds: /6: /,
    seed: 7,
  },
  {
    what: 'invariant 7: a step without its event',
    statements: ['insert-request-events'],
    replace: 'order by place',
    by: "where to_state is distinct from 'AWAITING_APPROVAL' order by place",
    finds: /7: request .* (its events end|went)/,
    seed: 3,
  },
  {
    what: 'invariant 7: a block lifted without its event',
    statements: ['lift-blocks'],
    replace: 'target.episode_id = lifted.id',
    by: 'target.episode_id = lifted.id where false',
    finds: /7: .* is in episode|7: .* began twice/,
    seed: 3,
  },
  {
    what: 'invariant 7: a correction that nobody can see',
    statements: ['remove-opt-out-by-correction'],
    replace: /gone_event as \([^)]*\)[^)]*\)\s+from gone/,
    by: '$& where false',
    finds: /7: .* is in episode|7: .* began twice/,
    seed: 23,
  },
  {
    what: 'a request that ends and nobody is told',
    statements: ['give-notices'],
    replace: 'from notices join account on account.id = account_id',
    by: 'from notices join account on account.id = account_id and hashtext(event_key) % 2 = 0',
    finds: /7: of request .* was told/,
    seed: 9,
  },
  {
    what: 'no locks: two members of staff who decide at once; the guard refuses the second',
    statements: ['lock-requested-opt-outs', 'lock-requests'],
    replace: /for update(?: of request)?/,
    by: '',
    finds: /changed under its lock|its block is not there/,
    seed: 3,
  },
];

/** The first of each invariant; all of them in the long form. */
const invariantOf = (what: string) => what.split(':')[0];
const tried = mutations.filter(
  ({ what }, index) =>
    isLong || mutations.findIndex((other) => invariantOf(other.what) === invariantOf(what)) === index,
);

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test.each(tried)(
  `$what: is found (PROPERTY_SEED=${propertySeed})`,
  { timeout: 600_000 },
  async ({ statements, replace, by, finds, seed = propertySeed }) => {
    const { pool, countChanged } = createMutatedPool(db.url, { statements, replace, by });
    // what only a rare order of things shows is looked for longer
    let found = '';
    for (let round = 0; round < 5 && !finds.test(found); round++) {
      const report = await checkRemovals({ pool }, { runs: 200, seed: seed + round, shrinks: false });
      found += `${report.violations.join('\n')}\n`;
    }
    await pool.end();
    expect(countChanged()).toBeGreaterThan(0);
    expect(found).toMatch(finds);
  },
);
