import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDatabase, type Database } from '@/lib/db/client';
import { createDownloadPool } from '@/lib/lists/download-pool';
import { createListener } from '@/lib/db/listen';
import { applyMigrations } from '@/lib/db/migrate';
import { prismaOn } from '@/lib/db/prisma';
import { withSchemaEngine } from '@/lib/db/schema-engine';
import { sessionUrl } from '@/lib/db/session-url';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { createUploadPool } from '@/lib/number-lists/upload-pool';
import { createAccount } from '@/testing/factories';

let db: TestDatabase;
let database: Database;

beforeAll(async () => {
  db = await createTestDatabase();
  await db.owner.query(
    `alter database ${new URL(db.url).pathname.slice(1)} set timezone = 'Africa/Johannesburg'`,
  );
  // connections that begin after the change
  database = createDatabase(db.url);
});
afterAll(async () => {
  await database.close();
  await db.close();
});

const moment = new Date('2026-11-28T20:15:00.000Z');

describe('on a server whose zone is Johannesburg', () => {
  test('which it is for whoever asks for nothing', async () => {
    const plain = new pg.Client({ connectionString: db.url });
    await plain.connect();
    const { rows } = await plain.query('show timezone');
    await plain.end();
    expect(rows).toEqual([{ TimeZone: 'Africa/Johannesburg' }]);
  });

  test('Prisma writes the time it was given, and reads the one that is there', async () => {
    const account = await createAccount(database.pool);
    const { id } = await prismaOn(database.pool).notice.create({
      data: {
        accountId: account.id,
        eventKey: 'zone',
        title: 'T',
        text: 'T',
        createdAt: moment,
        readAt: moment,
      },
      select: { id: true },
    });
    const { rows } = await database.pool.query(
      'select extract(epoch from created_at)::text as created, extract(epoch from read_at)::text as read from notice where id = $1',
      [id],
    );
    const seconds = `${moment.getTime() / 1000}.000000`;
    expect(rows).toEqual([{ created: seconds, read: seconds }]);
    const found = await prismaOn(database.pool).notice.findFirst({
      where: { id, createdAt: { lte: moment } },
    });
    expect(found?.createdAt).toEqual(moment);
  });

  test('a day without a time stays the same day', async () => {
    const holiday = new Date('2026-11-04T00:00:00.000Z');
    await prismaOn(database.pool).platformSetting.upsert({
      where: { id: 1 },
      create: { id: 1, extraHolidays: [holiday] },
      update: { extraHolidays: [holiday] },
    });
    const { rows } = await database.pool.query('select extra_holidays::text as days from platform_setting');
    expect(rows).toEqual([{ days: '{2026-11-04}' }]);
    expect((await prismaOn(database.pool).platformSetting.findFirst())?.extraHolidays).toEqual([holiday]);
  });

  test.each([
    ['downloads', createDownloadPool],
    ['uploads', createUploadPool],
  ])('the pool of %s is in UTC', async (_, open) => {
    const pool = open(db.url);
    const { rows } = await pool.query('show timezone');
    await pool.end();
    expect(rows).toEqual([{ TimeZone: 'UTC' }]);
  });

  test('so are the listener, the migrations and their engine', async () => {
    const zones: string[] = [];
    const prototype = pg.Client.prototype as { connect: (...parameters: unknown[]) => unknown };
    const { connect } = prototype;
    // what each of them asks for as it connects
    prototype.connect = function (this: { connectionParameters: { options?: string } }, ...parameters) {
      zones.push(this.connectionParameters.options ?? 'none');
      return connect.apply(this, parameters);
    };
    try {
      const listener = createListener(db.url);
      await new Promise<void>((resolve) => listener.on('zones', () => resolve()));
      await listener.close();
      await applyMigrations(db.ownerUrl);
      await withSchemaEngine(db.url, (engine) => engine.version());
    } finally {
      prototype.connect = connect;
    }
    expect(zones.length).toBeGreaterThanOrEqual(4);
    expect(new Set(zones)).toEqual(new Set(['-c TimeZone=UTC']));
  });
});

test('what the address asks for itself stays', () => {
  const asked = sessionUrl(
    'postgresql://zone:p%40ss@db.internal/zone?options=-c%20search_path%3Dzone&host=/tmp',
  );
  const client = new pg.Client({ connectionString: asked }) as unknown as {
    connectionParameters: { options?: string; host: string; password: string };
  };
  const { options, host, password } = client.connectionParameters;
  expect({ options, host, password }).toEqual({
    options: '-c search_path=zone -c TimeZone=UTC',
    host: '/tmp',
    password: 'p@ss',
  });
});
