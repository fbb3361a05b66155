import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSenderNumber } from '@/lib/sms/sender-number';
import { propertyRuns } from '@/testing/property-runs';
import { createEarlierDatabase } from '@/testing/earlier-database';
import { violationOf } from '@/testing/one-server';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

test('the database reads a number as the program does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.oneof(
          fc.string({ unit: fc.constantFrom(...'0123456789 +()-./27') }),
          fc.stringMatching(/^(\+|0|00)?(27)?(\(0\)|0)?\d{0,12}$/),
          fc.stringMatching(/^[A-Za-z0-9]{0,11}$/),
        ),
        { maxLength: 50 },
      ),
      async (written) => {
        const { rows } = await db.pool.query<{ number: string }>(
          'select read_sender_number(written) as number from unnest($1::text[]) with ordinality as given (written, n) order by n',
          [written],
        );
        expect(rows.map(({ number }) => number)).toEqual(written.map(readSenderNumber));
      },
    ),
    propertyRuns(200),
  );
});

test.each(['087 123 4567', '0871234567', '+27871234567', '031023'])(
  'a sender number %j that somebody enters by hand is refused by name',
  async (number) => {
    await expect(
      db.pool.query(`insert into sender_number (number, kind) values ($1, 'LONG_CODE')`, [number]),
    ).rejects.toMatchObject(violationOf('sender_number_in_one_form'));
  },
);

describe('what was stored in other writings', () => {
  const migration = '20261128130100_one_form_of_sender_numbers';
  const accounts = `insert into account (id, name, owner_email)
    values (1, 'One', 'one@example.com'), (2, 'Two', 'two@example.com');`;

  test('has one form afterwards, and a conversation in two writings is one', async () => {
    const earlier = await createEarlierDatabase(
      db,
      migration,
      `${accounts}
      insert into sender_number (number, kind, account_id, enabled) values
        ('27600100200', 'LONG_CODE', null, true), ('0871234567', 'LONG_CODE', 1, true),
        ('27871234567', 'LONG_CODE', 1, false), ('2731023', 'SHORT_CODE', null, true);
      insert into conversation (msisdn, sender_number, account_id, last_message_at, last_message_id) values
        ('27821', '0871234567', 1, '2026-01-02', 2), ('27821', '27871234567', 1, '2026-01-01', 1),
        ('27821', '2731023', 2, '2026-01-01', 3), ('27821', '27600100200', 2, '2026-01-01', 4);
      insert into message (account_id, id, msisdn, sender_number, text, segments, cost, status)
        values (1, 2, '27821', '0871234567', 'Hello', 1, 1, 'SENT');
      insert into unowned_reply (msisdn, sender_number, text, verdict, carrier, carrier_message_id, received_at)
        values ('27822', '+27(0)87 123 4567', 'STOP', 'OPT_OUT', 'c', '1', now()),
          ('27822', 'MTN', 'Hello', 'NONE', 'c', '2', now());`,
    );
    try {
      expect(await earlier.migrate()).toEqual([migration]);
      const list = async (sql: string) => (await earlier.client.query(sql)).rows;
      expect(await list('select number, account_id, enabled from sender_number order by number')).toEqual([
        { number: '27600100200', account_id: null, enabled: true },
        { number: '27871234567', account_id: 1, enabled: true },
        { number: '31023', account_id: null, enabled: true },
      ]);
      expect(
        await list(
          'select sender_number, account_id, last_message_id from conversation order by last_message_id',
        ),
      ).toEqual([
        { sender_number: '27871234567', account_id: 1, last_message_id: '2' },
        { sender_number: '31023', account_id: 2, last_message_id: '3' },
        { sender_number: '27600100200', account_id: 2, last_message_id: '4' },
      ]);
      expect(await list('select sender_number from message')).toEqual([{ sender_number: '27871234567' }]);
      expect(await list('select sender_number from unowned_reply order by id')).toEqual([
        { sender_number: '27871234567' },
        { sender_number: 'MTN' },
      ]);
    } finally {
      await earlier.close();
    }
  });

  test('and belongs to two accounts is for a person to settle: nothing is changed', async () => {
    const earlier = await createEarlierDatabase(
      db,
      migration,
      `${accounts}
      insert into sender_number (number, kind, account_id) values
        ('0871234567', 'LONG_CODE', 1), ('27871234567', 'LONG_CODE', 2);`,
    );
    try {
      await expect(earlier.migrate()).rejects.toThrow(/0871234567 and 27871234567 are one number/);
      const { rows } = await earlier.client.query('select number from sender_number order by number');
      expect(rows).toEqual([{ number: '0871234567' }, { number: '27871234567' }]);
    } finally {
      await earlier.close();
    }
  });
});
