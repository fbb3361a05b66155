import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mintStaffScope, type StaffScope } from '@/lib/auth/scope';
import { acceptMessages } from '@/lib/messages/commands';
import { receiveReplies } from '@/lib/replies/commands';
import { readStory } from '@/lib/stories/queries';
import {
  composeReply,
  createAccount,
  createUser,
  listOnRegistry,
  nextMsisdn,
  topUp,
  type TestAccount,
} from '@/testing/factories';
import { timeLimit } from '@/testing/one-server';
import { propertyRuns } from '@/testing/property-runs';
import { createEndpoint } from '@/testing/webhooks';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { liftHold, setHold } from './holds';
import { applyRetention } from './retention-job';
import { erasePerson, findPerson, readPerson } from './person';
import { writePersonXlsx } from './person-export';
import { readSheet } from 'read-excel-file/node';
import { buffer } from 'node:stream/consumers';

let db: TestDatabase;
let staff: StaffScope;

beforeAll(async () => {
  db = await createTestDatabase();
  staff = mintStaffScope(await createUser(db.pool, { accountId: null }));
});
afterAll(() => db.close());

const offer = 'Our offer of the week';

async function send(account: TestAccount, msisdn: string) {
  await topUp(db.pool, account.id, 10);
  const sent = await acceptMessages(db.pool, account.scope, {
    recipients: [`+${msisdn}`],
    text: offer,
    idempotencyKey: randomUUID(),
  });
  await db.pool.query(
    `update message set status = 'DELIVERED', next_attempt_at = null where account_id = $1 and msisdn = $2 and status <> 'BLOCKED'`,
    [account.id, msisdn],
  );
  return sent;
}

const readSender = async (account: TestAccount, msisdn: string) =>
  (
    await db.pool.query<{ sender: string }>(
      'select sender_number as sender from message where account_id = $1 and msisdn = $2 order by id desc limit 1',
      [account.id, msisdn],
    )
  ).rows[0]?.sender ?? '';

async function reply(account: TestAccount, msisdn: string, text: string, senderNumber?: string) {
  await receiveReplies(db.pool, [
    composeReply({ from: msisdn, to: senderNumber ?? (await readSender(account, msisdn)), text }),
  ]);
  await db.pool.query(
    `update message set status = 'DELIVERED', next_attempt_at = null where account_id = $1 and msisdn = $2 and status <> 'BLOCKED'`,
    [account.id, msisdn],
  );
}

/** Traces of every kind besides those that sending and replying leave. */
async function leaveTraces(account: TestAccount, msisdn: string) {
  const shown = `+27 ${msisdn.slice(2, 4)} ${msisdn.slice(4, 7)} ${msisdn.slice(7)}`;
  const national = `0${msisdn.slice(2)}`;
  const run = (sql: string, values: unknown[]) => db.pool.query(sql, values);
  await run(
    `insert into notice (account_id, event_key, title, text, path) values ($1, gen_random_uuid(), $2, 'About a number', $3)`,
    [account.id, `Removed: ${shown}`, `/numbers/${msisdn}`],
  );
  await run(
    `insert into email (account_id, event_key, recipient, subject, text, html, state, next_attempt_at) values ($1, gen_random_uuid(), 'owner@example.com', 'A request', $2, $2, 'SENT', null)`,
    [account.id, `About ${shown}`],
  );
  await run(
    `insert into number_list (account_id, id, purpose, state, name, lines, invalid, duplicates, numbers) values ($1, 1, 'CHECK', 'DONE', 'numbers.csv', 2, 0, 0, 2)`,
    [account.id],
  );
  await run(
    `insert into number_list_block (account_id, list_id, first_position, lines, inputs, msisdns, problems)
     values ($1, 1, 1, '{1,2}', array[$2, '0821110000'], array[$3, '27821110000'], '{null,null}'),
       ($1, 1, 3, '{3,4}', '{}', array[$3, '27821110001'], '{}')`,
    [account.id, national, msisdn],
  );
  await run(
    `insert into unowned_reply (msisdn, sender_number, text, verdict, carrier, carrier_message_id, received_at) values ($1, '27600100200', 'Who is this?', 'NONE', 'simulator', gen_random_uuid(), now())`,
    [msisdn],
  );
  await run(
    `insert into set_aside_reply (carrier, door, content, content_hash, msisdn, text, verdict, received_at, fault, attempts, tried_at)
     values ('kannel', 'KANNEL', 'text', gen_random_uuid(), $1, 'Who is this?', 'NONE', now(), 'TypeError', 4, now())`,
    [msisdn],
  );
  await run(
    `insert into simulator_message (msisdn, from_phone, sender_number, text) values ($1, true, '27600100200', 'Who is this?')`,
    [msisdn],
  );
  const hook = await createEndpoint(db.pool, account, 'http://localhost/');
  await run(
    `insert into webhook_delivery (account_id, endpoint_id, type, msisdn, data, created_at) values ($1, $2, 'reply.received', $3, $4, now())`,
    [account.id, hook.id, msisdn, { number: `+${msisdn}`, text: 'Who is this?' }],
  );
  await run(
    `insert into one_time_secret (id, purpose, subject, sent_to, secret_hash, created_at, expires_at)
     values (gen_random_uuid(), 'register-number', gen_random_uuid()::text, $1, 'x', now() - interval '1 hour', now() - interval '50 minutes')`,
    [msisdn],
  );
  // of long ago, so that it need not be proved any more
  await run(
    `insert into consent (account_id, msisdn, id, given_at, source, wording, url) values ($1, $2, 1, '2020-01-01', 'PAPER', 'Yes', $3)`,
    [account.id, msisdn, `https://shop.example/${msisdn}`],
  );
  await run(
    `insert into consent_event (account_id, msisdn, consent_id, kind, actor, evidence, created_at) values ($1, $2, 1, 'GIVEN', 'user:1', $3, '2020-01-02')`,
    [account.id, msisdn, { wording: 'Yes', source: 'PAPER', url: `https://shop.example/${msisdn}` }],
  );
  await run(`insert into rate_limit (key, points) values ($1, 1)`, [`removal-request:${msisdn}`]);
  await run(
    `insert into audit_entry (user_id, action, target, target_account_id, details) values (1, 'opt-out.add', $2, $1, $3)`,
    [account.id, `${shown} of W${account.id}`, { reason: `${national} asked` }],
  );
  await run(`insert into audit_entry (user_id, action, target, details) values (1, 'reply.note', $1, '{}')`, [
    `A reply of ${shown}`,
  ]);
  await run(
    `insert into activity (account_id, user_id, kind, details, created_at) values ($1, 1, 'opt-out.add', $2, now())`,
    [account.id, { number: msisdn }],
  );
}

/**
 * Tables that hold the number of a person for a reason of their own: told on the page, and none of the
 * recipient’s traces.
 */
const excepted = [
  // a user’s own number, which ends with the user, and one that was typed within a day
  'portal_user.own_msisdn',
  'account.trial_msisdn',
  'registration.msisdn',
];

/** Every column of text, list or JSON of the schema that still holds the number or one of the texts. */
async function findTraces(msisdn: string, texts: string[]): Promise<string[]> {
  const { rows: columns } = await db.owner.query<{ table: string; column: string }>(
    `select table_name as table, column_name as column from information_schema.columns
     join information_schema.tables using (table_schema, table_name)
     where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> '_prisma_migrations'
       and data_type in ('text', 'character varying', 'json', 'jsonb', 'ARRAY', 'bytea') order by 1, 2`,
  );
  expect(columns.length).toBeGreaterThan(80);
  const found: string[] = [];
  for (const { table, column } of columns) {
    const name = `${table}.${column}`;
    if (excepted.includes(name)) continue;
    const { rowCount } = await db.owner.query(
      `select from "${table}" where mentions_number("${column}"::text, $1) or "${column}"::text = any ($2) limit 1`,
      [msisdn, texts],
    );
    if (rowCount) found.push(name);
  }
  return found;
}

describe('erasing a number', () => {
  test('leaves nothing of it in any column of any table, when nothing is to be proved', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const msisdn = nextMsisdn();
    for (const one of [account, other]) {
      await send(one, msisdn);
      await reply(one, msisdn, `Thank you ${msisdn}`);
    }
    await leaveTraces(account, msisdn);
    const before = await findTraces(msisdn, []);
    expect(before).toEqual(
      expect.arrayContaining([
        'message.msisdn',
        'reply.msisdn',
        'reply.text',
        'conversation.msisdn',
        'notice.title',
        'email.text',
        'number_list_block.msisdns',
        'audit_entry.target',
        'activity.details',
        'unowned_reply.msisdn',
        'set_aside_reply.msisdn',
        'consent.msisdn',
        'consent_event.evidence',
      ]),
    );
    const neighbour = nextMsisdn();
    await send(account, neighbour);

    const result = await erasePerson(db.pool, staff, { number: `+${msisdn}`, reason: 'They asked' });
    expect(result).toMatchObject({ ok: true, person: { accounts: [], withoutAccount: 0 } });
    expect(await findTraces(msisdn, [`Thank you ${msisdn}`])).toEqual([]);
    // What was sent still counts, and says why it says nothing.
    const { rows } = await db.pool.query<{ text: string; msisdn: string }>(
      'select text, msisdn from message where account_id = $1 order by id',
      [account.id],
    );
    expect(rows).toEqual([
      {
        msisdn: '',
        text: expect.stringMatching(
          /^Text erased on .* at the request of the person it is about\.$/,
        ) as string,
      },
      { msisdn: neighbour, text: offer },
    ]);
    const { rows: events } = await db.pool.query(
      `select history from erasure_event where account_id = $1 order by 1`,
      [account.id],
    );
    expect(events).toEqual([
      { history: 'activity' },
      { history: 'audit_entry' },
      { history: 'consent_event' },
    ]);
  });

  test('keeps a block in force with the reply that began it, and the gate still blocks', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await send(account, msisdn);
    await reply(account, msisdn, 'Lovely');
    await reply(account, msisdn, 'Stop');
    await leaveTraces(account, msisdn);
    const result = await erasePerson(db.pool, staff, { number: `+${msisdn}`, reason: 'They asked' });
    expect(result).toMatchObject({
      ok: true,
      person: { accounts: [{ accountId: account.id, isBlocked: true, kept: ['block'] }] },
    });

    await send(account, msisdn);
    const { rows } = await db.pool.query<{ status: string }>(
      `select status from message where account_id = $1 and msisdn = $2 order by id desc limit 1`,
      [account.id, msisdn],
    );
    expect(rows).toEqual([{ status: 'BLOCKED' }]);
    const story = await readStory(db.pool, account.scope, msisdn);
    expect(story?.block?.evidence?.text).toBe('Stop');
    expect(story?.block?.confirmation?.status).toBe('DELIVERED');
    expect(story?.items.filter(({ type }) => type === 'event')).toMatchObject([
      { kind: 'OPTED_OUT', reply: { text: 'Stop' } },
    ]);
    expect(story?.items.flatMap((item) => (item.type === 'reply' ? [item.text] : []))).toEqual(['Stop']);
    expect(
      (await findTraces(msisdn, ['Lovely'])).filter(
        (name) => !/^(message|reply|opt_out|opt_out_event|audit_entry|activity)\./.test(name),
      ),
    ).toEqual([]);
  });

  test('stops at a hold on the number, and leaves out an account on hold', async () => {
    const [held, free] = [await createAccount(db.pool), await createAccount(db.pool)];
    const msisdn = nextMsisdn();
    for (const one of [held, free]) await send(one, msisdn);
    await setHold(db.pool, staff, { subject: `W${held.id}`, reason: 'Case 17' });
    const result = await erasePerson(db.pool, staff, { number: msisdn, reason: 'They asked' });
    expect(result).toMatchObject({
      ok: true,
      person: { accounts: [{ accountId: held.id, kept: ['hold'] }] },
    });
    await setHold(db.pool, staff, { subject: `+${msisdn}`, reason: 'Case 18' });
    expect(await erasePerson(db.pool, staff, { number: msisdn, reason: 'They asked' })).toMatchObject({
      ok: false,
      message: expect.stringMatching(/legal hold/) as string,
    });
  });

  test.each(['account', 'number'] as const)(
    'stops at a hold on the %s that is set meanwhile',
    async (what) => {
      const account = await createAccount(db.pool);
      const msisdn = nextMsisdn();
      await send(account, msisdn);
      // set between the look at what there is and the first erasing
      let isSet = false;
      const between = Object.assign(Object.create(db.pool) as typeof db.pool, {
        // which asks for a connection itself
        query: db.pool.query.bind(db.pool),
        connect: async () => {
          if (!isSet) {
            isSet = true;
            const subject = what === 'account' ? `W${account.id}` : `+${msisdn}`;
            await setHold(db.pool, staff, { subject, reason: 'Case 19' });
          }
          return db.pool.connect();
        },
      });
      const result = await erasePerson(between, staff, { number: msisdn, reason: 'They asked' });
      expect(isSet).toBe(true);
      expect(result).toMatchObject(
        what === 'account'
          ? { ok: true, erased: 0 }
          : { ok: false, message: expect.stringMatching(/meanwhile/) },
      );
      expect(await findTraces(msisdn, [])).toEqual(
        expect.arrayContaining(['conversation.msisdn', 'message.msisdn']),
      );
    },
  );

  test('keeps what says whose a reply is while one is waited for', async () => {
    const [sending, asking, done] = [
      await createAccount(db.pool),
      await createAccount(db.pool),
      await createAccount(db.pool),
    ];
    const msisdn = nextMsisdn();
    for (const one of [sending, asking, done]) await send(one, msisdn);
    await db.pool.query(
      `update message set status = 'QUEUED', next_attempt_at = now() + interval '1 hour' where account_id = $1`,
      [sending.id],
    );
    await db.pool.query(
      `insert into removal_request (account_id, msisdn, episode_id, state, permission_text, permission_at, consent_message_id, expires_at)
       select account_id, msisdn, 1, 'AWAITING_REPLY', 'Yes', now(), id, now() + interval '7 days' from message where account_id = $1`,
      [asking.id],
    );
    await erasePerson(db.pool, staff, { number: msisdn, reason: 'They asked' });
    const { rows } = await db.pool.query<{ id: number }>(
      'select account_id as id from conversation where msisdn = $1 order by 1',
      [msisdn],
    );
    expect(rows.map(({ id }) => id)).toEqual([sending.id, asking.id].sort((one, other) => one - other));
  });

  test('takes the text of a batch that was theirs alone, and leaves that of others', async () => {
    const account = await createAccount(db.pool);
    const [msisdn, other] = [nextMsisdn(), nextMsisdn()];
    await send(account, msisdn);
    await topUp(db.pool, account.id, 10);
    await acceptMessages(db.pool, account.scope, {
      recipients: [`+${msisdn}`, `+${other}`],
      text: 'To both of you',
      idempotencyKey: randomUUID(),
    });
    const finish = `update message set status = 'DELIVERED', next_attempt_at = null where account_id = $1`;
    await db.pool.query(finish, [account.id]);
    await erasePerson(db.pool, staff, { number: msisdn, reason: 'They asked' });
    const readBatches = async () =>
      (
        await db.pool.query<{ text: string }>(
          'select text from message_batch where account_id = $1 order by id',
          [account.id],
        )
      ).rows.map(({ text }) => text);
    const gone = expect.stringMatching(/^Text erased on/) as string;
    expect(await readBatches()).toEqual([gone, 'To both of you']);
    await erasePerson(db.pool, staff, { number: other, reason: 'They asked too' });
    expect(await readBatches()).toEqual([gone, gone]);
  });

  test('loses no webhook that is still to be sent, and says so', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await send(account, msisdn);
    await createEndpoint(db.pool, account, 'http://localhost/');
    await reply(account, msisdn, 'Stop');
    const readDeliveries = async () =>
      (
        await db.pool.query<{ type: string }>(
          'select type from webhook_delivery where account_id = $1 order by type',
          [account.id],
        )
      ).rows.map(({ type }) => type);
    // nothing has made deliveries of what happened yet
    expect(await readDeliveries()).toEqual([]);
    await erasePerson(db.pool, staff, { number: msisdn, reason: 'They asked' });
    expect(await readDeliveries()).toEqual(expect.arrayContaining(['opt_out.created', 'reply.received']));
    expect((await readPerson(db.pool, staff, msisdn)).accounts).toMatchObject([
      { kept: ['block', 'queued'] },
    ]);
    await db.pool.query(
      `update webhook_delivery set state = 'DELIVERED', next_attempt_at = null where account_id = $1`,
      [account.id],
    );
    await erasePerson(db.pool, staff, { number: msisdn, reason: 'They asked' });
    expect(await readDeliveries()).toEqual([]);
  });

  test('takes no reason that names the number, as the audit log keeps it', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await send(account, msisdn);
    const national = `0${msisdn.slice(2)}`;
    for (const shown of [msisdn, `+27 (${msisdn.slice(2, 4)}) ${msisdn.slice(4)}`, national]) {
      const reason = `The owner of ${shown} asked`;
      const refused = { ok: false, message: expect.stringMatching(/Leave the number out/) as string };
      expect(await erasePerson(db.pool, staff, { number: msisdn, reason })).toMatchObject(refused);
      expect(await setHold(db.pool, staff, { subject: msisdn, reason })).toMatchObject(refused);
    }
    const hold = await setHold(db.pool, staff, { subject: msisdn, reason: 'Case 23' });
    if (!hold.ok) throw new Error(hold.message);
    const lift = (reason: string) => liftHold(db.pool, staff, { id: hold.id, reason });
    expect(await lift(`${national} settled`)).toMatchObject({ ok: false });
    expect(await lift('Settled')).toEqual({ ok: true });
    const { rowCount } = await db.pool.query(
      `select from audit_entry where mentions_number(target || details::text, $1)`,
      [msisdn],
    );
    expect(rowCount).toBe(0);
  });

  test('does once what is asked twice, and what is nothing is nothing', async () => {
    const account = await createAccount(db.pool);
    const msisdn = nextMsisdn();
    await send(account, msisdn);
    expect(await erasePerson(db.pool, staff, { number: msisdn, reason: 'They asked' })).toMatchObject({
      ok: true,
    });
    expect(await erasePerson(db.pool, staff, { number: msisdn, reason: 'They asked' })).toMatchObject({
      ok: true,
      erased: 0,
    });
    expect(await erasePerson(db.pool, staff, { number: 'no number', reason: 'They asked' })).toMatchObject({
      ok: false,
    });
  });
});

test(
  'whatever happened before: after erasing, what was opted out is blocked, and nothing else is',
  async () => {
    const steps = fc.array(fc.constantFrom('send', 'chat', 'stop', 'erase', 'night'), {
      minLength: 1,
      maxLength: 7,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (names) => {
        const account = await createAccount(db.pool);
        const msisdn = nextMsisdn();
        await send(account, msisdn);
        // Where the conversation was: what is erased takes it away, and a carrier knows nothing of that.
        const senderNumber = await readSender(account, msisdn);
        let isOptedOut = false;
        for (const name of [...names, 'erase']) {
          if (name === 'send') await send(account, msisdn);
          if (name === 'chat') await reply(account, msisdn, 'Lovely', senderNumber);
          if (name === 'stop') {
            // After erasing too: the sender number is the account's own, and tells whose the reply is.
            await reply(account, msisdn, 'Stop', senderNumber);
            isOptedOut = true;
          }
          if (name === 'erase')
            await erasePerson(db.pool, staff, { number: `+${msisdn}`, reason: 'They asked' });
          if (name === 'night') await applyRetention(db.pool, new Date(Date.now() + 3 * 365 * 86_400_000));
        }
        await send(account, msisdn);
        const { rows } = await db.pool.query<{ status: string }>(
          'select status from message where account_id = $1 and msisdn = $2 order by id desc limit 1',
          [account.id, msisdn],
        );
        expect(rows[0]?.status).toBe(isOptedOut ? 'BLOCKED' : 'DELIVERED');
        const { rowCount } = await db.pool.query(
          `select from opt_out_event where account_id = $1 and msisdn = $2 and evidence ->> 'text' = 'Stop'`,
          [account.id, msisdn],
        );
        expect(rowCount).toBe(isOptedOut ? 1 : 0);
      }),
      // npm run soak -- --only properties runs sixty.
      propertyRuns(5, 60),
    );
  },
  timeLimit(240_000),
);

describe('looking a number up', () => {
  test('finds it across accounts, and nothing of another number; the log has a mark and no number', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const [msisdn, neighbour] = [nextMsisdn(), nextMsisdn()];
    for (const one of [account, other]) await send(one, msisdn);
    await send(other, neighbour);
    const found = await findPerson(db.pool, staff, { number: `0${msisdn.slice(2)}` });
    expect(found).toMatchObject({
      ok: true,
      person: {
        accounts: [
          { accountId: account.id, messages: 1 },
          { accountId: other.id, messages: 1 },
        ],
      },
    });
    const { rows } = await db.pool.query<{ entry: string }>(
      `select target || details::text as entry from audit_entry where action = 'person.find'`,
    );
    expect(rows.at(-1)?.entry).toMatch(/^Number [0-9a-f]{16}/);
    expect(rows.filter(({ entry }) => entry.includes(msisdn.slice(2)))).toEqual([]);
  });

  test('the workbook has every row of it and what would be kept, and no other number', async () => {
    const [account, other] = [await createAccount(db.pool), await createAccount(db.pool)];
    const [msisdn, neighbour] = [nextMsisdn(), nextMsisdn()];
    for (const one of [account, other]) await send(one, msisdn);
    await send(account, neighbour);
    await reply(account, msisdn, 'Stop');
    await leaveTraces(account, msisdn);
    await listOnRegistry(db.pool, [msisdn, neighbour]);
    const file = await buffer(writePersonXlsx(db.pool, await readPerson(db.pool, staff, msisdn)));
    const rows = (await readSheet(file)).map((row) => row.map(String));
    const whats = rows.map(([who, what]) => `${who} ${what}`);
    expect(whats).toEqual(
      expect.arrayContaining([
        `W${account.id} Kept when erased`,
        `W${account.id} Message`,
        `W${account.id} Reply`,
        `W${account.id} Opt-out`,
        `W${account.id} Event of an opt-out`,
        `W${other.id} Message`,
        'null Reply without an owner',
        'null Reply that could not be recorded',
        'null National opt-out registry',
      ]),
    );
    expect(rows.flat().filter((cell) => cell.includes(neighbour))).toEqual([]);
  });
});
