import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { distribute, isDistributed } from '@/lib/db/distribute';
import { toSqlType } from '@/lib/db/sql-types';
import { onOneServer } from './across-accounts';
import { loadStatements } from './all-statements';
import { createAccount } from './factories';
import { createTestDatabase, type TestDatabase } from './test-database';

/** The other tests with a database run on the cluster, too, where CITUS_URL says where one is. */
const isOnCluster = process.env['CITUS_URL'] !== undefined;
if (!isOnCluster) console.info('The tests on a Citus cluster were left out: CITUS_URL is not set.');

describe.skipIf(!isOnCluster)('on a Citus cluster', () => {
  let db: TestDatabase;
  beforeAll(async () => {
    db = await createTestDatabase();
  });
  afterAll(() => db.close());

  test('what is spread already stays as it is', async () => {
    expect(await isDistributed(db.owner)).toBe(true);
    expect(await distribute(db.ownerUrl)).toEqual([]);
  });

  /** Another account, in another part of the tables that are laid apart by account. */
  async function createAccountApart(id: number): Promise<number> {
    for (;;) {
      const { id: other } = await createAccount(db.pool);
      const { rows } = await db.owner.query<{ apart: boolean }>(
        `select get_shard_id_for_distribution_column('credit_balance', $1::int) <>
           get_shard_id_for_distribution_column('credit_balance', $2::int) as apart`,
        [id, other],
      );
      if (rows[0]?.apart) return other;
    }
  }

  test('no statement is refused but those that a cluster is not sent', async () => {
    const { id } = await createAccount(db.pool);
    const elsewhere = await createAccountApart(id);
    const { rows } = await db.owner.query<{ name: string; label: string }>(
      `select typname as name, min(enumlabel) as label from pg_enum join pg_type on pg_type.oid = enumtypid group by 1`,
    );
    const labels = new Map(rows.map(({ name, label }) => [name, label]));
    const sample = (type: string, text: string, place = 0): unknown => {
      const plain = toSqlType(type.replace(/\?$/, ''));
      // of two accounts whose rows lie in different parts; of other things two that differ
      if (plain.endsWith('[]')) return [0, 1].map((at) => sample(plain.slice(0, -2), text, at));
      if (/^(int|float|numeric)/.test(plain)) return place === 0 ? id : elsewhere;
      if (plain === 'bool') return true;
      if (plain.startsWith('timestamp')) return new Date(place);
      if (plain === 'uuid') return `00000000-0000-0000-0000-00000000000${place}`;
      if (/^jsonb?$/.test(plain)) return '{}';
      if (plain === 'date') return `2026-11-2${place}`;
      return labels.get(plain) ?? (place === 0 ? text : text.replace('27821234567', '27821234568'));
    };
    const client = await db.copyPool.connect();
    const refused: string[] = [];
    /** The texts that one or another statement asks for. */
    const texts = ['27821234567', '2026-11-22T08:00:00Z', 'Africa/Johannesburg', 'aGVsbG8='];
    const ask = async (text: string, types: string[]): Promise<string | null> => {
      let code = '';
      for (const given of texts) {
        await client.query('begin');
        try {
          await client.query({ text, values: types.map((type) => sample(type, given)) });
          return null;
        } catch (error) {
          code = String((error as { code?: unknown }).code);
        } finally {
          await client.query('rollback');
        }
        if (!code.startsWith('22')) break;
      }
      // the sample's fault: rows that must not be, or are the same; a text or a history that is none
      return /^(21|22|23|P0)/.test(code) ? null : code;
    };
    for (const { name, texts: variants } of await loadStatements()) {
      for (const { text, types } of variants) if ((await ask(text, types)) !== null) refused.push(name);
    }
    client.release();
    expect([...new Set(refused)].sort()).toEqual(Object.keys(onOneServer).sort());
  });
});
