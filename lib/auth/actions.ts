'use server';

import { redirect } from 'next/navigation';
import { endSession } from './gates';

/** Signs out of this browser. */
export async function signOut(): Promise<void> {
  await endSession();
  redirect('/sign-in');
}
