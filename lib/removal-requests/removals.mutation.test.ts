import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { isConsentTimeSql } from '@/lib/messages/consent-hours';
import { checkRemovals } from '@/lib/testing/removal-model';
import { createWatchedPool } from '@/lib/testing/watched-pool';
import { hasLeftSql } from './progress';

/**
 * That the property of removals.property.test.ts can fail. Each line takes one thing out of one statement, on its way to the
 * server, and names what must then be found wrong.
 */
interface Mutation {
  what: string;
  /** The statement's name, and what in it is replaced by what. */
  statement: string;
  replace: string | RegExp;
  by: string;
  finds: RegExp;
}

const mutations: Mutation[] = [
  {
    what: 'invariant 5: a YES counts before the question has left',
    statement: 'lock-requests',
    replace: hasLeftSql('message'),
    by: 'true',
    finds: /5: .* was lifted (without|on a YES from before)/,
  },
  {
    what: 'invariant 5: a YES to another number counts',
    statement: 'lock-requests',
    replace: 'message.sender_number as consent_sender',
    by: `(select number from sender_number where sender_number.account_id = request.account_id
      order by random() limit 1) as consent_sender`,
    finds: /5: .* was lifted on "|6: |7: |failed/,
  },
  {
    what: 'invariant 5: a YES counts whenever it comes',
    statement: 'lock-requests',
    replace: 'request.expires_at,',
    by: 'null::timestamptz as expires_at,',
    finds: /5: .* on a YES that came too late/,
  },
  {
    what: 'invariant 5: a new Stop does not withdraw the request',
    statement: 'receive-replies-receipts',
    replace: 'select distinct request.account_id, request.id',
    by: 'select distinct on (random() < 0.5) request.account_id, request.id',
    finds: /\S/,
  },
  {
    what: 'invariant 6: a question leaves at any hour',
    statement: 'claim-messages',
    replace: isConsentTimeSql(5),
    by: '($5::text is not null and $6::int + $7::int >= 0 and $8::date is not null)',
    finds: /6: .* asked at/,
  },
  {
    what: 'invariant 6: a cancelled request is asked about all the same',
    statement: 'take-consents-back',
    replace: "message.status = 'QUEUED'",
    by: 'false',
    finds: /6: .* asked after its request was cancelled/,
  },
  {
    what: 'invariant 6: an episode is asked about again once it was cancelled',
    statement: 'take-consents-back',
    replace: /message\.status = 'QUEUED'([^]*)taken_back\.attempts = 0/,
    by: 'true$1true',
    finds: /6: /,
  },
  {
    what: 'invariant 7: a step without its event',
    statement: 'insert-request-events',
    replace: 'order by position',
    by: 'where random() < 0.7 order by position',
    finds: /7: request .* (its events end|went)/,
  },
  {
    what: 'invariant 7: a block lifted without its event',
    statement: 'lift-blocks',
    replace: 'target.episode_id = lifted.id',
    by: 'target.episode_id = lifted.id where false',
    finds: /7: .* is in episode|7: .* began twice/,
  },
  {
    what: 'invariant 7: a correction that nobody can see',
    statement: 'remove-opt-out-by-correction',
    replace: 'from gone\n        ), tally',
    by: 'from gone where false\n        ), tally',
    finds: /7: .* is in episode|7: .* began twice/,
  },
  {
    what: 'a request that ends and nobody is told',
    statement: 'tell-accounts',
    replace: 'from news join account on account.id = account_id',
    by: 'from news join account on account.id = account_id and random() < 0.5',
    finds: /7: of request .* was told/,
  },
  {
    what: 'two members of staff who decide at once',
    statement: 'lock-requests',
    replace: 'for update of request',
    by: '',
    finds: /\S/,
  },
];

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const seed = Number(process.env['PROPERTY_SEED'] ?? randomInt(2 ** 31));

test.each(mutations)(
  `$what: is found (PROPERTY_SEED=${seed})`,
  { timeout: 180_000 },
  async ({ statement, replace, by, finds }) => {
    let changed = 0;
    const pool = createWatchedPool(db.url, {
      rewrite: (name, text) => {
        if (name !== statement) return text;
        const mutated = text.replace(replace, by);
        if (mutated !== text) changed += 1;
        return mutated;
      },
    });
    const report = await checkRemovals({ pool }, { runs: 200, seed, shrinks: false });
    await pool.end();
    expect(changed).toBeGreaterThan(0);
    expect(report.violations.join('\n')).toMatch(finds);
  },
);
