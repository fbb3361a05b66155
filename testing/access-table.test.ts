import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { operations } from '@/lib/api-v2/operations';
import { sessionCookie } from '@/lib/auth/cookies';
import { startSession } from '@/lib/auth/sessions';
import type { MemberRole } from '@/lib/db/generated/enums';
import { env } from '@/lib/env';
import { createCarrierListener } from '@/lib/carriers/listener';
import {
  actions,
  nameLanding,
  pages,
  routes,
  visitors,
  workerDoors,
  type Access,
  type Visitor,
} from './access-table';
import { createAccount, createUser } from './factories';
import { createTestDatabase, type TestDatabase } from './test-database';

// Only what Next.js does is stood in for. Who asks, and what they may, comes from a real session.
const request = vi.hoisted(() => ({ token: null as string | null }));
vi.mock('next/headers', () => ({
  cookies: async () => ({
    get: (name: string) =>
      request.token !== null && name.endsWith('session') ? { name, value: request.token } : undefined,
    set: () => undefined,
  }),
  headers: async () => new Headers(),
}));
vi.mock('next/cache', () => ({ refresh: () => undefined, revalidatePath: () => undefined }));
class Led extends Error {}
vi.mock('next/navigation', () => ({
  redirect: (to: string) => {
    throw new Led(to);
  },
  notFound: () => {
    throw new Led('');
  },
  unstable_rethrow: (err: unknown) => {
    if (err instanceof Led) throw err;
  },
}));

const root = process.cwd();
const list = (folder: string) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' });
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** The address of a page's or a route's file: without groups, and without the file's name. */
function readAddress(file: string): string {
  const parts = file.split('/').slice(0, -1);
  return `/${parts.filter((part) => !/^\(.*\)$/.test(part)).join('/')}`;
}

test('every page is in the table, and what is in the table is a page', () => {
  const found = list('app').filter((file) => /(^|\/)page\.tsx$/.test(file));
  expect(found.length).toBeGreaterThan(0);
  expect(Object.keys(pages).sort()).toEqual(found.map(readAddress).sort());
});

test('so is every route and stream', () => {
  const found = list('app')
    .filter((file) => /(^|\/)route\.tsx?$/.test(file))
    .flatMap((file) =>
      listMethods(file, read(`app/${file}`)).map((method) => `${method} ${readAddress(file)}`),
    );
  expect(found.length).toBeGreaterThan(0);
  const inTable = new Set(Object.keys(routes).map((door) => door.split(' ').slice(0, 2).join(' ')));
  expect([...inTable].sort()).toEqual(found.sort());
});

/**
 * The methods that a route answers. A wrapper that exports all of them names the one that it takes, or has
 * the operations that are declared for its path; what answers all of them alike counts as GET.
 */
function listMethods(file: string, text: string): string[] {
  if (/\bapiRoute\(/.test(text)) {
    const address = readAddress(file)
      .replace('/api/v2', '')
      .replace(/\[(\w+)\]/g, '{$1}');
    return operations.filter((one) => one.path === address).map(({ method }) => method);
  }
  const named = /\bmethod: '([A-Z]+)'/.exec(text)?.[1];
  if (named !== undefined) return [named];
  const exported = [...text.matchAll(/^export [^;=(]*/gm)].map(([found]) => found).join(' ');
  const methods = [...new Set(exported.match(/\b(GET|POST|PUT|PATCH|DELETE)\b/g) ?? [])];
  return methods.length === 5 ? ['GET'] : methods;
}

const actionFiles = ['app', 'components', 'lib']
  .flatMap((folder) => list(folder).map((file) => `${folder}/${file}`))
  .filter((file) => /\.tsx?$/.test(file) && !file.includes('/generated/') && !/\.test\.tsx?$/.test(file))
  .filter((file) => /^\s*['"]use server['"]/m.test(read(file)));

test('so is every action, and every file of actions says so at its top', async () => {
  for (const file of actionFiles) expect(read(file), file).toMatch(/^'use server';\n/);
  expect(Object.keys(actions).sort()).toEqual([...actionFiles].sort());
  for (const [file, rows] of Object.entries(actions)) {
    expect(Object.keys(rows).sort(), file).toEqual(Object.keys(await load(file)).sort());
  }
});

type Action = (input: unknown) => Promise<{ ok: boolean; reason?: string }>;
const load = async (file: string) =>
  (await import(/* @vite-ignore */ path.join(root, file))) as Record<string, Action>;

let db: TestDatabase;
const kept = globalThis as { clientZoneDatabase?: TestDatabase };
/** The tokens of those who have one. */
const tokens = new Map<Visitor, string>();

beforeAll(async () => {
  db = kept.clientZoneDatabase = await createTestDatabase();
  env.SIMULATOR_OPEN = false;
  const now = new Date();
  const account = await createAccount(db.pool);
  const join = (role: MemberRole, accountId = account.id) => createUser(db.pool, { accountId, role });
  const suspended = await createAccount(db.pool);
  const people: [Visitor, number][] = [
    ['half', await join('OWNER')],
    ['suspended person', await join('OWNER')],
    ['suspended member', await join('OWNER')],
    ['of suspended account', suspended.userId],
    ['outsider', await createUser(db.pool, { accountId: null, staffRole: null })],
    ['viewer', await join('VIEWER')],
    ['sender', await join('SENDER')],
    ['administrator', await join('ADMINISTRATOR')],
    ['owner', account.userId],
    ['stranger', (await createAccount(db.pool)).userId],
    ['support', await createUser(db.pool, { accountId: null, staffRole: 'SUPPORT' })],
    ['staff administrator', await createUser(db.pool, { accountId: null, staffRole: 'ADMINISTRATOR' })],
  ];
  for (const [visitor, userId] of people) {
    const how = { method: 'PASSWORD', lacksSecondFactor: visitor === 'half' } as const;
    const session = await startSession(db.pool, userId, { userAgent: null, address: null }, now, how);
    const token = { sessionId: session.id };
    tokens.set(visitor, await encode({ token, secret: env.AUTH_SECRET, maxAge: 3600 }));
  }
  const idOf = new Map(people);
  await db.pool.query(`update portal_user set status = 'SUSPENDED' where id = $1`, [
    idOf.get('suspended person'),
  ]);
  await db.pool.query('update membership set suspended_at = now() where user_id = $1', [
    idOf.get('suspended member'),
  ]);
  await db.pool.query(`update account set status = 'SUSPENDED' where id = $1`, [suspended.id]);
});
afterAll(async () => {
  delete kept.clientZoneDatabase;
  await db.close();
});

/** What no schema of an action takes, so that whoever is let in is told so, and nothing is done. */
const unreadable = Symbol('unreadable');

/** What an action gives whoever asks. */
async function askAction(action: Action): Promise<Access | 'done' | 'failed'> {
  try {
    const { ok, reason } = await action(unreadable);
    if (ok) return 'done';
    // otherwise invalid; and a link that opens nothing is said to be none
    return reason === 'forbidden' || reason === 'failed' ? reason : 'ok';
  } catch (err) {
    if (!(err instanceof Led)) throw err;
    return err.message === '' ? 'missing' : nameLanding(err.message);
  }
}

test('the cookie is the one that the gates read', () => {
  expect(sessionCookie.name).toMatch(/session$/);
});

test.each(visitors)('actions give what the table says: %s', async (visitor) => {
  request.token = tokens.get(visitor) ?? null;
  const given: Record<string, Awaited<ReturnType<typeof askAction>>> = {};
  const expected: Record<string, Access> = {};
  for (const [file, rows] of Object.entries(actions)) {
    const made = await load(file);
    for (const [name, row] of Object.entries(rows)) {
      const action = made[name];
      if (!action) continue;
      given[`${file} ${name}`] = await askAction(action);
      expected[`${file} ${name}`] = row[visitor];
    }
  }
  expect(given).toEqual(expected);
});

test('the worker has the doors of the table, and opens them to a carrier alone', async () => {
  const worker = createCarrierListener(db.pool);
  // before it listens it is not ready, and says so
  await worker.listen({ host: '127.0.0.1', port: 0 });
  // "├── /carrier/:carrier/reply (POST)", and the same with HEAD where there is GET
  const found = [...worker.printRoutes({ commonPrefix: false }).matchAll(/(\/\S*) \(([A-Z, ]+)\)/g)].flatMap(
    ([, address, methods]) =>
      (methods ?? '')
        .split(', ')
        .filter((method) => method !== 'HEAD')
        .map((method) => `${method} ${address}`),
  );
  expect(found.sort()).toEqual(Object.keys(workerDoors).sort());
  for (const [door, row] of Object.entries(workerDoors)) {
    const [method, address = ''] = door.split(' ') as ['GET' | 'POST', string];
    for (const visitor of visitors) {
      const { statusCode } = await worker.inject({
        method,
        url: address.replace(':carrier', 'simulator'),
        headers: {
          ...(visitor === 'carrier' && { authorization: `Bearer ${env.CARRIER_SECRET}` }),
          ...(tokens.has(visitor) && { cookie: `${sessionCookie.name}=${tokens.get(visitor)}` }),
          'x-forwarded-for': '203.0.113.5',
        },
      });
      // 400: let in, and then told that there was nothing in it
      const given =
        statusCode === 401 || statusCode === 429 ? 'refused' : statusCode === 404 ? 'missing' : 'ok';
      expect(given, `${door} by ${visitor}`).toBe(row[visitor]);
      if (given === 'ok') expect([200, 400], `${door} by ${visitor}`).toContain(statusCode);
    }
  }
  await worker.close();
});
