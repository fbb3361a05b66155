import { afterAll, beforeAll, expect, it } from 'vitest';
import { isLong } from '@/testing/property-runs';
import { loadSmsCorpus } from '@/testing/sms-corpus';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { env } from '@/lib/env';
import { classifyReply } from '@/lib/opt-outs/matcher';
import { createReceiptIntake } from '@/lib/messages/receipt-intake';
import { createReplyIntake } from '@/lib/replies/intake';
import { createAccount, createSenderNumber } from '@/testing/factories';
import { answerCarrier } from './door';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const inFlight = 2000;

/** Which of them are taken: every one in the long form, else every tenth and the six that opt out. */
const isTaken = (text: string, index: number) =>
  isLong || index % 10 === 0 || classifyReply(text).verdict === 'opt-out';

it(
  `receives ${isLong ? '55,835 real SMSs' : 'a tenth of 55,835 real SMSs'} byte for byte, and opts out the six that ask for it`,
  { timeout: 120_000 },
  async () => {
    const { pool } = db;
    const corpus = loadSmsCorpus();
    expect(corpus).toHaveLength(55_835);
    const texts = corpus.filter(isTaken);
    const account = await createAccount(pool, { sender: 'shared' });
    const senderNumber = await createSenderNumber(pool);
    await pool.query(
      `insert into conversation (msisdn, sender_number, account_id, last_message_at, last_message_id)
     select (27830000000 + position)::text, $1, $2, now(), position from generate_series(0, $3 - 1) as position`,
      [senderNumber, account.id, texts.length],
    );

    const tools = { pool, replies: createReplyIntake(pool), receipts: createReceiptIntake(pool) };
    const statuses = new Map<number, number>();
    let next = 0;
    const sendTheRest = async () => {
      while (next < texts.length) {
        const position = next++;
        const body = {
          id: `sms-${position}`,
          from: String(27830000000 + position),
          to: senderNumber,
          text: texts[position],
        };
        const { status } = await answerCarrier(tools, {
          kind: 'reply',
          carrier: env.CARRIER,
          authorization: `Bearer ${env.CARRIER_SECRET}`,
          address: null,
          contentType: 'application/json',
          readBody: async () => Buffer.from(JSON.stringify(body)),
        });
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    };
    await Promise.all(Array.from({ length: inFlight }, sendTheRest));
    expect([...statuses]).toEqual([[200, texts.length]]);

    const { rows } = await pool.query<{
      msisdn: string;
      text: string;
      raw: Buffer | null;
      verdict: string;
      rule: string;
    }>(`select msisdn, text, raw, verdict, rule from reply where account_id = $1 order by msisdn`, [
      account.id,
    ]);
    expect(rows).toHaveLength(texts.length);
    const changed = rows.filter(({ text, raw }, position) => text !== texts[position] || raw !== null);
    expect(changed).toEqual([]);

    // design: exactly five match a published rule, one an extra keyword, and review stays under 0.1 %
    const optOuts = rows.filter(({ verdict }) => verdict === 'OPT_OUT');
    expect(optOuts.filter(({ rule }) => /^(exact|prefix):/.test(rule))).toHaveLength(5);
    expect(optOuts.filter(({ rule }) => rule.startsWith('extra:')).map(({ text }) => text.trim())).toEqual([
      'UNSUB',
    ]);
    expect(optOuts).toHaveLength(6);
    expect(rows.filter(({ verdict }) => verdict === 'REVIEW').length).toBeLessThan(texts.length / 1000);

    const { rows: blocked } = await pool.query<{ msisdn: string; confirmations: string; events: string }>(
      `select msisdn,
       (select count(*) from message where account_id = $1 and kind = 'CONFIRMATION' and episode_id = opt_out.id) as confirmations,
       (select count(*) from opt_out_event where account_id = $1 and episode_id = opt_out.id) as events
     from opt_out where account_id = $1 order by msisdn`,
      [account.id],
    );
    expect(blocked).toEqual(optOuts.map(({ msisdn }) => ({ msisdn, confirmations: '1', events: '1' })));
  },
);
