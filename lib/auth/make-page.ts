import 'server-only';
import { notFound, redirect } from 'next/navigation';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { ForbiddenError } from './forbidden';
import {
  requireCustomer,
  requirePerson,
  requireStaff,
  type CustomerSession,
  type PersonSession,
  type StaffSession,
} from './gates';
import type { CustomerPermission, StaffPermission } from './permissions';

/** The parameters of an address, as Next.js hands them over. */
type Params = Record<string, string | string[] | undefined>;

/** How the parameters of an address are read: a schema, or a function made of one. */
type Reader<Value> = z.ZodType<Value> | ((given: Params) => Value);

interface PageProps {
  params: Promise<Params>;
  searchParams: Promise<Params>;
}

interface PageInput<Route, Search, May = never> {
  /**
   * What one must be allowed to do to see it; left out: nothing but to look. Whoever is not is led to a page
   * that says so.
   */
  may?: May;
  /** What the path names. When it cannot be read there is no such page. */
  params?: z.ZodType<Route>;
  /**
   * What stands behind the `?`. Anybody may write anything there: it reads what makes no sense as not given.
   */
  search?: Reader<Search>;
}

/** How a page is made for one kind of visitor. */
type MakePage<Who, May = never> = <Route = Record<never, never>, Search = Record<never, never>>(
  input: PageInput<Route, Search, May>,
  render: (who: Who, input: { params: Route; search: Search }) => Promise<ReactNode> | ReactNode,
) => (props: PageProps) => Promise<ReactNode>;

/**
 * Makes the wrapper of the pages of one gate: gate, address, render.
 *
 * @param gate who looks; leads elsewhere by a redirect or a 404
 */
export function makePageWrapper<Who, May = never>(
  gate: (may: May | undefined) => Promise<Who>,
): MakePage<Who, May> {
  return (input, render) => {
    // One that fails without a `?` would fail for nearly everybody; so it fails as soon as the page is built.
    if (input.search) read(input.search, {});
    return async (props) => {
      const who = await gate(input.may);
      const params = input.params?.safeParse(await props.params);
      if (params && !params.success) notFound();
      const search = input.search && read(input.search, await props.searchParams);
      return render(who, { params: params?.data as never, search: search as never });
    };
  };
}

function read<Value>(reader: Reader<Value>, given: Params): Value {
  return typeof reader === 'function' ? reader(given) : reader.parse(given);
}

/**
 * Makes a page of the customers. Nobody is led to the sign-in page, staff to their own. A page looks and
 * changes nothing, so that its scope is one for reading, whoever looks.
 */
export const customerPage: MakePage<CustomerSession, CustomerPermission> = makePageWrapper((may) =>
  requireCustomer(may).catch(leadAway('/not-allowed')),
);

/**
 * Makes the layout of a customers' page that has a loading.tsx and needs a permission. Such a page's own gate
 * decides when the answer has begun, so that whoever may not is led away within a 200; this one decides
 * before.
 */
export function customerLayout(may: CustomerPermission) {
  return async ({ children }: { children: ReactNode }): Promise<ReactNode> => {
    await requireCustomer(may).catch(leadAway('/not-allowed'));
    return children;
  };
}

/** Makes a page of the staff. Nobody is led to the sign-in page; to a customer there is no such page. */
export const staffPage: MakePage<StaffSession, StaffPermission> = makePageWrapper((may) =>
  requireStaff(may).catch(leadAway('/admin/not-allowed')),
);

/** Makes a page of whoever is signed in, customer or staff, and of whoever belongs to no account. */
export const personPage: MakePage<PersonSession> = makePageWrapper(() => requirePerson());

function leadAway(path: string) {
  return (err: unknown): never => {
    if (err instanceof ForbiddenError) redirect(path);
    throw err;
  };
}

/** Makes a page for anybody. */
export const openPage: MakePage<null> = makePageWrapper(async () => null);
