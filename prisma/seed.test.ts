import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasCustomersSql } from '@/lib/auth/provider-account';
import { mintAccountScope } from '@/lib/auth/scope';
import { checkSignIn } from '@/lib/auth/sign-in';
import { isLong } from '@/testing/property-runs';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { acceptMessages } from '@/lib/messages/commands';
import { classifyReply } from '@/lib/opt-outs/matcher';
import { readOptOutTotal } from '@/lib/opt-outs/tally';
import { receiveReplies } from '@/lib/replies/commands';
import { countRepliesToReview } from '@/lib/replies/review-queries';
import { storedVerdicts } from '@/lib/replies/schema';
import { findMarketingSign } from '@/lib/sms/looks-like-marketing';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { readSenderNumber } from '@/lib/sms/sender-number';
import { demoSignIns, seedDemo } from './seed';
import { dentist, phones, roastery, thandi, tyreShop } from './seed/cast';
import { composeDemo } from './seed/compose-demo';
import { isLawfulTime } from './seed/lawful-hours';
import { keywordLists } from './seed/world';

/** Each opt-out from its beginning to its end, if it has one. */
const episodes = `
  (select opened.account_id, opened.msisdn, opened.episode_id, opened.created_at as opened_at, ended.created_at as ended_at
   from opt_out_event as opened
   left join opt_out_event as ended
     on ended.account_id = opened.account_id and ended.episode_id = opened.episode_id
     and ended.kind in ('REMOVED', 'CORRECTED')
   where opened.kind = 'OPTED_OUT') as episode`;

const moments: [when: string, now: Date][] = [
  ['on a Sunday night', new Date('2026-11-22T23:38:00+02:00')],
  ['early on a Monday', new Date('2026-06-29T07:10:00+02:00')],
  ['at noon on New Year’s Day', new Date('2027-01-01T12:00:00+02:00')],
];

describe.each(isLong ? moments : moments.slice(0, 1))('the demo, seen %s', (_when, now) => {
  let db: TestDatabase;

  let customersBefore: number | null;

  beforeAll(async () => {
    db = await createTestDatabase();
    customersBefore = (await db.pool.query(hasCustomersSql)).rowCount;
    await seedDemo(db, now);
  });
  afterAll(() => db.close());

  async function select<Row extends object>(sql: string, values: unknown[] = []): Promise<Row[]> {
    return (await db.pool.query<Row>(sql, values)).rows;
  }
  async function count(fromAndWhere: string, values: unknown[] = []): Promise<number> {
    const [row] = await select<{ count: string }>(`select count(*) from ${fromAndWhere}`, values);
    return Number(row?.count);
  }

  it('says of each message what it is for, as its text reads; of confirmations and consent SMSs nothing', async () => {
    expect(await count(`message where (purpose is null) <> (kind <> 'NORMAL')`)).toBe(0);
    expect(await count('message_batch where purpose is null')).toBe(0);
    const service = await select<{ text: string }>(
      `select distinct text from message_batch where purpose = 'SERVICE' order by text`,
    );
    expect(service.length).toBeGreaterThan(50);
    expect(service.map(({ text }) => findMarketingSign(text)).filter((sign) => sign !== null)).toEqual([]);
    expect(await count(`message where account_id = $1 and purpose = 'SERVICE'`, [roastery])).toBeGreaterThan(
      50,
    );
    expect(await count(`message where account_id = $1 and purpose = 'SERVICE'`, [tyreShop])).toBe(0);
    expect(await count(`message where account_id = $1 and purpose = 'MARKETING'`, [dentist])).toBe(0);
  });

  it('goes into a database without customers, as every new one is', async () => {
    expect(customersBefore).toBe(0);
    expect((await db.pool.query(hasCustomersSql)).rowCount).toBe(1);
    const [before] = await select<{ count: string }>('select count(*) from message');
    await seedDemo(db, now);
    expect(await select('select count(*) from message')).toEqual([before]);
  });

  it('looks like a customer’s account', async () => {
    const owned = 'where account_id = $1';
    expect(await count(`message ${owned}`, [roastery])).toBeGreaterThan(4000);
    expect(await count(`reply ${owned}`, [roastery])).toBeGreaterThan(400);
    expect(await count(`opt_out ${owned}`, [roastery])).toBeGreaterThan(200);
    expect(await count(`message ${owned}`, [dentist])).toBeGreaterThan(200);
    expect(await count(`opt_out ${owned}`, [tyreShop])).toBeGreaterThan(0);
    expect(await count('unowned_reply')).toBeGreaterThan(5);
    // for the staff to decide: one from nobody’s recipient, one from a recipient of the roastery
    expect(await count(`(select from unowned_reply where state = 'WAITING') as waiting`)).toBe(2);
    expect(await count(`(select from unowned_reply where state = 'UNSURE') as unsure`)).toBe(1);
    expect(
      await count(`(select from unowned_reply where state = 'WAITING'
        and exists (select from conversation where conversation.msisdn = unowned_reply.msisdn)) as suggested`),
    ).toBe(1);
    expect(await count('account where status = $1', ['SUSPENDED'])).toBe(1);

    const kinds = await select<{ kind: string }>(`select distinct kind from opt_out ${owned} order by kind`, [
      roastery,
    ]);
    expect(kinds.map(({ kind }) => kind)).toEqual([
      'REPLY',
      'SHARED_SENDER',
      'MANUAL',
      'IMPORT',
      'API',
      'STAFF',
    ]);
    const statuses = await select<{ status: string }>(
      `select distinct status from message ${owned} order by status`,
      [roastery],
    );
    expect(statuses.map(({ status }) => status)).toEqual(['SENT', 'DELIVERED', 'FAILED', 'BLOCKED']);
    const verdicts = await select<{ verdict: string }>(`select distinct verdict from reply ${owned}`, [
      roastery,
    ]);
    expect(verdicts).toHaveLength(3);
  });

  it('lies within the last seven months, nothing of it to come', async () => {
    const times = await select<{ first: Date; last: Date }>(`
      select min(at) as first, max(at) as last from (
        select created_at as at from message union all select sent_at from message union all
        select finished_at from message union all select received_at from reply union all
        select created_at from opt_out_event union all select created_at from credit_entry union all
        select created_at from simulator_message union all select created_at from account where id <> 1
      ) as happened`);
    expect(times[0]?.last.getTime()).toBeLessThanOrEqual(now.getTime());
    expect(times[0]?.first.getTime()).toBeGreaterThan(now.getTime() - 215 * 86_400_000);
    const [newest] = await select<{ at: Date }>(
      'select max(created_at) as at from message where account_id = $1',
      [roastery],
    );
    expect(newest?.at.getTime()).toBeGreaterThan(now.getTime() - 5 * 86_400_000);
    expect(
      await count('message where sent_at < created_at or finished_at < coalesce(sent_at, created_at)'),
    ).toBe(0);
  });

  it('has an empty queue', async () => {
    expect(await count(`message where next_attempt_at is not null or status in ('QUEUED', 'SENDING')`)).toBe(
      0,
    );
    expect(await count('simulator_message where receipt_due_at is not null')).toBe(0);
  });

  it('has balances that are the sums of their ledgers, and what the messages cost', async () => {
    const accounts = await select<{ credits: string; ledger: string; spent: string; lowest: string }>(`
      select credits,
        (select sum(amount) from credit_entry where credit_entry.account_id = balance.account_id) as ledger,
        (select sum(amount) from credit_entry where credit_entry.account_id = balance.account_id and kind = 'TOP_UP')
          - (select sum(cost) from message where message.account_id = balance.account_id) as spent,
        (select min(running) from (
          select sum(amount) over (order by created_at, id) as running from credit_entry
          where credit_entry.account_id = balance.account_id) as history) as lowest
      from credit_balance as balance`);
    expect(accounts).toHaveLength(3);
    for (const { credits, ledger, spent, lowest } of accounts) {
      expect(ledger).toBe(credits);
      expect(spent).toBe(credits);
      expect(Number(lowest)).toBeGreaterThanOrEqual(0);
    }
    expect(await count(`credit_entry where kind = 'TOP_UP' and account_id = $1`, [roastery])).toBeGreaterThan(
      6,
    );
    expect(await count(`credit_entry where kind = 'REFUND'`)).toBeGreaterThan(0);
    const wrong = await select(`
      select * from (
        select balance_after, sum(amount) over (partition by account_id order by created_at, id) as running
        from credit_entry
      ) as history where balance_after <> running`);
    expect(wrong).toEqual([]);
    const [roasters] = accounts.map(({ credits }) => Number(credits));
    expect(roasters).toBeGreaterThan(500);
  });

  it('blocks every message of an episode, and no other', async () => {
    const during = `message join ${episodes} on episode.account_id = message.account_id
      and episode.msisdn = message.msisdn and message.created_at >= opened_at
      and (ended_at is null or message.created_at < ended_at)
      where message.kind = 'NORMAL'`;
    expect(await count(`${during} and status = 'BLOCKED' and cost = 0`)).toBeGreaterThan(50);
    expect(await count(`${during} and status <> 'BLOCKED'`)).toBe(0);
    expect(await count(`message where status = 'BLOCKED'`)).toBe(
      await count(`${during} and status = 'BLOCKED'`),
    );
    expect(await count(`message where status = 'BLOCKED' and reason is null`)).toBe(0);
  });

  it('has one row for each episode in force, and a history for each', async () => {
    const inForce = `${episodes} where ended_at is null`;
    expect(await count('opt_out')).toBe(await count(inForce));
    expect(
      await count(`opt_out join ${episodes} on episode.account_id = opt_out.account_id
      and episode.msisdn = opt_out.msisdn and episode.episode_id = opt_out.id and ended_at is null
      and opened_at = opt_out.created_at`),
    ).toBe(await count('opt_out'));
    expect(await count(`${episodes} where ended_at is not null`)).toBeGreaterThan(5);
    expect(await count(`${episodes} where ended_at <= opened_at`)).toBe(0);
  });

  it('lifts what a reply made only after a YES, or as a correction by staff', async () => {
    const lifted = `opt_out_event as removed join opt_out_event as opened using (account_id, episode_id)
      where removed.kind in ('REMOVED', 'CORRECTED') and opened.kind in ('OPTED_OUT', 'CONFIRMED_BY_REPLY')
        and opened.actor = 'recipient'`;
    expect(await count(lifted)).toBeGreaterThanOrEqual(3);
    const decided = `(removed.kind = 'CORRECTED' and removed.reason is not null or exists (
      select from reply where reply.account_id = removed.account_id and reply.msisdn = removed.msisdn
        and reply.id = (removed.evidence->>'replyId')::bigint and lower(reply.text) = 'yes'))`;
    expect(await count(`${lifted} and (removed.actor not like 'staff:%' or not ${decided})`)).toBe(0);
  });

  it('has removal requests that ended in every way, and some that wait', async () => {
    const states = await select<{ state: string; requests: number }>(
      'select state, count(*)::int as requests from removal_request where account_id = $1 group by state order by state',
      [roastery],
    );
    expect(states).toEqual([
      { state: 'AWAITING_REPLY', requests: 1 },
      { state: 'AWAITING_APPROVAL', requests: 1 },
      { state: 'REMOVED', requests: 3 },
      { state: 'REFUSED', requests: 1 },
      { state: 'EXPIRED', requests: 1 },
      { state: 'REJECTED', requests: 1 },
      { state: 'CANCELLED', requests: 1 },
    ]);
    expect(await count('removal_request where account_id = $1', [dentist])).toBe(1);
    // each open one about a block in force, each removed one about an episode that its approval ended
    expect(
      await count(`removal_request where not exists (select from opt_out
        where opt_out.account_id = removal_request.account_id and opt_out.id = removal_request.episode_id)`),
    ).toBe(3);
    expect(
      await count(`removal_request join opt_out_event on opt_out_event.account_id = removal_request.account_id
        and opt_out_event.episode_id = removal_request.episode_id and opt_out_event.kind = 'REMOVED'
        and opt_out_event.created_at = finished_at where state = 'REMOVED'`),
    ).toBe(3);
    expect(
      await count(`removal_request join message on message.account_id = removal_request.account_id
        and message.id = consent_message_id and message.episode_id = removal_request.episode_id
        and message.kind = 'CONSENT' and message.status = 'DELIVERED'`),
    ).toBe(await count('removal_request'));
  });

  it('has a story of each removal request that leads to its state, told once where the customer is told', async () => {
    const chains = await select<{ state: string; story: string[] }>(`
      select state, array_agg(coalesce(from_state::text, 'NEW') || '>' || to_state order by event.id) as story
      from removal_request as request join removal_request_event as event
        on event.account_id = request.account_id and event.request_id = request.id
      group by request.account_id, request.id, state`);
    expect(chains).toHaveLength(10);
    for (const { state, story } of chains) {
      const steps = story.map((step) => step.split('>'));
      expect(steps.map(([from]) => from)).toEqual(['NEW', ...steps.slice(0, -1).map(([, to]) => to)]);
      expect(steps.at(-1)?.[1]).toBe(state);
    }
    const told = await select<{ event_key: string }>(`
      select event_key from notice join email using (account_id, event_key) order by 1`);
    const ended = await select<{ event_key: string }>(`
      select 'removal-request:' || id || ':' || state as event_key from removal_request
      where state in ('REMOVED', 'REFUSED', 'EXPIRED', 'REJECTED') order by 1`);
    expect(ended).toHaveLength(6);
    expect(told).toEqual(ended);
    expect(await count('email where next_attempt_at is not null')).toBe(0);
  });

  it('has an entry in the audit log for all that staff did', async () => {
    expect(await count('audit_entry')).toBe(
      (await count(`opt_out_event where actor like 'staff:%' and kind <> 'REMOVED'`)) +
        (await count('removal_request where decided_by is not null')),
    );
    expect(await count(`audit_entry where action like 'removal-request.%'`)).toBe(4);
  });

  it('has one delivered confirmation for each episode that a reply made, on the sender number replied to', async () => {
    // by itself, or because a person of the account read it as an opt-out
    const byReply = `(made.actor = 'recipient' or made.kind = 'OPTED_OUT' and made.evidence ? 'replyId')`;
    const made = `opt_out_event as made where ${byReply}`;
    const confirmed = `opt_out_event as made join message on message.account_id = made.account_id
      and message.episode_id = made.episode_id and message.kind = 'CONFIRMATION' and message.status = 'DELIVERED'
      and message.cost = 0 and message.msisdn = made.msisdn and message.created_at = made.created_at
      and message.sender_number = made.evidence->>'senderNumber'
      where ${byReply}`;
    expect(await count(made)).toBeGreaterThan(100);
    expect(await count(confirmed)).toBe(await count(made));
    expect(await count(`message where kind = 'CONFIRMATION'`)).toBe(await count(made));
  });

  it('has the verdicts that the matcher gives today', async () => {
    const replies = await select<{ account_id: number; text: string; verdict: string; rule: string | null }>(
      'select account_id, text, verdict, rule from reply',
    );
    expect(replies.length).toBeGreaterThan(500);
    for (const { account_id: accountId, text, verdict, rule } of replies) {
      const read = classifyReply(text, keywordLists.get(accountId));
      expect({ text, verdict, rule }).toEqual({
        text,
        verdict: storedVerdicts[read.verdict],
        rule: read.rule,
      });
    }
  });

  it('has replies that a person decided about, and a few that still wait', async () => {
    expect(await count(`reply where review_decision = 'OPTED_OUT'`)).toBeGreaterThan(5);
    expect(await count(`reply where review_decision = 'DISMISSED'`)).toBeGreaterThan(2);
    const waiting = await countRepliesToReview(db.pool, mintAccountScope(roastery, { userId: thandi }));
    expect(waiting).toBeGreaterThan(0);
    expect(waiting).toBeLessThan(10);
  });

  it('knows how many opt-outs there are', async () => {
    const scope = mintAccountScope(roastery, { userId: thandi });
    expect(await readOptOutTotal(db.pool, scope)).toBe(
      await count('opt_out where account_id = $1', [roastery]),
    );
  });

  it('has an opt-out for each certain reply, made by it or before it', async () => {
    const certain = `reply where verdict = 'OPT_OUT'`;
    expect(await count(certain)).toBeGreaterThan(100);
    expect(
      await count(`${certain} and not exists (select from ${episodes} where episode.account_id = reply.account_id
        and episode.msisdn = reply.msisdn and opened_at <= received_at and (ended_at is null or ended_at > received_at))`),
    ).toBe(0);
    expect(
      await count(`opt_out join reply on reply.account_id = opt_out.account_id and reply.id = opt_out.reply_id
        and reply.msisdn = opt_out.msisdn and reply.text = opt_out.reply_text and reply.rule = opt_out.rule
        where opt_out.kind in ('REPLY', 'SHARED_SENDER')`),
    ).toBe(await count(`opt_out where kind in ('REPLY', 'SHARED_SENDER')`));
  });

  it('answers the message that was the account’s last to that recipient from that sender number', async () => {
    const wrong = await select(`
      select reply.id from reply
      where message_id is distinct from (
        select message.id from message
        where message.account_id = reply.account_id and message.msisdn = reply.msisdn and kind <> 'CONFIRMATION'
          and message.sender_number = reply.sender_number and status <> 'BLOCKED' and created_at < received_at
        order by message.id desc limit 1)`);
    expect(wrong).toEqual([]);
    expect(await count('reply where message_id is not null')).toBeGreaterThan(400);
  });

  it('blocks a recipient for every account when they say stop on a sender number that several used', async () => {
    const shared = await select<{ msisdn: string; candidates: number[] }>(`
      select distinct opt_out.msisdn, evidence->'candidates' as candidates from opt_out
      join opt_out_event on opt_out_event.account_id = opt_out.account_id and episode_id = opt_out.id
      where opt_out.kind = 'SHARED_SENDER'`);
    expect(shared.length).toBeGreaterThan(2);
    for (const { msisdn, candidates } of shared) {
      expect(candidates.length).toBeGreaterThan(1);
      expect(await count('opt_out where msisdn = $1 and account_id = any($2)', [msisdn, candidates])).toBe(
        candidates.length,
      );
    }
  });

  it('has the conversations that its messages make', async () => {
    const missing = await select(`
      (select msisdn, sender_number, account_id, max(created_at), max(id) from message
       where kind <> 'CONFIRMATION' and status <> 'BLOCKED' group by 1, 2, 3)
      except (select msisdn, sender_number, account_id, last_message_at, last_message_id from conversation)`);
    expect(missing).toEqual([]);
    expect(await count('conversation')).toBe(
      await count(`(select distinct msisdn, sender_number, account_id from message
        where kind <> 'CONFIRMATION' and status <> 'BLOCKED') as talked`),
    );
  });

  it('has a receipt for each reply', async () => {
    expect(await count('carrier_receipt')).toBe(
      await count(`(select msisdn, carrier, carrier_message_id from reply union
        select msisdn, carrier, carrier_message_id from unowned_reply) as received`),
    );
  });

  it('sent campaigns and consent SMSs at lawful hours', async () => {
    const sent = await select<{ created_at: Date }>(
      `select distinct created_at from message where kind in ('NORMAL', 'CONSENT')`,
    );
    expect(sent.length).toBeGreaterThan(400);
    expect(sent.filter(({ created_at: at }) => !isLawfulTime(at))).toEqual([]);
  });

  it('writes to mobile numbers only', async () => {
    const numbers = await select<{ msisdn: string }>('select distinct msisdn from message');
    expect(numbers.length).toBeGreaterThan(1000);
    expect(numbers.filter(({ msisdn }) => !parseMsisdn(msisdn).ok)).toEqual([]);
  });

  it('has phones on the simulator’s shelf whose threads are what was sent and replied', async () => {
    const shelf = await select<{ msisdn: string }>(
      'select distinct msisdn from simulator_message order by msisdn',
    );
    expect(shelf.map(({ msisdn }) => msisdn)).toEqual(Object.values(phones).sort());
    expect(await count('simulator_message where not from_phone')).toBe(
      await count('message where msisdn = any($1) and sent_at is not null', [Object.values(phones)]),
    );
    expect(
      // all of them first: a cluster joins none of its own with a table that lies on one machine
      await count(`simulator_message as sms join (select * from message offset 0) as message
        on sms.reference = message.account_id || '-' || message.id and sms.msisdn = message.msisdn
        and sms.text = message.text and sms.sender_number = message.sender_number and sms.created_at = message.sent_at`),
    ).toBe(await count('simulator_message where not from_phone'));
    expect(
      await count(`simulator_message as sms where from_phone and (
          'phone-' || id, msisdn, text, sender_number) in (
          select carrier_message_id, msisdn, text, sender_number from (select * from reply offset 0) as reply)`),
    ).toBe(await count('simulator_message where from_phone'));
    const outOfOrder = `(select created_at < lag(created_at) over (partition by msisdn order by id) as late
      from simulator_message) as thread where late`;
    expect(await count(outOfOrder)).toBe(0);
  });

  it('lets everybody sign in whom it names', async () => {
    expect(demoSignIns.map(({ role }) => role)).toEqual([
      'Customer',
      'Customer',
      'Customer',
      'Staff',
      'Staff',
    ]);
    for (const { username, password } of demoSignIns) {
      const from = { address: null, deviceId: null };
      expect(await checkSignIn(db.pool, { username, password }, from)).toMatchObject({ ok: true });
    }
  });

  it('goes on from there: a message, a reply, an opt-out and its confirmation', async () => {
    const scope = mintAccountScope(roastery, { userId: thandi });
    const sent = await acceptMessages(db.pool, scope, {
      recipients: [phones.chatty],
      text: 'One more',
      idempotencyKey: 'e3a9dd6c-9f5c-4ad5-8f4a-6f0f3a1e2b11',
    });
    expect(sent).toMatchObject({ ok: true, queued: 1 });
    const [message] = await select<{ sender_number: string }>(
      'select sender_number from message where account_id = $1 and msisdn = $2 order by id desc limit 1',
      [roastery, phones.chatty],
    );
    const [outcome] = await receiveReplies(db.pool, [
      {
        carrier: 'simulator',
        carrierMessageId: 'phone-next',
        from: phones.chatty,
        to: readSenderNumber(message?.sender_number ?? ''),
        text: 'Stop',
        raw: null,
        receivedAt: new Date(),
      },
    ]);
    expect(outcome).toEqual({ status: 'accepted', accountIds: [roastery], verdict: 'opt-out' });
    expect(await count('opt_out where account_id = $1 and msisdn = $2', [roastery, phones.chatty])).toBe(1);
    expect(
      await count(`message where msisdn = $1 and kind = 'CONFIRMATION' and status = 'QUEUED'`, [
        phones.chatty,
      ]),
    ).toBe(1);
  });

  it('leaves a database alone that has accounts', async () => {
    const before = await count('message');
    await seedDemo(db, new Date(now.getTime() + 86_400_000));
    expect(await count('message')).toBe(before);
    expect(await count('account where id <> 1')).toBe(3);
  });
});

describe('composeDemo', () => {
  it('makes the same demo from the same moment', () => {
    const now = new Date('2026-09-24T10:00:00+02:00');
    expect(composeDemo(now)).toEqual(composeDemo(now));
  });
});
