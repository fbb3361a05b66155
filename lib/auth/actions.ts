'use server';

import { redirect } from 'next/navigation';
import { endOwnSession } from './gates';

/** Signs out of this browser. */
export async function signOut(): Promise<void> {
  await endOwnSession();
  redirect('/sign-in');
}
