import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { beginSql, endSql } from './episodes';

const root = join(import.meta.dirname, '../..');

/** What these files alone may write. */
const statements: [what: string, pattern: RegExp, files: string[]][] = [
  ['begins a block', /insert\s+into\s+"?opt_out"?\s*\(/i, ['lib/opt-outs/episodes.ts']],
  ['changes a block', /update\s+"?opt_out"?\s+set\b/i, []],
  ['ends a block', /delete\s+from\s+"?opt_out"?\b(?!_)/i, ['lib/opt-outs/episodes.ts']],
  ['writes its history', /insert\s+into\s+"?opt_out_event\b/i, ['lib/opt-outs/episodes.ts']],
  ['writes its tally', /insert\s+into\s+"?opt_out_tally\b/i, ['lib/opt-outs/tally.ts']],
  [
    'confirms it by SMS',
    /insert\s+into\s+"?message"?\s*\([^)]*\)\s*(?:select|values)\b[^`]{0,200}'CONFIRMATION'/i,
    ['lib/opt-outs/episodes.ts'],
  ],
];

/** The program’s own files: no tests, nothing generated. */
function listProductFiles(): string[] {
  return ['lib', 'app', 'components', 'scripts'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(?:ts|tsx|mjs)$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .filter((path) => !/\.test\.tsx?$|\/generated\//.test(path)),
  );
}

describe('the files that write a block', () => {
  const files = listProductFiles().map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));

  test.each(statements)('nothing else %s', (_what, pattern, expected) => {
    const found = files.filter(({ text }) => pattern.test(text)).map(({ path }) => path);
    expect(found.sort()).toEqual(expected);
  });
});

describe('begin', () => {
  const entry = { accountId: 'account_id', msisdn: 'msisdn', kind: `'MANUAL'` };
  const event = { actor: `'system'`, evidence: { cause: 'hand' } as const };

  test('always brings the event and the tally, ends consent, and brings an SMS when a reply is confirmed', () => {
    const silent = beginSql({
      accounts: '$1',
      entries: 'entry',
      entry,
      from: 'input',
      meets: 'leave',
      event,
    });
    expect(silent.match(/insert into \w+/g)).toEqual([
      'insert into opt_out',
      'insert into opt_out_tally',
      'insert into opt_out_event',
      'insert into webhook_batch',
      'insert into consent_event',
    ]);
    expect(silent).toContain('delete from consent');
    const told = beginSql({
      accounts: '$1',
      entries: 'entry',
      entry,
      from: 'input',
      meets: 'leave',
      event,
      confirmation: { senderNumber: 'sender', text: 'text', segments: '1', dueAt: 'now()' },
    });
    expect(told.match(/insert into \w+/g)).toContain('insert into message');
  });

  test('counts in the tally, in the history unless told otherwise, and for consent, what is new alone', () => {
    const sql = beginSql({ accounts: '$1', entries: 'entry', entry, from: 'input', meets: 'answer', event });
    expect(sql.match(/from entry where is_new/g)).toHaveLength(3);
  });
});

test('end brings the event and the tally, and keeps the kinds that are guarded', () => {
  const sql = endSql({
    accounts: '$1',
    entries: 'gone',
    where: 'msisdn = $2',
    kinds: ['MANUAL', 'API'],
    event: { kind: 'REMOVED', actor: '$3', evidence: { cause: 'account', kind: 'kind' } },
  });
  expect(sql.match(/(?:insert into|delete from) \w+/g)).toEqual([
    'delete from opt_out',
    'insert into opt_out_tally',
    'insert into opt_out_event',
    'insert into webhook_batch',
  ]);
  expect(sql).toContain(`opt_out.kind in ('MANUAL', 'API')`);
});
