import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import {
  composeEvidenceSql,
  evidenceFieldSql,
  evidenceSchema,
  hasEvidenceSql,
  type EvidenceSql,
} from './evidence';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

const written: EvidenceSql[] = [
  {
    cause: 'reply',
    text: `'Stop'::text`,
    rule: `'exact:stop'::text`,
    verdict: `'OPT_OUT'::verdict`,
    replyId: '9007199254740991::bigint',
    messageId: 'null::bigint',
    senderNumber: `'27310'::text`,
    candidates: `'[2, 1]'::jsonb`,
    receivedAt: `timestamptz '2026-11-22 10:00:00.123+00'`,
  },
  {
    cause: 'reply',
    text: `''::text`,
    rule: 'null::text',
    verdict: `'REVIEW'::verdict`,
    replyId: '1',
    messageId: '2',
    senderNumber: `'27310'::text`,
    candidates: 'null::jsonb',
    receivedAt: 'now()',
    assignedBy: `'staff:3'::text`,
  },
  { cause: 'import', list: '3::bigint', line: '7', input: `'+27 82'::text` },
  { cause: 'api', source: `'a.example/unsubscribe'::text` },
  { cause: 'hand' },
  { cause: 'account', kind: `'IMPORT'::opt_out_kind` },
  { cause: 'undo', undone: 'true', replyId: '5::bigint' },
  { cause: 'staff', correction: 'true', staffId: '3' },
  {
    cause: 'correction',
    correction: 'true',
    staffId: '3',
    kind: `'MANUAL'::opt_out_kind`,
    replyId: 'null::bigint',
    text: 'null::text',
    rule: 'null::text',
    senderNumber: 'null::text',
  },
  {
    cause: 'request',
    requestId: '6::bigint',
    staffId: '3',
    kind: `'REPLY'::opt_out_kind`,
    text: `'YES'::text`,
    replyId: '8',
    messageId: '9',
    senderNumber: `'27310'::text`,
    receivedAt: 'now()',
  },
];

async function store(evidence: EvidenceSql): Promise<Record<string, unknown>> {
  const { rows } = await db.pool.query<{ evidence: Record<string, unknown> }>(
    `select ${composeEvidenceSql(evidence)} as evidence`,
  );
  return rows[0]!.evidence;
}

describe('what PostgreSQL writes is read back, with its cause, which is not stored', () => {
  test.each(written.map((evidence) => [evidence.cause, evidence] as const))('%s', async (cause, evidence) => {
    const stored = await store(evidence);
    expect(stored).not.toHaveProperty('cause');
    expect(evidenceSchema.parse(stored)).toEqual({ ...stored, cause });
  });

  test.each(written.map((evidence) => [evidence.cause, evidence] as const))(
    '%s, by a query that leaves the text out',
    async (cause, evidence) => {
      const stored = await store(evidence);
      delete stored['text'];
      expect(evidenceSchema.parse(stored)).toEqual({ ...stored, cause });
    },
  );
});

test('old events, which know less, are read', () => {
  expect(evidenceSchema.parse({ text: 'Stop' })).toEqual({ cause: 'reply', text: 'Stop' });
  expect(evidenceSchema.parse({ file: 'old.csv' })).toEqual({ cause: 'import', file: 'old.csv' });
  expect(evidenceSchema.parse({ requestId: 1 })).toEqual({ cause: 'request', requestId: 1 });
});

test.each([null, [], 'Stop', { text: 5 }, { candidates: '1,2' }, { list: '3' }])(
  '%j is refused',
  (stored) => {
    expect(evidenceSchema.safeParse(stored).success).toBe(false);
  },
);

test('a field is read, and looked for, in SQL', async () => {
  const { rows } = await db.pool.query(
    `select ${evidenceFieldSql('evidence', 'replyId')}::bigint as "replyId", ${evidenceFieldSql('evidence', 'list')} as list,
       ${hasEvidenceSql('evidence', 'undone')} as "isUndo", ${hasEvidenceSql('evidence', 'list')} as "hasList"
     from (select ${composeEvidenceSql({ cause: 'undo', undone: 'true', replyId: '5' })} as evidence) as event`,
  );
  expect(rows).toEqual([{ replyId: '5', list: null, isUndo: true, hasList: false }]);
});
