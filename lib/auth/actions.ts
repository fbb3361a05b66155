'use server';

import { redirect } from 'next/navigation';
import { z } from 'zod';
import { endOwnSession } from './gates';
import { openAction } from './make-action';

/** Signs out of this browser, and leads to the sign-in page. */
export const signOut = openAction(
  z.void(),
  async () => {
    await endOwnSession();
    redirect('/sign-in');
  },
  { doing: 'Signing out', failed: 'You are not signed out. Try again in a moment.' },
);
