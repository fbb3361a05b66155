import { afterAll, beforeAll, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { isBlockedSql, hasComeOntoRegistrySql, isOnRegistrySql } from '@/lib/opt-outs/gate';
import { checkMainJob } from '@/testing/main-job-model';
import { isLong, propertySeed } from '@/testing/property-runs';
import { createMutatedPool } from '@/testing/watched-pool';

/**
 * That the property of main-job.property.test.ts can fail. Each line takes one thing out of one statement, on
 * its way to the server, and names what must then be found wrong.
 */
interface Mutation {
  what: string;
  /** The statement's name, and what in it is replaced by what. */
  statement: string;
  replace: string | RegExp;
  by: string;
  finds: RegExp;
  /** From which it shows in the first sequence, or soon; found by trying. The usual one unless given. */
  seed?: number;
}

/** What is found first hangs on who comes first: a message twice, money, or a state that went back. */
const anything = /\S/;

const mutations: Mutation[] = [
  {
    what: 'no gate at dispatch',
    statement: 'claim-messages',
    replace: isBlockedSql('due', '$1'),
    by: 'false',
    finds: /was dispatched after the opt-out/,
    seed: 2,
  },
  {
    what: 'no gate at acceptance',
    statement: 'accept-messages',
    replace: isBlockedSql('candidate', '$1'),
    by: 'false',
    finds: /was accepted after the opt-out/,
    seed: 1,
  },
  {
    what: 'no registry at dispatch',
    statement: 'claim-messages',
    replace: hasComeOntoRegistrySql('due'),
    by: 'false',
    finds: /was dispatched, marketing to \d+, who was on the registry/,
    seed: 1,
  },
  {
    what: 'a registry that is at rest too early: what was accepted before an answer is not looked up',
    statement: 'read-gate-of-account',
    replace: "interval '1 day'",
    by: "interval '-1 days'",
    finds: /was dispatched, marketing to \d+, who was on the registry/,
    seed: 1,
  },
  {
    what: 'no registry at acceptance',
    statement: 'accept-messages',
    replace: isOnRegistrySql('candidate', '$1'),
    by: 'false',
    finds: /was accepted, marketing to \d+, who was on the registry/,
    seed: 1,
  },
  {
    what: 'an old cleansing and an ended registration stop nothing at dispatch',
    statement: 'claim-messages',
    replace: /when due\.purpose = 'MARKETING' then (\$\d+::text end)/,
    by: 'when false then $1',
    finds: /was dispatched, marketing of an account that may send none/,
    seed: 58,
  },
  {
    what: 'an old cleansing and an ended registration stop nothing at acceptance',
    statement: 'accept-messages',
    replace: /when candidate\.purpose = 'MARKETING' then (\$\d+::text end)/,
    by: 'when false then $1',
    finds: /was accepted, marketing of an account that may send none/,
    seed: 20,
  },
  {
    what: 'they stop service as well',
    statement: 'accept-messages',
    replace: /when candidate\.purpose = 'MARKETING' then (\$\d+::text end)/,
    by: 'when true then $1',
    finds: /was blocked, and nobody opted out|was blocked before anybody/,
    seed: 3,
  },
  {
    what: 'service is blocked by the registry as well',
    statement: 'accept-messages',
    replace: "candidate.purpose = 'MARKETING'",
    by: 'true',
    finds: /was blocked, and nobody opted out|was blocked before anybody/,
    seed: 1,
  },
  {
    what: 'an entry for one account blocks others',
    statement: 'accept-messages',
    replace: 'registry_entry.marketer_id + 0 in (0, $1)',
    by: 'true',
    finds: /was blocked, and nobody opted out|was blocked before anybody/,
    seed: 1,
  },
  {
    what: 'marketing leaves at any hour',
    statement: 'claim-messages',
    replace: /(and not is_held then )nullif.*? end as waits_until/s,
    by: '$1null::timestamptz end as waits_until',
    finds: /, marketing, left at (night|sunday)/,
    seed: 11,
  },
  {
    what: 'service waits for lawful hours as well',
    statement: 'claim-messages',
    replace: "case when purpose = 'MARKETING' and not is_held then",
    by: 'case when not is_held then',
    finds: /was put off, and is no marketing/,
    seed: 10,
  },
  {
    what: 'a confirmation blocked by its own opt-out',
    statement: 'claim-messages',
    replace: /and \(due\.kind = 'NORMAL' or [^)]*\)/,
    by: '',
    finds: /never reached the carrier/,
    seed: 1,
  },
  {
    what: 'an opt-out of one account blocks another',
    statement: 'accept-messages',
    replace: 'opt_out.account_id = $1',
    by: 'true',
    finds: /was blocked, and nobody opted out|was blocked before anybody/,
    seed: 1,
  },
  {
    what: 'a reply that came before is received again',
    statement: 'receive-replies-receipts',
    replace: 'on conflict do nothing',
    by: 'on conflict (msisdn, carrier, carrier_message_id, content_hash) do update set received_at = now()',
    finds: /was accepted [2-9] times/,
    seed: 1,
  },
  {
    what: 'an id alone makes a duplicate, whatever it is given to',
    statement: 'receive-replies-receipts',
    replace: 'carrier_message_id, content_hash from input',
    by: `carrier_message_id, content_hash from input
        where not exists (select from carrier_receipt as earlier where earlier.msisdn = input.msisdn
          and earlier.carrier = input.carrier and earlier.carrier_message_id = input.carrier_message_id)`,
    finds: /was accepted 0 times/,
    seed: 1,
  },
  {
    what: 'one of several candidates is not blocked',
    statement: 'receive-replies-receipts',
    replace: 'select input.position, input.msisdn, conversation.account_id',
    by: 'select distinct on (input.position) input.position, input.msisdn, conversation.account_id',
    // whichever of the two the seed's first failing sequence meets: an opt-out, or a reply for the last to
    // have written
    finds: /is an opt-out for \d+, which did not get it|which was not the last to write/,
    seed: 20,
  },
  {
    what: 'an opt-out without its event',
    statement: 'receive-replies-block',
    replace: /'receivedAt', received_at\)\s+from episode/,
    by: '$& where episode_id % 2 = 0',
    finds: /has 0 events/,
    seed: 15,
  },
  {
    what: 'a confirmation of no episode',
    statement: 'receive-replies-block',
    replace: /('QUEUED', 0, now\(\),\s+)episode_id/,
    by: '$1null',
    finds: /has 0 confirmations/,
    seed: 1,
  },
  {
    what: 'a wish without an owner waits for nobody',
    statement: 'receive-replies-unowned',
    replace: /arrived_at, state\s+from unnest/,
    by: `arrived_at, 'KEPT' from unnest`,
    finds: /of nobody's is KEPT to null instead of (WAITING|UNSURE)/,
    seed: 1,
  },
  {
    what: 'two of the staff assign the same reply',
    statement: 'assign-unowned-reply',
    replace: /and state in \([^)]*\)/,
    by: '',
    finds: /was decided [2-9] times/,
    seed: 4,
  },
  {
    what: 'an assigned opt-out without its event',
    statement: 'assign-reply-block',
    replace: /'assignedBy', \$\d+::text\)\s+from episode/,
    by: '$& where episode_id % 2 = 0',
    finds: /has 0 events/,
    seed: 7,
  },
  {
    what: 'an uncertain wish that staff took for an opt-out stays undecided',
    statement: 'assign-reply-block',
    replace: /case when (\$\d+)::int is not null then 'OPTED_OUT'.*?now\(\) end as taken_at/s,
    by: `case when $1::int is null then null::review_decision end as decision, null::int as taken_by,
      null::timestamptz as taken_at`,
    finds: /has the decision null/,
    seed: 1,
  },
  {
    what: 'no fence: a late answer counts for a later attempt',
    statement: 'record-handover',
    replace: 'and message.attempts = result.attempt',
    by: '',
    finds: anything,
    seed: 4,
  },
  {
    what: 'two workers claim the same message',
    statement: 'claim-messages',
    replace: 'for update skip locked',
    by: '',
    finds: anything,
    seed: 2,
  },
  {
    what: 'a blocked message is not refunded',
    statement: 'claim-messages',
    replace: 'where refund.credits > 0',
    by: 'where false',
    finds: /does not add up/,
    seed: 1,
  },
  {
    what: 'a refund that is not written into the ledger',
    statement: 'claim-messages',
    replace: 'from given, refund',
    by: 'from given, refund where false',
    finds: /does not add up/,
    seed: 1,
  },
  {
    what: 'a suspended account goes on sending',
    statement: 'claim-messages',
    replace: "and account.status = 'ACTIVE'",
    by: '',
    finds: /while its account was suspended/,
    seed: 24,
  },
  {
    what: 'a delivered message goes back into the queue',
    statement: 'record-handover',
    replace: "when message.status not in ('SENDING', 'IN_DOUBT') then message.status",
    by: '',
    finds: anything,
    seed: 1,
  },
];

/** Every third, from the gate at dispatch on; all of them in the long form. */
const tried = mutations.filter((_, index) => isLong || index % 6 === 0);

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test.each(tried)(
  `$what: is found (PROPERTY_SEED=${propertySeed})`,
  async ({ statement, replace, by, finds, seed = propertySeed }) => {
    const { pool, countChanged } = createMutatedPool(db.url, { statements: [statement], replace, by });
    const report = await checkMainJob({ pool }, { runs: 200, seed, shrinks: false });
    await pool.end();
    expect(countChanged()).toBeGreaterThan(0);
    expect(report.violations.join('\n')).toMatch(finds);
  },
);
