import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing/test-database';
import { checkDatabase } from './database-check';

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
      what: 'the password is wrong',
      change: (url: URL) => (url.password = 'wrong'),
      line: /refuses the user "client_zone" or the password/,
    },
    {
      what: 'there is no such database',
      change: (url: URL) => (url.pathname = '/nothing'),
      line: /has no database "nothing".*createdb nothing$/,
    },
  ])('says in one line that $what', async ({ change, line }) => {
    const checking = checkDatabase(changeUrl(change));
    await expect(checking).rejects.toThrow(line);
    await expect(checking).rejects.toThrow(/^[^\n]*$/);
  });

  test('does not repeat the password', async () => {
    const url = changeUrl((address) => (address.password = 'hunter2'));
    await expect(checkDatabase(url)).rejects.not.toThrow(/hunter2/);
  });
});
