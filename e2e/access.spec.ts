import type { Pool } from 'pg';
import {
  nameLanding,
  pages,
  routes,
  visitors,
  type Access,
  type Door,
  type Visitor,
} from '@/testing/access-table';
import {
  createAccount,
  createColleague,
  createOutsider,
  createStaff,
  nextMsisdn,
  type Person,
  type TestAccount,
} from './accounts';
import { createAnsweredRequest, sentText } from './answered-requests';
import { createKey } from './api-keys';
import { doors } from './carrier';
import { expect, test } from './fixtures';
import { baseURL } from './instance';
import { createWebhook } from './webhooks';

/** Others of the stranger's account, at addresses of ours: whose it is counts, not their role. */
const othersRoles = { 'other viewer': 'viewer', 'other administrator': 'administrator' } as const;
type Other = keyof typeof othersRoles;

/** What each visitor sends with everything: a session's cookies, or a secret. */
type Credentials = Record<Visitor | Other, Record<string, string>>;

interface World {
  account: TestAccount;
  credentials: Credentials;
  /** Values of the {names} in the table's paths: one of everything of the account that has an address. */
  belongings: Record<string, string | number>;
}

/** Whose the account is. Others are told nothing of it; the provider's staff only where they are let in. */
const insiders: readonly Visitor[] = ['viewer', 'sender', 'administrator', 'owner', 'key'];
const staff: readonly Visitor[] = ['support', 'staff administrator'];

// Two thousand requests, for half of which the server draws a page: beside a browser's tests in another
// process, not beside one another.
test.describe.configure({ mode: 'default', timeout: 240_000 });

/** Turned away at every door by the same few lines (lib/auth): each door is tried by one of them in turn. */
const turnedAway: readonly Visitor[] = [
  'half',
  'suspended person',
  'suspended member',
  'of suspended account',
];
/** Sessions are not looked at there, and an address is heard with 20 wrong secrets a minute in all tests. */
const askedAtCarriersDoors: readonly Visitor[] = ['nobody', 'owner', 'key', 'carrier'];
const asksAll = process.env.EVERY_LOOK === 'true';

let world: World;
// Once in each process; then all of the table by requests, without a browser's page.
test.beforeAll(async ({ database, carrierSecret, sessions }) => {
  const account = await createAccount(database);
  world = {
    account,
    credentials: await createVisitors(database, account, carrierSecret, async (person) => {
      const cookies = await sessions.find(person);
      return { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join('; ') };
    }),
    belongings: await createBelongings(database, account, carrierSecret),
  };
});

async function createVisitors(
  database: Pool,
  account: TestAccount,
  carrierSecret: string,
  signIn: (person: Person) => Promise<{ cookie: string }>,
): Promise<Credentials> {
  const [stranger, suspended] = [await createAccount(database), await createAccount(database)];
  const join = (role: 'OWNER' | 'ADMINISTRATOR' | 'SENDER' | 'VIEWER') =>
    createColleague(database, account, role);
  const [half, suspendedPerson, suspendedMember] = [
    await join('OWNER'),
    await join('OWNER'),
    await join('OWNER'),
  ];
  const credentials: Credentials = {
    nobody: {},
    half: await signIn(half),
    'suspended person': await signIn(suspendedPerson),
    'suspended member': await signIn(suspendedMember),
    'of suspended account': await signIn(suspended),
    outsider: await signIn(await createOutsider(database)),
    viewer: await signIn(await join('VIEWER')),
    sender: await signIn(await join('SENDER')),
    administrator: await signIn(await join('ADMINISTRATOR')),
    owner: await signIn(account),
    stranger: await signIn(stranger),
    'other viewer': await signIn(await createColleague(database, stranger, 'VIEWER')),
    'other administrator': await signIn(await createColleague(database, stranger, 'ADMINISTRATOR')),
    support: await signIn(await createStaff(database, 'SUPPORT')),
    'staff administrator': await signIn(await createStaff(database)),
    key: { authorization: await createKey(database, account.id) },
    'other key': { authorization: await createKey(database, stranger.id) },
    carrier: { authorization: `Bearer ${carrierSecret}` },
  };
  const userId = '(select id from portal_user where username = $1)';
  await database.query(`update user_session set lacks_second_factor = true where user_id = ${userId}`, [
    half.username,
  ]);
  await database.query(`update portal_user set status = 'SUSPENDED' where username = $1`, [
    suspendedPerson.username,
  ]);
  await database.query(`update membership set suspended_at = now() where user_id = ${userId}`, [
    suspendedMember.username,
  ]);
  await database.query(`update account set status = 'SUSPENDED' where id = $1`, [suspended.id]);
  return credentials;
}

async function createBelongings(
  database: Pool,
  account: TestAccount,
  carrierSecret: string,
): Promise<World['belongings']> {
  const removal = await createAnsweredRequest(database, account);
  const unownedNumber = await nextMsisdn(database);
  const reply = {
    id: `access-${unownedNumber}`,
    from: unownedNumber,
    to: '99998',
    text: 'Please unsubscribe me',
  };
  await fetch(doors.worker, {
    method: 'POST',
    headers: { authorization: `Bearer ${carrierSecret}`, 'content-type': 'application/json' },
    body: JSON.stringify(reply),
  });
  const readId = async (sql: string, values: unknown[]) =>
    (await database.query<{ id: string }>(sql, values)).rows[0]?.id ?? 'none';
  return {
    account: account.id,
    webhook: await createWebhook(database, account.id, 'PAUSED'),
    number: removal.msisdn,
    request: removal.id,
    unownedNumber,
    unowned: await readId('select id from unowned_reply where msisdn = $1', [unownedNumber]),
    reply: await readId('select id from reply where account_id = $1 order by id limit 1', [account.id]),
    list: await readId(
      `insert into number_list (account_id, purpose, state, name, lines, invalid, duplicates, finished_at)
       values ($1, 'IMPORT', 'DONE', 'tulips.csv', 0, 0, 0, now()) returning id`,
      [account.id],
    ),
    answer: await readId(
      `insert into registry_import (state, name, source, answered_on, finished_at)
       values ('DISCARDED', 'answer.csv', 'NCC', '2026-01-01', now()) returning id`,
      [],
    ),
    ownAnswer: await readId(
      `insert into registry_import (state, marketer_id, name, source, answered_on, finished_at)
       values ('DISCARDED', $1, 'answer.csv', 'NCC', '2026-01-01', now()) returning id`,
      [account.id],
    ),
    email: await readId(
      `insert into email (account_id, event_key, recipient, subject, text, html, state, next_attempt_at, finished_at)
       values ($1, 'access', $2, 'Told', 'Told', '<p>Told</p>', 'SENT', null, now()) returning id`,
      [account.id, `${account.username}@florist.example`],
    ),
  };
}

/** What one visitor gets at one door, and what stood in the answer. */
async function knock(
  { path, method, door }: { path: string; method: string; door: Door },
  visitor: Visitor | Other,
): Promise<{ given: Access | `status ${number}`; text: string }> {
  const body = door.ask?.body;
  const answer = await fetch(baseURL + path, {
    method,
    redirect: 'manual',
    headers: {
      ...world.credentials[visitor],
      ...(body !== undefined && {
        'content-type': typeof body === 'string' ? 'application/x-www-form-urlencoded' : 'application/json',
      }),
    },
    body: body === undefined || typeof body === 'string' ? body : JSON.stringify(body),
  });
  const isStream = answer.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
  // a stream never ends
  if (isStream) await answer.body?.cancel();
  const text = isStream ? '' : await answer.text();
  const location = answer.headers.get('location');
  if (location !== null) return { given: nameLanding(location), text };
  // A page whose answer had begun before its gate had decided: Next.js writes the way into the document.
  const isLate = text.includes('<meta id="__next-page-redirect"');
  expect.soft(isLate, `${path} leads ${visitor} away within a 200`).toBe(false);
  if (answer.status === (door.ask?.status ?? 200)) return { given: 'ok', text };
  if (answer.status === 401) return { given: 'refused', text };
  if (answer.status === 403) return { given: 'forbidden', text };
  return { given: answer.status === 404 ? 'missing' : `status ${answer.status}`, text };
}

/** Holds doors of the table to what it says; one visitor after the other, as files have places. */
async function walk(table: [name: string, door: Door][]): Promise<void> {
  expect(table.length).toBeGreaterThan(0);
  for (const [index, [name, door]] of table.entries()) {
    const [method = '', own = ''] = name.includes(' ') ? name.split(' ') : ['GET', name];
    const path = (door.ask?.path ?? own).replace(/\{(\w+)\}/g, (_, key: string) =>
      String(world.belongings[key]),
    );
    const inTurn = turnedAway[index % turnedAway.length];
    const asked = visitors.filter((one) =>
      path.startsWith('/api/carrier/')
        ? askedAtCarriersDoors.includes(one)
        : asksAll || one === inTurn || !turnedAway.includes(one),
    );
    const given: Record<string, string> = {};
    const expected: Record<string, string> = Object.fromEntries(asked.map((one) => [one, door[one]]));
    // A record: what the role would open is not there, as it is of another account.
    const isRecord = door.owner === 'ok' && door.stranger === 'missing';
    const others = isRecord ? (Object.keys(othersRoles) as Other[]) : [];
    for (const other of others) {
      const ofRole = door[othersRoles[other]];
      expected[other] = ofRole === 'ok' ? 'missing' : ofRole;
    }
    for (const visitor of [...asked, ...others]) {
      const answer = await knock({ path, method, door }, visitor);
      given[visitor] = answer.given;
      const isStaff = (staff as readonly string[]).includes(visitor);
      if ((insiders as readonly string[]).includes(visitor) || (answer.given === 'ok' && isStaff)) continue;
      for (const secret of [world.account.name, sentText]) {
        expect.soft(answer.text.includes(secret), `${name} tells ${visitor}: ${secret}`).toBe(false);
      }
    }
    expect.soft(given, name).toEqual(expected);
  }
}

const isStaffs = ([path]: [string, unknown]) => /^\/admin(\/|$)/.test(path);

test('pages give what the table says', async () => {
  await walk(Object.entries(pages).filter((page) => !isStaffs(page)));
});

test('so do the staff’s pages', async () => {
  await walk(Object.entries(pages).filter(isStaffs));
});

test('so do routes and streams', async () => {
  await walk(Object.entries(routes));
});
