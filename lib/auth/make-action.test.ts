import { notFound, redirect } from 'next/navigation';
import type { Pool } from 'pg';
import { beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { AppError } from '@/lib/http/app-error';
import type { RateLimit } from '@/lib/http/rate-limit';
import { log } from '@/lib/log';
import { ForbiddenError } from './forbidden';
import {
  mintAccountScope,
  mintHalfScope,
  mintPersonScope,
  mintStaffScope,
  type AccountScope,
  type StaffScope,
} from './scope';

const gates = vi.hoisted(() => ({
  requireCustomer: vi.fn(),
  requireStaff: vi.fn(),
  requirePerson: vi.fn(),
  requireHalf: vi.fn(),
}));
vi.mock('./gates', () => gates);
const pool = vi.hoisted(() => ({}) as Pool);
vi.mock('@/lib/db/client', () => ({ getPool: () => pool }));
const refresh = vi.hoisted(() => vi.fn());
vi.mock('next/cache', () => ({ refresh }));
const { customerAction, halfAction, openAction, parseInput, personAction, staffAction } =
  await import('./make-action');

const account = mintAccountScope(58324, { userId: 7 });
const staff = mintStaffScope(3);
const owner = { userId: 7, accountId: 58324, sessionId: 'b3d9', address: null };
const [person, half] = [mintPersonScope(owner), mintHalfScope(owner)];
const logError = vi.spyOn(log, 'error').mockImplementation(() => undefined);

beforeEach(() => {
  vi.clearAllMocks();
  gates.requireCustomer.mockResolvedValue({ scope: account });
  gates.requireStaff.mockResolvedValue({ scope: staff });
  gates.requirePerson.mockResolvedValue({ person });
  gates.requireHalf.mockResolvedValue({ half });
});

const tulips = z.object({
  colour: z.string().min(1, 'Name a colour.'),
  count: z.int().max(1000, 'At most 1 000 tulips.'),
});
const manner = { doing: 'Planting tulips', failed: 'Nothing was planted.' };
const customers = { ...manner, may: 'messages.send' } as const;
const staffs = { ...manner, may: 'keywords.change' } as const;
const planted = vi.fn(async (..._: unknown[]) => ({ ok: true as const, beds: 2 }));

test('a page of another account does nothing in this one', async () => {
  const plant = customerAction(tulips, planted, customers) as (...args: unknown[]) => Promise<unknown>;
  const input = { colour: 'red', count: 7 };
  expect(await plant(input, 61207)).toMatchObject({
    ok: false,
    reason: 'switched',
    message: expect.stringContaining('Nothing was done'),
  });
  expect(planted).not.toHaveBeenCalled();
  expect(await plant(input, 58324)).toEqual({ ok: true, beds: 2 });
  // A program that calls the action without a page, and a page of no account.
  for (const shown of [undefined, null]) expect(await plant(input, shown)).toEqual({ ok: true, beds: 2 });
});

test('a command gets the scope of who is signed in, and what was read', async () => {
  const input = { colour: 'red', count: 7 };
  expect(await customerAction(tulips, planted, customers)(input)).toEqual({ ok: true, beds: 2 });
  expect(await staffAction(tulips, planted, staffs)(input)).toEqual({ ok: true, beds: 2 });
  expect(await openAction(tulips, planted, manner)(input)).toEqual({ ok: true, beds: 2 });
  expect(await personAction(tulips, planted, manner)(input)).toEqual({ ok: true, beds: 2 });
  expect(await halfAction(tulips, planted, manner)(input)).toEqual({ ok: true, beds: 2 });
  expect(planted.mock.calls).toEqual([
    [pool, account, input],
    [pool, staff, input],
    [pool, null, input],
    [pool, person, input],
    [pool, half, input],
  ]);
  expect(refresh).not.toHaveBeenCalled();
});

test('who may not is led elsewhere, whatever they send', async () => {
  gates.requireCustomer.mockImplementation(() => redirect('/sign-in'));
  gates.requireStaff.mockImplementation(() => notFound());
  gates.requirePerson.mockImplementation(() => redirect('/sign-in/second-step'));
  gates.requireHalf.mockImplementation(() => redirect('/sign-in'));
  for (const input of [{ colour: 'red', count: 7 }, 'nonsense' as never]) {
    await expect(customerAction(tulips, planted, customers)(input)).rejects.toThrow('NEXT_REDIRECT');
    await expect(staffAction(tulips, planted, staffs)(input)).rejects.toThrow('404');
    await expect(personAction(tulips, planted, manner)(input)).rejects.toThrow('NEXT_REDIRECT');
    await expect(halfAction(tulips, planted, manner)(input)).rejects.toThrow('NEXT_REDIRECT');
  }
  expect(planted).not.toHaveBeenCalled();
});

test('what is wrong is said of each field, and nothing is done', async () => {
  const plant = customerAction(tulips, planted, customers);
  expect(await plant({ colour: '', count: 2000 })).toEqual({
    ok: false,
    reason: 'invalid',
    message: 'Name a colour.',
    fields: { colour: 'Name a colour.', count: 'At most 1 000 tulips.' },
  });
  expect(planted).not.toHaveBeenCalled();
});

test.each([[null], ['red'], [{ colour: 7, count: 'many' }], [{}]])(
  'what no form of ours sends (%j) is told in a plain sentence, never in zod’s',
  async (given) => {
    const incomplete = 'The form was not complete. Reload the page and try again.';
    expect(parseInput(tulips, given)).toEqual({ ok: false, reason: 'invalid', message: incomplete });
    expect(parseInput(tulips, given, 'Nothing was planted.')).toMatchObject({
      message: 'Nothing was planted.',
    });
  },
);

test('a refusal of the command is handed on as it is; the page comes anew after it as after what was done', async () => {
  const refusal = { ok: false as const, reason: 'frozen', message: 'The ground is frozen.', until: 'August' };
  const plant = staffAction(tulips, async () => refusal, { ...staffs, refreshes: true });
  expect(await plant({ colour: 'red', count: 7 })).toEqual(refusal);
  expect(refresh).toHaveBeenCalledOnce();
  expect(logError).not.toHaveBeenCalled();
});

test('an error with a sentence for people is a refusal', async () => {
  const plant = customerAction(
    tulips,
    async (): Promise<{ ok: true }> => {
      throw new AppError('no-spade', 'Account 58324 has no spade.', { userMessage: 'Get a spade first.' });
    },
    customers,
  );
  expect(await plant({ colour: 'red', count: 7 })).toEqual({
    ok: false,
    reason: 'no-spade',
    message: 'Get a spade first.',
  });
  expect(logError).not.toHaveBeenCalled();
});

test('any other error is logged once, with ids alone, and told without saying what', async () => {
  const err = new AppError('locked', 'relation "bulb" does not exist');
  const plant = customerAction(
    tulips,
    async (): Promise<{ ok: true }> => {
      throw err;
    },
    { ...customers, refreshes: true, ids: ({ count }) => ({ count }) },
  );
  expect(await plant({ colour: 'red', count: 7 })).toEqual({
    ok: false,
    reason: 'failed',
    message: 'Nothing was planted.',
  });
  expect(logError.mock.calls).toEqual([
    [{ err, accountId: 58324, actor: 'user:7', count: 7 }, 'Planting tulips failed'],
  ]);
  expect(refresh).not.toHaveBeenCalled();
});

test('what a role may not do is refused with a sentence, before anything is read', async () => {
  gates.requireCustomer.mockRejectedValue(new ForbiddenError({ inAccount: 'VIEWER' }));
  gates.requireStaff.mockRejectedValue(new ForbiddenError({ ofStaff: 'SUPPORT' }));
  expect(await customerAction(tulips, planted, customers)({ colour: '', count: 7 })).toEqual({
    ok: false,
    reason: 'forbidden',
    message:
      'Your role in this account, viewer, does not allow this. Ask an owner or administrator of the account.',
  });
  expect(gates.requireCustomer).toHaveBeenCalledWith('messages.send');
  expect(await staffAction(tulips, planted, staffs)({ colour: '', count: 7 })).toEqual({
    ok: false,
    reason: 'forbidden',
    message: 'Your role, support, does not allow this. Ask an administrator.',
  });
  expect(gates.requireStaff).toHaveBeenCalledWith('keywords.change');
  expect(planted).not.toHaveBeenCalled();
  expect(logError).not.toHaveBeenCalled();
});

test('an action says what one must be allowed to do, and gets a scope by that', () => {
  // That these do not compile is the test.
  // @ts-expect-error -- nothing says who may
  customerAction(tulips, planted, manner);
  // @ts-expect-error -- nothing says who may
  staffAction(tulips, planted, manner);
  // @ts-expect-error -- what a viewer may do, comes with a scope for reading
  customerAction(tulips, async (_, _scope: AccountScope) => ({ ok: true }), {
    ...manner,
    may: 'account.read',
  });
  // @ts-expect-error -- and so does what support may
  staffAction(tulips, async (_, _scope: StaffScope) => ({ ok: true }), { ...manner, may: 'staff.read' });
});

test('redirects and 404s of a command are for Next.js', async () => {
  const lead = (leave: () => never) =>
    openAction(z.void(), async (): Promise<{ ok: true }> => leave(), manner)();
  await expect(lead(() => redirect('/beds/7'))).rejects.toThrow('NEXT_REDIRECT');
  await expect(lead(() => notFound())).rejects.toThrow('404');
  expect(logError).not.toHaveBeenCalled();
});

test('too many in a short time wait, counted to who acts', async () => {
  const take = vi.fn(async () => 12);
  const plant = customerAction(tulips, planted, {
    ...customers,
    limit: {
      of: { take } as unknown as RateLimit,
      key: ({ accountId }) => String(accountId),
      refuse: (seconds) => `Wait ${seconds} s.`,
    },
  });
  expect(await plant({ colour: 'red', count: 7 })).toEqual({
    ok: false,
    reason: 'throttled',
    message: 'Wait 12 s.',
  });
  expect(take.mock.calls).toEqual([[pool, '58324']]);
  expect(planted).not.toHaveBeenCalled();
  take.mockResolvedValue(0);
  expect(await plant({ colour: 'red', count: 7 })).toMatchObject({ ok: true });
});
