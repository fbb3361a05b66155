import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { mintAccountScope } from '@/lib/auth/scope';
import { createApiKey } from '@/testing/api-keys';
import { createAccount, createSenderNumber, type TestAccount } from '@/testing/factories';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { chooseKeySender, makeApiKey, revokeApiKey, rotateApiKey, type SecretAnswer } from './commands';
import { findApiKey } from './find-key';
import { listApiKeys, listOwnSenders } from './queries';
import { maxKeys } from './schema';

let db: TestDatabase;
let account: TestAccount;
const noon = new Date('2026-12-01T10:00:00Z');
const later = (minutes: number) => new Date(noon.getTime() + minutes * 60_000);

beforeAll(async () => {
  db = await createTestDatabase();
});
beforeEach(async () => {
  account = await createAccount(db.pool);
});
afterAll(() => db.close());

const find = (secret: string, at = noon, address: string | null = null) =>
  findApiKey(db.pool, secret, 'READ', address, at);

function secretOf(answer: SecretAnswer): string {
  if (!answer.ok) throw new Error(answer.message);
  return answer.secret;
}

test('a key opens its account, with its scope, and is kept as a hash alone', async () => {
  const { id, secret } = await createApiKey(db.pool, account, { scopes: ['READ'] });
  expect(await find(secret)).toEqual({
    ok: true,
    key: { accountId: account.id, keyId: id, timeZone: 'Africa/Johannesburg', senderNumber: null },
  });
  expect(await findApiKey(db.pool, secret, 'SEND', null, noon)).toEqual({
    ok: false,
    fault: { code: 'no-scope', needed: 'SEND' },
  });
  const { rows } = await db.pool.query('select to_jsonb(api_key)::text as row from api_key where id = $1', [
    id,
  ]);
  expect(rows).toHaveLength(1);
  expect(rows[0].row).not.toContain(secret);
  expect(rows[0].row).not.toContain(secret.slice(10, 50));
  const [row] = await listApiKeys(db.pool, account.scope, noon);
  expect(row).toMatchObject({
    state: 'active',
    scopes: ['READ'],
    hint: `cz_${account.id}_…${secret.slice(-6)}`,
  });
});

test('when it was last used is written once a minute at most', async () => {
  const { secret } = await createApiKey(db.pool, account);
  const readLast = async () => (await listApiKeys(db.pool, account.scope, noon))[0]?.lastUsedAt;
  expect(await readLast()).toBeNull();
  await find(secret, noon);
  expect(await readLast()).toBe(noon.toISOString());
  await find(secret, later(0.9));
  expect(await readLast()).toBe(noon.toISOString());
  await find(secret, later(1.1));
  expect(await readLast()).toBe(later(1.1).toISOString());
});

describe('it lets nobody in', () => {
  test('once it is revoked, and stays so when that is asked twice', async () => {
    const { id, secret } = await createApiKey(db.pool, account);
    expect(await revokeApiKey(db.pool, account.scope, { id }, noon)).toEqual({ ok: true });
    expect(await revokeApiKey(db.pool, account.scope, { id }, noon)).toEqual({ ok: true });
    expect(await find(secret)).toEqual({ ok: false, fault: { code: 'key-revoked' } });
    const { rows } = await db.pool.query(`select kind from activity where account_id = $1 order by id`, [
      account.id,
    ]);
    expect(rows.map(({ kind }) => kind)).toEqual(['api-key.make', 'api-key.revoke']);
  });

  test('after its day', async () => {
    const expiresAt = new Date(Date.now() + 86_400_000);
    const { secret } = await createApiKey(db.pool, account, { expiresAt });
    expect(await find(secret, new Date(expiresAt.getTime() - 1))).toMatchObject({ ok: true });
    expect(await find(secret, expiresAt)).toEqual({
      ok: false,
      fault: { code: 'key-expired' },
    });
  });

  test('while its account is suspended', async () => {
    const { secret } = await createApiKey(db.pool, account);
    await db.pool.query(`update account set status = 'SUSPENDED' where id = $1`, [account.id]);
    expect(await find(secret)).toEqual({ ok: false, fault: { code: 'account-suspended' } });
  });

  test('from elsewhere than its addresses, nor when nobody knows from where', async () => {
    const { secret } = await createApiKey(db.pool, account, { networks: ['196.25.1.0/24'] });
    expect(await find(secret, noon, '196.25.1.9')).toMatchObject({ ok: true });
    expect(await find(secret, noon, '196.25.2.9')).toMatchObject({ fault: { code: 'wrong-address' } });
    expect(await find(secret, noon, null)).toMatchObject({ fault: { code: 'wrong-address', address: null } });
  });

  test('that is well made and nobody’s', async () => {
    const other = await createAccount(db.pool);
    const { secret } = await createApiKey(db.pool, other);
    await db.pool.query('delete from api_key where account_id = $1', [other.id]);
    expect(await find(secret)).toEqual({ ok: false, fault: { code: 'bad-key' } });
    expect(await find('2C9DAABE-0000-0000-0000-000000000000')).toEqual({
      ok: false,
      fault: { code: 'bad-key' },
    });
  });
});

describe('a new secret', () => {
  test('works at once, and the old one until its time', async () => {
    const { id, secret: old } = await createApiKey(db.pool, account);
    const rotated = await rotateApiKey(db.pool, account.scope, { id, seen: 1, overlapHours: 24 }, noon);
    const fresh = secretOf(rotated);
    for (const secret of [old, fresh]) expect(await find(secret, later(23 * 60))).toMatchObject({ ok: true });
    expect(await find(old, later(24 * 60))).toEqual({ ok: false, fault: { code: 'bad-key' } });
    expect(await find(fresh, later(24 * 60))).toMatchObject({ ok: true });
  });

  test('is the only one when the old one is to stop at once', async () => {
    const { id, secret: old } = await createApiKey(db.pool, account);
    const fresh = secretOf(
      await rotateApiKey(db.pool, account.scope, { id, seen: 1, overlapHours: 0 }, noon),
    );
    expect(await find(old)).toEqual({ ok: false, fault: { code: 'bad-key' } });
    expect(await find(fresh)).toMatchObject({ ok: true });
  });

  test('asked for again since the answer was lost, leaves the one that programs have in force', async () => {
    const { id, secret: old } = await createApiKey(db.pool, account);
    const ask = () => rotateApiKey(db.pool, account.scope, { id, seen: 1, overlapHours: 24 }, noon);
    const lost = secretOf(await ask());
    const fresh = secretOf(await ask());
    expect(await find(lost)).toMatchObject({ ok: false });
    for (const secret of [old, fresh]) expect(await find(secret)).toMatchObject({ ok: true });
    // once the new one has been used, somebody has it
    expect(await ask()).toMatchObject({ ok: false });
    expect(await find(fresh)).toMatchObject({ ok: true });
  });

  test('asked for again with another overlap, lets the old one work as long as was chosen last', async () => {
    const { id, secret: old } = await createApiKey(db.pool, account);
    const ask = (overlapHours: number) =>
      rotateApiKey(db.pool, account.scope, { id, seen: 1, overlapHours }, noon);
    await ask(24);
    const fresh = secretOf(await ask(0));
    expect(await find(old)).toEqual({ ok: false, fault: { code: 'bad-key' } });
    expect(await find(fresh)).toMatchObject({ ok: true });
  });

  test('is not given to a revoked key, nor by another account', async () => {
    const { id, secret } = await createApiKey(db.pool, account);
    const other = await createAccount(db.pool);
    const input = { id, seen: 1, overlapHours: 0 };
    expect(await rotateApiKey(db.pool, other.scope, input, noon)).toMatchObject({ ok: false });
    expect(await revokeApiKey(db.pool, other.scope, { id }, noon)).toMatchObject({ ok: false });
    expect(await find(secret)).toMatchObject({ ok: true });
    await revokeApiKey(db.pool, account.scope, { id }, noon);
    expect(await rotateApiKey(db.pool, account.scope, input, noon)).toMatchObject({ ok: false });
  });
});

test('the same form handed in twice makes one key, whose second secret works', async () => {
  const key = {
    handle: randomUUID(),
    name: 'Shop',
    scopes: ['READ'] as const,
    networks: [],
    expiresAt: null,
  };
  const lost = secretOf(await makeApiKey(db.pool, account.scope, key, noon));
  const fresh = secretOf(await makeApiKey(db.pool, account.scope, key, noon));
  expect(await listApiKeys(db.pool, account.scope, noon)).toHaveLength(1);
  expect(await find(lost)).toMatchObject({ ok: false });
  expect(await find(fresh)).toMatchObject({ ok: true });
  expect(await makeApiKey(db.pool, account.scope, key, noon)).toMatchObject({ ok: false });
  expect(await find(fresh)).toMatchObject({ ok: true });
});

test('the same form handed in again with other choices makes the key that was chosen last', async () => {
  const handle = randomUUID();
  const wide = { handle, name: 'Shop', scopes: ['READ', 'SEND'] as const, networks: [], expiresAt: null };
  await makeApiKey(db.pool, account.scope, wide, noon);
  const narrow = {
    handle,
    ...{ name: 'Till', scopes: ['READ'] as const, networks: ['196.25.1.0/24'], expiresAt: later(60) },
  };
  const answer = await makeApiKey(db.pool, account.scope, narrow, noon);
  expect(answer).toMatchObject({ ok: true, name: 'Till' });
  const secret = secretOf(answer);
  expect(await find(secret)).toMatchObject({ fault: { code: 'wrong-address' } });
  expect(await find(secret, noon, '196.25.1.9')).toMatchObject({ ok: true });
  expect(await findApiKey(db.pool, secret, 'SEND', '196.25.1.9', noon)).toMatchObject({
    fault: { code: 'no-scope' },
  });
  expect(await find(secret, later(61), '196.25.1.9')).toMatchObject({ fault: { code: 'key-expired' } });
  expect(await listApiKeys(db.pool, account.scope, noon)).toHaveLength(1);
});

test('the activity says where from a key was made, renewed and revoked', async () => {
  const { userId } = account;
  const scope = mintAccountScope(account.id, { userId, address: '203.0.113.9' });
  const { id } = await createApiKey(db.pool, { ...account, scope });
  await rotateApiKey(db.pool, scope, { id, seen: 1, overlapHours: 0 }, noon);
  await revokeApiKey(db.pool, scope, { id }, noon);
  const { rows } = await db.pool.query('select distinct address from activity where account_id = $1', [
    account.id,
  ]);
  expect(rows).toEqual([{ address: '203.0.113.9' }]);
});

test('an account has so many keys and no more; those of another are not seen', async () => {
  for (let made = 0; made < maxKeys; made += 1) await createApiKey(db.pool, account);
  await expect(createApiKey(db.pool, account)).rejects.toThrow(`at most ${maxKeys} keys`);
  const [first] = await listApiKeys(db.pool, account.scope, noon);
  await revokeApiKey(db.pool, account.scope, { id: first!.id }, noon);
  await createApiKey(db.pool, account);
  const other = await createAccount(db.pool);
  expect(await listApiKeys(db.pool, other.scope, noon)).toEqual([]);
});

test('a key that ends before it begins is refused', async () => {
  const key = {
    handle: randomUUID(),
    name: 'Shop',
    scopes: ['READ'] as const,
    networks: [],
    expiresAt: noon,
  };
  const answer = await makeApiKey(db.pool, account.scope, key, noon);
  expect(answer).toMatchObject({ ok: false, message: expect.stringContaining('later time') });
});

test('a key is bound to a number of the account’s own, and to no other', async () => {
  const own = account.senderNumber as string;
  const shared = await createSenderNumber(db.pool);
  const stranger = await createAccount(db.pool);
  const off = await createSenderNumber(db.pool, { accountId: account.id });
  await db.pool.query('update sender_number set enabled = false where number = $1', [off]);
  expect(await listOwnSenders(db.pool, account.scope)).toEqual([own]);
  const { id, secret } = await createApiKey(db.pool, account, { senderNumber: own });
  const choose = (senderNumber: string | null, of = account) =>
    chooseKeySender(db.pool, of.scope, { id, senderNumber }, noon);
  const readSender = async () => (await listApiKeys(db.pool, account.scope, noon))[0]?.senderNumber;
  expect(await find(secret)).toMatchObject({ key: { senderNumber: own } });
  const refused = { ok: false, fields: { senderNumber: expect.stringMatching(/\w/) } };
  for (const senderNumber of [shared, off, stranger.senderNumber as string, '27600999999']) {
    expect(await choose(senderNumber)).toMatchObject(refused);
    const handle = randomUUID();
    const key = { handle, name: 'Other', scopes: ['SEND'] as const, networks: [], expiresAt: null };
    expect(await makeApiKey(db.pool, account.scope, { ...key, senderNumber }, noon)).toMatchObject(refused);
  }
  expect(await choose(null, stranger)).toMatchObject({ ok: false });
  expect(await readSender()).toBe(own);
  expect(await choose(null)).toEqual({ ok: true });
  expect(await find(secret)).toMatchObject({ key: { senderNumber: null } });
  await revokeApiKey(db.pool, account.scope, { id }, noon);
  expect(await choose(own)).toMatchObject({ ok: false });
});
