import 'server-only';
import { headers } from 'next/headers';
import { readVisitorAddress } from './visitor-address';

/** Where the visitor of a page or an action comes from; null without a proxy that is to be trusted. */
export async function findVisitorAddress(): Promise<string | null> {
  return readVisitorAddress((await headers()).get('x-forwarded-for'));
}
