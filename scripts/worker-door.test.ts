import type { FastifyInstance } from 'fastify';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCarrierListener } from '@/lib/carriers/listener';
import { env } from '@/lib/env';
import { createTestDatabase, type TestDatabase } from '@/testing/test-database';
import { findFreePort } from '@/testing/worker-process';
import { askForBox, askWorker, describeBox, describeWorkerDoor } from './worker-door';

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

describe('bearerbox', () => {
  const line = (box: string) => `    smsbox:${box}, IP 127.0.0.1 (0 queued), (on-line 0d 0h 0m 5s)  \n`;
  async function answerWith(boxes: () => string[]): Promise<{ adminPort: number; close: () => void }> {
    const server = createServer((request, answer) => {
      const isRight = request.url === '/status.txt?password=a%20b';
      answer.end(isRight ? `Box connections:\n${boxes().map(line).join('')}` : 'Denied');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return { adminPort: port, close: () => server.close() };
  }

  test('is asked until the worker is a box of it', async () => {
    let asked = 0;
    const { adminPort, close } = await answerWith(() =>
      ++asked < 3 ? ['(none)', 'client-zone-2'] : ['(none)', 'client-zone'],
    );
    expect(await askForBox({ adminPort, adminPassword: 'a b' }, 60_000)).toBe(true);
    expect(asked).toBe(3);
    close();
  });

  test('without one, or away, it is said what to do', async () => {
    const { adminPort, close } = await answerWith(() => ['(none)']);
    expect(await askForBox({ adminPort, adminPassword: 'a b' }, 0)).toBe(false);
    close();
    expect(await askForBox({ adminPort: await findFreePort(), adminPassword: 'a b' }, 0)).toBe(false);
    expect(describeBox(false)).toMatch(/KANNEL_BOX_ADDRESS: npm start$/);
    expect(describeBox(true)).not.toMatch(/npm start/);
  });
});
