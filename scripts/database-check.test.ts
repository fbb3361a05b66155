import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testOnOneServer } from '@/testing/one-server';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { checkDatabase, judgeVersion, oldestMajor } from './database-check';

let db: TestDatabase;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

function changeUrl(change: (url: URL) => void): string {
  const url = new URL(db.url);
  change(url);
  return url.href;
}

async function expectLine(change: (url: URL) => void, line: RegExp): Promise<void> {
  const checking = checkDatabase(changeUrl(change));
  await expect(checking).rejects.toThrow(line);
  await expect(checking).rejects.toThrow(/^[^\n]*$/);
}

describe('checkDatabase', () => {
  test('is content with one that answers', async () => {
    await expect(checkDatabase(db.url)).resolves.toBeUndefined();
  });

  test.each([
    {
      what: 'nobody answers',
      change: (url: URL) => ((url.search = ''), (url.port = '1')),
      line: /^No PostgreSQL answers at 127\.0\.0\.1:1 /,
    },
    {
      what: 'there is no such database',
      change: (url: URL) => (url.pathname = '/nothing'),
      line: /has no database "nothing".*createdb nothing$/,
    },
  ])('says in one line that $what', ({ change, line }) => expectLine(change, line));

  testOnOneServer('says in one line that the password is wrong', () =>
    expectLine((url) => (url.password = 'wrong'), /refuses the user "client_zone_program" or the password/),
  );

  testOnOneServer('does not repeat the password', async () => {
    const url = changeUrl((address) => (address.password = 'hunter2'));
    await expect(checkDatabase(url)).rejects.not.toThrow(/hunter2/);
  });
});

describe('the oldest PostgreSQL', () => {
  test('is refused when it is older, in one line', () => {
    expect(judgeVersion(150_018)).toBe('PostgreSQL 16 or later is needed; DATABASE_URL leads to 15.');
    expect(judgeVersion(160_000)).toBeNull();
    expect(judgeVersion(180_004)).toBeNull();
  });

  test('is the one that the README promises', async () => {
    const readme = await readFile('README.md', 'utf8');
    expect(/a PostgreSQL of your own, (\d+) or later/.exec(readme)?.[1]).toBe(String(oldestMajor));
  });
});
