import type { FastifyInstance } from 'fastify';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCarrierListener } from '@/lib/carriers/listener';
import { env } from '@/lib/env';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { findFreePort } from '@/testing/worker-process';
import { askWorker, describeWorkerDoor } from './worker-door';

let db: TestDatabase;
let app: FastifyInstance;
let listener: string;

beforeAll(async () => {
  db = await createTestDatabase();
  app = createCarrierListener(db.pool);
  await app.listen({ host: '127.0.0.1', port: 0 });
  listener = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await app.close();
  await db.close();
});
const secret = env.CARRIER_SECRET;

describe('askWorker', () => {
  test('finds a worker that was started without Kannel, which takes nothing of it', async () => {
    expect(await askWorker({ listener, carrier: 'kannel', secret })).toBe('other-carrier');
  });

  test('finds one that takes what this carrier brings, and has it record nothing', async () => {
    expect(await askWorker({ listener: `${listener}/`, carrier: 'simulator', secret })).toBe('open');
    const { rows } = await db.pool.query('select id from reply union all select id from unowned_reply');
    expect(rows).toEqual([]);
  });

  test('finds one with another secret', async () => {
    const other = 'another-secret-of-more-than-thirty-two-characters';
    expect(await askWorker({ listener, carrier: 'simulator', secret: other })).toBe('other-secret');
  });

  test('finds none', async () => {
    const nobody = `http://127.0.0.1:${await findFreePort()}`;
    expect(await askWorker({ listener: nobody, carrier: 'kannel', secret })).toBe('away');
  });

  test('is told with what to do', () => {
    expect(describeWorkerDoor('other-carrier', '127.0.0.1:3001')).toContain('start it again: npm start');
    expect(describeWorkerDoor('away', '127.0.0.1:3001')).toContain('start it with: npm start');
  });
});
