import { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { giveDueReceipts } from '@/lib/carriers/simulator';
import { prismaOn } from '@/lib/db/prisma';
import { storeNumberList } from '@/lib/number-lists/commands';
import { requestPublicly } from '@/lib/removal-requests/public-form';
import type { Msisdn } from '@/lib/sms/msisdn';
import { createAccount, nextMsisdn, queueMessages } from '@/testing/factories';
import { runDueJobs } from '@/testing/jobs';
import { MemoryMail } from '@/testing/memory-mail';
import { ask, dispatch, hoursAfter, lawful, optOut, say } from '@/testing/removals';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { watchStatements } from '@/testing/watch-statements';
import { startHeartbeat } from './heartbeat';
import { rescueJobs } from './runner';
import { createTaskList } from './tasks';

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.close());

/** Prisma names every table with its schema; no statement of ours does. */
const isOfPrisma = (text: string) => text.includes('"public".');

test('nothing of what the worker does asks Prisma, which would take it a third of its memory', async () => {
  const account = await createAccount(db.pool);
  const asked = await ask(db.pool, account);
  const [blocked, written, other] = [await optOut(db.pool, account), nextMsisdn(), nextMsisdn()];
  await queueMessages(db.pool, account, [written]);
  await requestPublicly(
    db.pool,
    { account: account.id, number: blocked.msisdn as Msisdn, permission: true, website: '' },
    { address: null },
    lawful,
  );
  const body = Readable.from([Buffer.from(`${nextMsisdn()}\n${nextMsisdn()}`)]);
  const format = { encoding: 'utf-8', separator: ',', columns: [0], headerRows: 0 } as const;
  await storeNumberList(db.copyPool, account.scope, { purpose: 'IMPORT', name: 'numbers.csv', format }, body);

  const mail = new MemoryMail();
  const tasks = createTaskList(db.pool, { mail, clock: () => lawful });
  const regular = Object.keys(tasks).filter((name) =>
    /^(expire-left|enqueue|remove|sum|refresh|prune)/.test(name),
  );
  expect(regular.length).toBeGreaterThan(8);
  const texts = await watchStatements(async () => {
    const stop = await startHeartbeat(db.pool);
    await rescueJobs(db.pool);
    await dispatch(db.pool, account);
    await giveDueReceipts(db.pool);
    await say(db.pool, { msisdn: written, senderNumber: asked.senderNumber }, 'Stop');
    await say(db.pool, { msisdn: other, senderNumber: '99999' }, 'Stop');
    await say(db.pool, asked, 'YES', hoursAfter(lawful, 1));
    await runDueJobs(db.pool, hoursAfter(lawful, 2), mail);
    await runDueJobs(db.pool, hoursAfter(lawful, 24 * 30), mail);
    for (const name of regular) await tasks[name]?.({}, {} as never);
    await stop();
  });
  expect(mail.taken.length).toBeGreaterThan(0);
  expect(texts.length).toBeGreaterThan(50);
  expect(texts.filter(isOfPrisma)).toEqual([]);
  // it would be seen
  const seen = await watchStatements(() => prismaOn(db.pool).account.findFirst());
  expect(seen.filter(isOfPrisma)).toHaveLength(1);
});
