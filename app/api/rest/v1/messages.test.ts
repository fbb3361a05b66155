import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { claimBatch, recordHandover } from '@/lib/messages/claim';
import { recordReceipts } from '@/lib/messages/receipts';
import { createApiKey } from '@/testing/api-keys';
import { createAccount, createManualOptOut, nextMsisdn, type TestAccount } from '@/testing/factories';
import { ledgerOf, readLedger } from '@/testing/ledger';
import { askRest, type RestRequest } from '@/testing/rest-client';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';

let db: TestDatabase;
let strangerKey: string;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
  ({ secret: strangerKey } = await createApiKey(db.pool, await createAccount(db.pool, { credits: 50 })));
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

const text = 'Happy holidays from all at TelAmeriCorp.';
const send = '/sms/outgoing/send';

interface Client {
  account: TestAccount;
  key: string;
  ask: (url: string, json?: unknown, more?: Partial<RestRequest>) => ReturnType<typeof askRest>;
}

async function createClient(options: Parameters<typeof createAccount>[1] = {}): Promise<Client> {
  const account = await createAccount(db.pool, { credits: 100, ...options });
  const { secret: key } = await createApiKey(db.pool, account);
  return { account, key, ask: (url, json, more = {}) => askRest(url, { key, json, ...more }) };
}

const to = (...numbers: unknown[]) => numbers.map((mobileNumber) => ({ mobileNumber }));

interface SentRecipient {
  accepted: boolean;
  acceptError: string;
  apiMessageId: number;
  newCreditBalance: number;
}
const recipientsOf = ({ body }: { body: Record<string, unknown> }) => body.recipients as SentRecipient[];
const idsOf = (answer: { body: Record<string, unknown> }) =>
  recipientsOf(answer).map(({ apiMessageId }) => apiMessageId);

/** A time so many hours from now, as this API writes it, where the account is. */
function hoursAhead(hours: number): number {
  const at = new Date(Date.now() + hours * 3_600_000 + 2 * 3_600_000);
  return Number(at.toISOString().replace(/\D/g, '').slice(0, 12));
}

describe('sending', () => {
  test('answers for each recipient, in their order', async () => {
    const { account, ask } = await createClient({ credits: 100 });
    const [good, blocked] = [nextMsisdn(), nextMsisdn()];
    await createManualOptOut(db.pool, account, blocked);
    const answer = await ask(send, {
      message: text,
      maxSegments: 3,
      recipients: [
        { mobileNumber: good, clientMessageId: 'clientId-3023' },
        { mobileNumber: blocked },
        { mobileNumber: '276666666666', clientMessageId: 'clientId-3024' },
        { mobileNumber: good },
        { mobileNumber: `0${nextMsisdn().slice(2)}` },
      ],
    });
    expect(answer).toMatchObject({ status: 200, body: { statusCode: 200, version: '1.0' } });
    expect(answer.body.recipients).toEqual([
      {
        clientMessageId: 'clientId-3023',
        mobileNumber: good,
        accepted: true,
        acceptError: '',
        apiMessageId: expect.any(Number),
        creditCost: 1,
        newCreditBalance: 99,
      },
      {
        mobileNumber: blocked,
        accepted: false,
        acceptError: 'OPTEDOUT',
        creditCost: 0,
        newCreditBalance: 99,
      },
      {
        clientMessageId: 'clientId-3024',
        mobileNumber: '276666666666',
        accepted: false,
        acceptError: 'BADDEST',
        creditCost: 0,
        newCreditBalance: 99,
      },
      { mobileNumber: good, accepted: false, acceptError: 'DUPLICATE', creditCost: 0, newCreditBalance: 99 },
      expect.objectContaining({ accepted: true, newCreditBalance: 98 }),
    ]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(98));
  });

  test('for what the account has set: the description has no word for it', async () => {
    const { ask, account } = await createClient({ credits: 10 });
    const readPurposes = async () =>
      (
        await db.pool.query<{ purpose: string }>(
          'select purpose from message where account_id = $1 order by id',
          [account.id],
        )
      ).rows.map(({ purpose }) => purpose);
    await ask(send, { message: text, recipients: [{ mobileNumber: nextMsisdn() }] });
    await db.pool.query(`update account set default_purpose = 'MARKETING' where id = $1`, [account.id]);
    await ask(send, { message: text, recipients: [{ mobileNumber: nextMsisdn() }] });
    expect(await readPurposes()).toEqual(['SERVICE', 'MARKETING']);
  });

  test('to 1,000 at once', async () => {
    const { ask } = await createClient({ credits: 5000 });
    const recipients = Array.from({ length: 1000 }, (_, index) => ({
      mobileNumber: nextMsisdn(),
      clientMessageId: `a client's own id of some length, ${index}`,
    }));
    const answer = await ask(send, { message: text, recipients });
    expect(recipientsOf(answer).filter(({ accepted }) => accepted)).toHaveLength(1000);
    expect(new Set(idsOf(answer)).size).toBe(1000);
    expect(recipientsOf(answer).at(-1)?.newCreditBalance).toBe(4000);
  });

  test('to as many as there are credits for', async () => {
    const { account, ask } = await createClient({ credits: 3 });
    const answer = await ask(send, {
      message: 'a'.repeat(161),
      maxSegments: 2,
      recipients: to(nextMsisdn(), nextMsisdn()),
    });
    expect(recipientsOf(answer)).toMatchObject([
      { accepted: true, acceptError: '', creditCost: 2, newCreditBalance: 1 },
      { accepted: false, acceptError: 'INSUFFICIENT CREDITS', creditCost: 0, newCreditBalance: 1 },
    ]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(1));
  });

  test('to nobody who could be sent to', async () => {
    const { ask } = await createClient({ credits: 7 });
    const answer = await ask(send, { message: text, recipients: to('not a number', '') });
    expect(recipientsOf(answer)).toMatchObject([
      { accepted: false, acceptError: 'BADDEST', newCreditBalance: 7 },
      { accepted: false, acceptError: 'BADDEST', newCreditBalance: 7 },
    ]);
  });

  test('from a trial to its owner alone', async () => {
    const trialMsisdn = nextMsisdn();
    const { ask } = await createClient({ trialMsisdn });
    const answer = await ask(send, { message: text, recipients: to(trialMsisdn, nextMsisdn()) });
    expect(recipientsOf(answer)).toMatchObject([
      { accepted: true },
      { accepted: false, acceptError: 'TRIALNOT2SELF' },
    ]);
  });

  test.each([
    [`cleansed_on = '2020-01-01'`, 'NOTCLEANSED'],
    [`registration_ends_on = '2020-01-01'`, 'NOTREGISTERED'],
  ])('of an account that may send no marketing (%s)', async (fact, acceptError) => {
    const { account, ask } = await createClient({ defaultPurpose: 'MARKETING' });
    await db.pool.query(`update account set ${fact} where id = $1`, [account.id]);
    const answer = await ask(send, { message: text, recipients: to(nextMsisdn()) });
    expect(recipientsOf(answer)).toMatchObject([{ accepted: false, acceptError, creditCost: 0 }]);
  });

  test('of a marketing text that does not say who is speaking, where that is refused', async () => {
    const { ask } = await createClient({ defaultPurpose: 'MARKETING' });
    await db.pool.query(`update platform_setting set marketing_text_policy = 'REFUSE'`);
    const answer = await ask(send, { message: text, recipients: to(nextMsisdn()) });
    await db.pool.query(`update platform_setting set marketing_text_policy = 'ADVISE'`);
    expect(answer).toMatchObject({ status: 422 });
    expect(JSON.stringify(answer.body)).toContain('who is speaking');
  });

  test('numbers and ids written as numbers, and fields that nobody knows', async () => {
    const { ask } = await createClient();
    const answer = await ask(send, {
      message: text,
      maxSegments: '1',
      priority: 'high',
      scheduledTime: null,
      recipients: [{ mobileNumber: Number(nextMsisdn()), clientMessageId: 3023, name: 'Thandi' }],
    });
    expect(answer.body.recipients).toMatchObject([
      { accepted: true, clientMessageId: '3023', mobileNumber: expect.stringMatching(/^27/) },
    ]);
  });

  const good = to('27821234567');
  test.each<[string, unknown, string]>([
    ['no recipients', { message: text }, "There is an error in the 'recipients' array."],
    ['an empty list', { message: text, recipients: [] }, "There is an error in the 'recipients' array."],
    [
      '1,001 recipients',
      { message: text, recipients: to(...Array.from({ length: 1001 }, () => '1')) },
      'at most 1000 recipients',
    ],
    ['recipients that are texts', { message: text, recipients: ['27821234567'] }, "'recipients' array"],
    ['a recipient without a number', { message: text, recipients: [{}] }, "'mobileNumber' value"],
    ['a number that is a list', { message: text, recipients: to([1]) }, "'mobileNumber' value"],
    ['no message', { recipients: good }, "'message' value"],
    ['an empty message', { message: ' \n', recipients: good }, "'message' value"],
    ['a message that is a number', { message: 7, recipients: good }, "'message' value"],
    ['a list', [], 'must be a JSON object'],
    ['nothing', null, 'must be a JSON object'],
    ['seven segments', { message: text, recipients: good, maxSegments: 7 }, "'maxSegments' value"],
    ['no segments', { message: text, recipients: good, maxSegments: 0 }, "'maxSegments' value"],
    ['a longer message', { message: 'a'.repeat(161), recipients: good }, 'needs 2 segments'],
    ['one in Cyrillic', { message: 'ж'.repeat(71), recipients: good }, 'needs 2 segments'],
    ['more than 918', { message: 'a'.repeat(919), recipients: good, maxSegments: 6 }, 'needs 7 segments'],
  ])('refuses %s', async (_, json, words) => {
    const { account, ask } = await createClient();
    const answer = await ask(send, json);
    expect(answer).toMatchObject({ status: 422, body: { errorMessage: expect.stringContaining(words) } });
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(100));
  });

  test('with a key that may only read, or that is revoked, sends nothing', async () => {
    const { account } = await createClient();
    const { secret } = await createApiKey(db.pool, account, { scopes: ['READ'] });
    const json = { message: text, recipients: to(nextMsisdn()) };
    expect(await askRest(send, { key: secret, json })).toMatchObject({
      status: 401,
      body: { errorMessage: expect.stringContaining('SEND') },
    });
    const other = await createApiKey(db.pool, account);
    await db.pool.query('update api_key set revoked_at = now() where id = $1', [other.id]);
    expect(await askRest(send, { key: other.secret, json })).toMatchObject({
      status: 401,
      body: { errorMessage: expect.stringContaining('revoked') },
    });
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(100));
  });
});

describe.each([send, '/sms/outgoing/status', '/sms/scheduled/delete'])('a body of %s', (url) => {
  test.each([
    ['text/plain', "not 'text/plain'"],
    ['application/x-www-form-urlencoded', "not 'application/x-www-form-urlencoded'"],
    ['text/json', "not 'text/json'"],
  ])('of the type %s', async (contentType, words) => {
    const { ask } = await createClient();
    expect(await ask(url, [1], { contentType })).toMatchObject({
      status: 415,
      body: {
        errorMessage: `Request content-type should be set to 'application/json', ${words}.`,
      },
    });
  });

  test.each(['', '{', '{"message": }', 'message=Hello', '[1,]'])('that is no JSON: %s', async (body) => {
    const { ask } = await createClient();
    expect(await ask(url, undefined, { body, method: 'POST' })).toMatchObject({
      status: 400,
      body: { errorMessage: 'Invalid JSON payload received' },
    });
  });

  test('that is no UTF-8', async () => {
    const { ask } = await createClient();
    const body = new Uint8Array([0x5b, 0x22, 0xff, 0x22, 0x5d]);
    expect(await ask(url, undefined, { body })).toMatchObject({ status: 400 });
  });

  test('that is too large, whether it says so or not', async () => {
    const { ask } = await createClient();
    const body = JSON.stringify(['a'.repeat(205_000)]);
    const length = String(body.length);
    expect(await ask(url, undefined, { body, headers: { 'content-length': length } })).toMatchObject({
      status: 413,
      body: { errorMessage: 'Request POST data is: 206kb. The maximum POST size allowed is 200kb.' },
    });
    expect(await ask(url, undefined, { body })).toMatchObject({
      status: 413,
      body: {
        errorMessage: 'Request POST data is: more than 200kb. The maximum POST size allowed is 200kb.',
      },
    });
  });

  test('with a byte-order mark and a charset is read', async () => {
    const { ask } = await createClient();
    const json = url === send ? { message: text, recipients: to(nextMsisdn()) } : [1];
    const contentType = 'Application/JSON; charset=UTF-8';
    expect(await ask(url, undefined, { body: `\uFEFF${JSON.stringify(json)}`, contentType })).toMatchObject({
      status: 200,
    });
  });

  test('of a GET', async () => {
    const { ask } = await createClient();
    expect(await ask(url)).toMatchObject({
      status: 405,
      body: { errorMessage: "Request method should be set to 'POST', not 'GET'." },
    });
  });
});

describe('the status', () => {
  test('of each message, in the order they were asked for', async () => {
    const { account, ask } = await createClient();
    const numbers = Array.from({ length: 5 }, nextMsisdn);
    const ids = idsOf(await ask(send, { message: text, recipients: to(...numbers) }));
    const readCodes = async () =>
      ((await ask('/sms/outgoing/status', ids)).body.messageStatuses as { statusErrorCode: string }[]).map(
        ({ statusErrorCode }) => statusErrorCode,
      );
    expect(await readCodes()).toEqual(['INQUEUE', 'INQUEUE', 'INQUEUE', 'INQUEUE', 'INQUEUE']);

    await createManualOptOut(db.pool, account, numbers[4] as string);
    const { messages } = await claimBatch(db.pool, account.id, { limit: 10, leaseMs: 60_000 });
    await recordHandover(
      db.pool,
      messages,
      messages.map(({ id }) =>
        Number(id) === ids[3]
          ? ({ status: 'failed', reason: 'No.' } as const)
          : ({ status: 'sent', carrierMessageId: `c-${id}` } as const),
      ),
    );
    await recordReceipts(db.pool, [
      { accountId: account.id, messageId: String(ids[0]), status: 'delivered', reason: null },
      { accountId: account.id, messageId: String(ids[2]), status: 'failed', reason: 'Phone off.' },
    ]);
    expect(await readCodes()).toEqual(['', 'SENT', 'FAILED', 'SENDINGFAILED', 'SENDINGFAILED']);
    expect((await ask('/sms/outgoing/status', [String(ids[0]), 999_999_999])).body.messageStatuses).toEqual([
      {
        apiMessageId: ids[0],
        mobileNumber: numbers[0],
        statusDelivered: true,
        statusErrorCode: '',
        statusTime: expect.any(Number),
        creditCost: 1,
      },
      {
        apiMessageId: 999_999_999,
        mobileNumber: '',
        statusDelivered: false,
        statusErrorCode: 'NOTFOUND',
        statusTime: expect.any(Number),
        creditCost: 0,
      },
    ]);
    // nothing of them with another account's key, nor once they are 90 days old
    const strange = await askRest('/sms/outgoing/status', { key: strangerKey, json: ids });
    expect(strange.body.messageStatuses).toEqual(
      ids.map((apiMessageId) =>
        expect.objectContaining({ apiMessageId, statusErrorCode: 'NOTFOUND', mobileNumber: '' }),
      ),
    );
    await db.pool.query(
      `update message set created_at = $2, sent_at = case when sent_at is not null then $2::timestamptz end
       where account_id = $1`,
      [account.id, new Date(Date.now() - 91 * 24 * 60 * 60 * 1000)],
    );
    expect(await readCodes()).toEqual(ids.map(() => 'NOTFOUND'));
  });

  test.each<[unknown, string]>([
    [[2316, 'x'], 'At least one non-numeric api Id was supplied in the apiIds array.'],
    [[1.5], 'At least one non-numeric api Id was supplied in the apiIds array.'],
    [[null], 'At least one non-numeric api Id was supplied in the apiIds array.'],
    [[], 'At least one api Id must be supplied in the apiIds array.'],
    [Array.from({ length: 1001 }, () => 1), 'A maximum of 1000 api Ids can be supplied in the apiIds array.'],
    [{ apiIds: [1] }, 'The request must be a JSON array of api Ids.'],
  ])('refuses %j', async (json, errorMessage) => {
    const { ask } = await createClient();
    for (const url of ['/sms/outgoing/status', '/sms/scheduled/delete']) {
      expect(await ask(url, json)).toMatchObject({ status: 422, body: { errorMessage } });
    }
  });

  test('of an id with more digits than a number can have is refused: no answer could give it back', async () => {
    const { ask } = await createClient();
    for (const url of ['/sms/outgoing/status', '/sms/scheduled/delete']) {
      expect(await ask(url, ['9'.repeat(400)])).toMatchObject({ status: 422 });
    }
  });

  test('of ids larger than any of ours is not found', async () => {
    const { ask } = await createClient();
    const body = '[99999999999999999999, "123456789012345678901234567890"]';
    const answer = await ask('/sms/outgoing/status', undefined, { body });
    expect(answer.body.messageStatuses).toMatchObject([
      { statusErrorCode: 'NOTFOUND' },
      { statusErrorCode: 'NOTFOUND' },
    ]);
  });
});

describe('scheduled messages', () => {
  test('are listed, the next first, and deleted with their credits, once', async () => {
    const { account, ask } = await createClient();
    const later = hoursAhead(48);
    const soon = hoursAhead(24);
    const number = nextMsisdn();
    const first = idsOf(
      await ask(send, { message: text, recipients: to(number), scheduledTime: String(later) }),
    );
    const second = await ask(send, {
      message: text,
      recipients: to(nextMsisdn(), nextMsisdn()),
      scheduledTime: soon,
    });
    expect(recipientsOf(second)).toMatchObject([{ scheduledTime: soon }, { scheduledTime: soon }]);
    const ids = [...idsOf(second), ...first];

    const listed = await ask('/sms/scheduled');
    expect(listed.body).toMatchObject({ resultsOffset: 0, resultsLimit: 100, resultsTotalAvailable: 3 });
    expect(listed.body.scheduledMessages).toMatchObject(
      ids.map((apiMessageId, index) => ({
        apiMessageId,
        scheduledSendTime: index < 2 ? soon : later,
        creditCost: 1,
      })),
    );
    expect((await ask('/sms/scheduled?offset=2&limit=1')).body).toMatchObject({
      scheduledMessages: [{ mobileNumber: number }],
    });
    const strange = await askRest('/sms/scheduled', { key: strangerKey });
    expect(strange.body).toMatchObject({ scheduledMessages: [] });
    const refused = await askRest('/sms/scheduled/delete', { key: strangerKey, json: ids });
    expect(refused.body.deletedMessageStatuses).toMatchObject(
      ids.map(() => ({ deleted: false, deleteError: 'NOTFOUND', mobileNumber: '', creditCost: 0 })),
    );
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(97));

    const [one, , three] = ids;
    const deleted = await ask('/sms/scheduled/delete', [three, one, three, 999_999_999]);
    expect(deleted.body.deletedMessageStatuses).toEqual([
      { apiMessageId: three, mobileNumber: number, deleted: true, deleteError: '', creditCost: 1 },
      expect.objectContaining({ apiMessageId: one, deleted: true, creditCost: 1 }),
      { apiMessageId: three, mobileNumber: number, deleted: false, deleteError: 'NOTFOUND', creditCost: 0 },
      { apiMessageId: 999_999_999, mobileNumber: '', deleted: false, deleteError: 'NOTFOUND', creditCost: 0 },
    ]);
    expect((await ask('/sms/scheduled/delete', ids)).body.deletedMessageStatuses).toMatchObject([
      { deleted: false },
      { deleted: true },
      { deleted: false },
    ]);
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(100));
    expect((await ask('/sms/outgoing/status', [one])).body.messageStatuses).toMatchObject([
      { statusErrorCode: 'SENDINGFAILED', creditCost: 0 },
    ]);
  });

  test('whose time has passed leave at once', async () => {
    const { ask } = await createClient();
    const answer = await ask(send, {
      message: text,
      recipients: to(nextMsisdn()),
      scheduledTime: 201712251430,
    });
    expect(recipientsOf(answer)[0]).not.toHaveProperty('scheduledTime');
    expect((await ask('/sms/scheduled')).body).toMatchObject({ scheduledMessages: [] });
  });

  test.each([
    [20261225, 'format YYYYMMDDHHmm'],
    ['tomorrow', 'format YYYYMMDDHHmm'],
    ['2026-12-25 14:30', 'format YYYYMMDDHHmm'],
    [209902301200, 'no date and time that there is'],
    [209901012400, 'no date and time that there is'],
    [209901011200, 'days ahead'],
    [{}, 'format YYYYMMDDHHmm'],
    [true, 'format YYYYMMDDHHmm'],
  ])('for %j are refused', async (scheduledTime, words) => {
    const { account, ask } = await createClient();
    expect(await ask(send, { message: text, recipients: to(nextMsisdn()), scheduledTime })).toMatchObject({
      status: 422,
      body: { errorMessage: expect.stringContaining(words) },
    });
    expect(await readLedger(db.pool, account.id)).toEqual(ledgerOf(100));
  });

  test('are in the account’s own time, and in none that its clocks skip', async () => {
    const { account, ask } = await createClient();
    await db.pool.query(`update account set time_zone = 'Europe/London' where id = $1`, [account.id]);
    // the last Sunday of the next March that is still to come
    const lastSunday = (year: number) => 31 - new Date(Date.UTC(year, 2, 31)).getUTCDay();
    const thisYear = new Date().getUTCFullYear();
    const isPast = Date.now() > Date.UTC(thisYear, 2, lastSunday(thisYear) - 1);
    const year = isPast ? thisYear + 1 : thisYear;
    const day = lastSunday(year);
    const sendAt = (clock: string) =>
      ask(send, {
        message: text,
        recipients: to(nextMsisdn()),
        scheduledTime: Number(`${year}03${day}${clock}`),
      });
    expect(await sendAt('0130')).toMatchObject({
      status: 422,
      body: { errorMessage: expect.stringContaining('Europe/London skip') },
    });
    const ids = idsOf(await sendAt('0330'));
    const { rows } = await db.pool.query('select scheduled_at from message where id = $1', [ids[0]]);
    expect(rows).toEqual([{ scheduled_at: new Date(`${year}-03-${day}T02:30:00Z`) }]);
    expect((await ask('/sms/scheduled')).body).toMatchObject({
      scheduledMessages: [{ scheduledSendTime: Number(`${year}03${day}0330`) }],
    });
  });
});
