import { notFound, redirect } from 'next/navigation';
import { beforeEach, expect, test, vi } from 'vitest';
import { z } from 'zod';

const gates = vi.hoisted(() => ({ requireCustomer: vi.fn(), requireStaff: vi.fn() }));
vi.mock('./gates', () => gates);
const { ForbiddenError } = await import('./forbidden');
const { customerPage, openPage, staffPage } = await import('./make-page');

const customer = { account: { id: 58324 } };
const staff = { user: { id: 3 } };

beforeEach(() => {
  vi.clearAllMocks();
  gates.requireCustomer.mockResolvedValue(customer);
  gates.requireStaff.mockResolvedValue(staff);
});

const bed = {
  params: z.object({ bed: z.string().regex(/^\d+$/).transform(Number) }),
  search: z.object({ colour: z.enum(['red', 'white']).catch('red') }),
};
const render = vi.fn((..._: unknown[]) => 'tulips');
const props = (params: object, search: object = {}) => ({
  params: Promise.resolve({ ...params }),
  searchParams: Promise.resolve({ ...search }),
});

test('a page is made of who looks, the path and the search', async () => {
  expect(await customerPage(bed, render)(props({ bed: '7' }, { colour: 'white' }))).toBe('tulips');
  expect(await staffPage(bed, render)(props({ bed: '7' }, { colour: ['red', 'blue'] }))).toBe('tulips');
  expect(await openPage({ search: ({ q }) => ({ q }) }, render)(props({}, { q: 'a' }))).toBe('tulips');
  expect(render.mock.calls).toEqual([
    [customer, { params: { bed: 7 }, search: { colour: 'white' } }],
    [staff, { params: { bed: 7 }, search: { colour: 'red' } }],
    [null, { params: undefined, search: { q: 'a' } }],
  ]);
});

test('who may not is led elsewhere, whatever the address', async () => {
  gates.requireCustomer.mockImplementation(() => redirect('/sign-in'));
  gates.requireStaff.mockImplementation(() => notFound());
  for (const number of ['7', 'moon']) {
    await expect(customerPage(bed, render)(props({ bed: number }))).rejects.toThrow('NEXT_REDIRECT');
    await expect(staffPage(bed, render)(props({ bed: number }))).rejects.toThrow('404');
  }
  expect(render).not.toHaveBeenCalled();
});

test('what a role does not let one see leads to a page that says so', async () => {
  gates.requireCustomer.mockRejectedValue(new ForbiddenError({ inAccount: 'VIEWER' }));
  gates.requireStaff.mockRejectedValue(new ForbiddenError({ ofStaff: 'SUPPORT' }));
  const customers = customerPage({ ...bed, may: 'messages.send' }, render)(props({ bed: '7' }));
  await expect(customers).rejects.toMatchObject({ digest: expect.stringContaining(';/not-allowed;') });
  expect(gates.requireCustomer).toHaveBeenCalledWith('messages.send');
  const staffs = staffPage({ ...bed, may: 'staff.manage' }, render)(props({ bed: '7' }));
  await expect(staffs).rejects.toMatchObject({ digest: expect.stringContaining(';/admin/not-allowed;') });
  expect(render).not.toHaveBeenCalled();
});

test('a path that names nothing is no page', async () => {
  for (const path of [{ bed: 'moon' }, {}, { bed: ['7', '8'] }]) {
    await expect(customerPage(bed, render)(props(path))).rejects.toThrow('404');
  }
  expect(render).not.toHaveBeenCalled();
});

test('a search that cannot be read when nothing is sought is found out before anybody asks', () => {
  // zod wants the key of an unknown value to be there
  expect(() => openPage({ search: z.object({ reason: z.unknown() }) }, render)).toThrow('nonoptional');
  expect(() => openPage({ search: z.object({ reason: z.unknown().optional() }) }, render)).not.toThrow();
});
