import { notFound, redirect } from 'next/navigation';
import { beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { AppError } from '@/lib/http/app-error';
import { getPlaces } from '@/lib/http/shares';
import { log } from '@/lib/log';
import { mintAccountScope, mintStaffScope } from './scope';

const gates = vi.hoisted(() => ({ findCustomer: vi.fn(), findStaff: vi.fn(), requireStaff: vi.fn() }));
vi.mock('./gates', () => gates);
const { ForbiddenError } = await import('./forbidden');
const { customerRoute, staffRoute, staffStreamRoute } = await import('./make-route');

const customer = { scope: mintAccountScope(58324, { userId: 7 }) };
const staff = { scope: mintStaffScope(3) };
const logError = vi.spyOn(log, 'error').mockImplementation(() => undefined);

beforeEach(() => {
  vi.clearAllMocks();
  gates.findCustomer.mockResolvedValue(customer);
  gates.findStaff.mockResolvedValue(staff);
  gates.requireStaff.mockResolvedValue(staff);
});

const bulbs = {
  params: z.object({ bed: z.enum(['north', 'south']) }),
  query: z.object({ colour: z.enum(['red', 'white'], 'Ask for colour=red or colour=white.').default('red') }),
  doing: 'Counting tulips',
  missing: 'There is no such bed.',
  invalid: 'Tulips cannot be counted like this',
  failed: 'The tulips could not be counted',
};
const answer = vi.fn((..._: unknown[]): Response | null => new Response('seven'));
const context = (bed: string) => ({ params: Promise.resolve({ bed }) });
const ask = (search = '', init: RequestInit = {}) => new Request(`http://localhost/beds?${search}`, init);

/** The status, and what a problem body says. */
async function read(answered: Promise<Response>) {
  const response = await answered;
  const { title, detail } = (await response.json()) as { title?: string; detail?: string };
  return [response.status, title, detail];
}

test('an answer is made of who asks, the path and the query', async () => {
  const response = await customerRoute(bulbs, answer)(ask('colour=white'), context('north'));
  expect(await response.text()).toBe('seven');
  expect(answer.mock.calls).toMatchObject([
    [customer, { params: { bed: 'north' }, query: { colour: 'white' }, holder: '58324' }],
  ]);
  await staffRoute(bulbs, answer)(ask(), context('south'));
  expect(answer.mock.lastCall).toMatchObject([
    staff,
    { params: { bed: 'south' }, query: { colour: 'red' }, holder: 'staff:3' },
  ]);
});

test('who is not signed in gets 401 and nothing else', async () => {
  gates.findCustomer.mockResolvedValue(null);
  gates.findStaff.mockResolvedValue(null);
  const nobody = [401, 'Not signed in', 'Sign in to the Client Zone first.'];
  expect(await read(customerRoute(bulbs, answer)(ask(), context('north')))).toEqual(nobody);
  expect(await read(customerRoute(bulbs, answer)(ask('colour=blue'), context('moon')))).toEqual(nobody);
  expect(await read(staffStreamRoute(bulbs, answer)(ask(), context('north')))).toEqual(nobody);
  gates.requireStaff.mockImplementation(() => notFound());
  await expect(staffRoute(bulbs, answer)(ask(), context('north'))).rejects.toThrow('404');
  expect(answer).not.toHaveBeenCalled();
});

test('what a role does not allow is refused with a sentence', async () => {
  gates.findCustomer.mockRejectedValue(new ForbiddenError({ inAccount: 'VIEWER' }));
  const route = customerRoute({ ...bulbs, may: 'lists.upload' }, answer);
  expect(await read(route(ask(), context('north')))).toEqual([
    403,
    'Your role does not allow this',
    'Your role in this account, viewer, does not allow this. Ask an owner or administrator of the account.',
  ]);
  expect(gates.findCustomer).toHaveBeenCalledWith('lists.upload');
  expect(answer).not.toHaveBeenCalled();
});

test('so is what needs more than the route does, such as one of several files', async () => {
  const route = customerRoute(bulbs, () => {
    throw new ForbiddenError({ inAccount: 'SENDER' });
  });
  expect(await read(route(ask(), context('north')))).toEqual([
    403,
    'Your role does not allow this',
    'Your role in this account, sender, does not allow this. Ask an owner or administrator of the account.',
  ]);
  expect(logError).not.toHaveBeenCalled();
});

test('a page that was left open at another account gets nothing of this one', async () => {
  const refused = [409, 'You have switched to another account', expect.stringContaining('Reload the page')];
  const route = customerRoute(bulbs, answer);
  for (const shown of ['61207', '58324x', '']) {
    expect(await read(route(ask(`shown=${shown}`), context('north')))).toEqual(refused);
    const upload = ask(`shown=${shown}`, { method: 'POST', headers: { origin: 'http://localhost' } });
    expect((await route(upload, context('north'))).status).not.toBe(200);
  }
  expect(answer).not.toHaveBeenCalled();
  expect((await route(ask('shown=58324&colour=white'), context('north'))).status).toBe(200);
  // Whose page it is, is no filter of a list.
  expect(answer.mock.lastCall).toMatchObject([customer, { search: { colour: 'white' } }]);
  expect(answer.mock.lastCall).not.toMatchObject([customer, { search: { shown: '58324' } }]);
  // Staff see pages of many accounts.
  expect((await staffRoute(bulbs, answer)(ask('shown=61207'), context('north'))).status).toBe(200);
});

test('what changes something is done for our own pages alone', async () => {
  const route = customerRoute(bulbs, answer);
  const send = (method: string, site: string) =>
    route(ask('', { method, headers: { 'sec-fetch-site': site } }), context('north'));
  for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
    expect((await send(method, 'cross-site')).status, method).toBe(403);
  }
  expect(gates.findCustomer).not.toHaveBeenCalled();
  expect((await send('POST', 'same-origin')).status).toBe(200);
  expect((await send('GET', 'cross-site')).status).toBe(200);
});

test('a path that names nothing is not there, nor one that names nothing of theirs', async () => {
  const missing = [404, 'Not found', 'There is no such bed.'];
  expect(await read(customerRoute(bulbs, answer)(ask(), context('moon')))).toEqual(missing);
  expect(answer).not.toHaveBeenCalled();
  expect(await read(customerRoute(bulbs, () => null)(ask(), context('north')))).toEqual(missing);
});

test('what is wrong with the query is said by the schema, and never by zod', async () => {
  const { invalid } = bulbs;
  expect(await read(customerRoute(bulbs, answer)(ask('colour=blue'), context('north')))).toEqual([
    400,
    invalid,
    'Ask for colour=red or colour=white.',
  ]);
  const strict = { ...bulbs, query: z.object({ count: z.string() }) };
  for (const search of ['', 'count=1&count=2']) {
    const told = [400, invalid, 'Reload the page and try again.'];
    expect(await read(customerRoute(strict, answer)(ask(search), context('north')))).toEqual(told);
  }
  expect(answer).not.toHaveBeenCalled();
});

test('an error with a sentence is told; any other is logged once, with ids alone', async () => {
  const fail = (error: Error) =>
    read(customerRoute(bulbs, () => Promise.reject(error))(ask(), context('north')));
  const told = new AppError('frozen', 'Bed 7 is frozen.', { userMessage: 'Wait for August.' });
  expect(await fail(told)).toEqual([400, bulbs.failed, 'Wait for August.']);
  expect(logError).not.toHaveBeenCalled();
  const err = new Error('relation "bulb" does not exist');
  expect(await fail(err)).toEqual([
    503,
    bulbs.failed,
    'Too much is going on just now. Try again in a minute.',
  ]);
  expect(logError.mock.calls).toEqual([
    [{ err, accountId: 58324, actor: 'user:7' }, 'Counting tulips failed'],
  ]);
});

test('redirects and 404s are for Next.js', async () => {
  const lead = (leave: () => never) => customerRoute(bulbs, () => leave())(ask(), context('north'));
  await expect(lead(() => redirect('/beds'))).rejects.toThrow('NEXT_REDIRECT');
  await expect(lead(() => notFound())).rejects.toThrow('404');
});

test('a place is counted to who asks', async () => {
  const { perAccount } = getPlaces('evidence').rules;
  const route = customerRoute(bulbs, (_, { withPlace }) =>
    withPlace('evidence', async () => new Response(new ReadableStream())),
  );
  const gone = AbortSignal.abort();
  const held = [];
  for (let count = 0; count < perAccount; count += 1) held.push(await route(ask(), context('north')));
  expect(held.map(({ status }) => status)).toEqual(held.map(() => 200));
  expect((await route(ask('', { signal: gone }), context('north'))).status).toBe(429);
  gates.findCustomer.mockResolvedValue({ scope: mintAccountScope(61207, { userId: 8 }) });
  const other = await route(ask(), context('north'));
  expect(other.status).toBe(200);
  for (const { body } of [...held, other]) await body?.cancel();
  expect(getPlaces('evidence').inUse).toBe(0);
});
