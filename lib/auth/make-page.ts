import 'server-only';
import { notFound } from 'next/navigation';
import type { ReactNode } from 'react';
import type { z } from 'zod';
import { requireCustomer, requireStaff, type CustomerSession, type StaffSession } from './gates';

/** The parameters of an address, as Next.js hands them over. */
type Params = Record<string, string | string[] | undefined>;

/** How the parameters of an address are read: a schema, or a function made of one. */
type Reader<Value> = z.ZodType<Value> | ((given: Params) => Value);

interface PageProps {
  params: Promise<Params>;
  searchParams: Promise<Params>;
}

interface PageInput<Route, Search> {
  /** What the path names. When it cannot be read there is no such page. */
  params?: z.ZodType<Route>;
  /**
   * What stands behind the `?`. Anybody may write anything there: it reads what makes no sense as not given.
   */
  search?: Reader<Search>;
}

/** How a page is made for one kind of visitor. */
type MakePage<Who> = <Route = Record<never, never>, Search = Record<never, never>>(
  input: PageInput<Route, Search>,
  render: (who: Who, input: { params: Route; search: Search }) => Promise<ReactNode> | ReactNode,
) => (props: PageProps) => Promise<ReactNode>;

/**
 * Makes the wrapper of the pages of one gate: gate, address, render.
 *
 * @param gate who looks; leads elsewhere by a redirect or a 404
 */
export function makePageWrapper<Who>(gate: () => Promise<Who>): MakePage<Who> {
  return (input, render) => {
    // One that fails without a `?` would fail for nearly everybody; so it fails as soon as the page is built.
    if (input.search) read(input.search, {});
    return async (props) => {
      const who = await gate();
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

/** Makes a page of the customers. Nobody is led to the sign-in page, staff to their own. */
export const customerPage: MakePage<CustomerSession> = makePageWrapper(() => requireCustomer());

/** Makes a page of the staff. Nobody is led to the sign-in page; to a customer there is no such page. */
export const staffPage: MakePage<StaffSession> = makePageWrapper(() => requireStaff());

/** Makes a page for anybody. */
export const openPage: MakePage<null> = makePageWrapper(async () => null);
