'use server';

import { z } from 'zod';
import { customerAction } from '@/lib/auth/make-action';
import { line, typedEmail, typedUsername } from './registration';
import * as commands from './sub-account-commands';

const company = line(
  60,
  'Enter the name of the company or branch.',
  'Keep the name of the company to 60 characters.',
);

/** Opens a sub-account of the main account that is signed in. */
export const openSubAccount = customerAction(
  z.discriminatedUnion('who', [
    z.object({ who: z.literal('nobody'), company }),
    z.object({
      who: z.literal('person'),
      company,
      name: line(80, 'Enter their name.', 'Keep the name to 80 characters.'),
      email: typedEmail,
      username: typedUsername,
    }),
  ]),
  (pool, scope, input) => {
    if (input.who === 'nobody') return commands.openSubAccount(pool, scope, { ...input, person: null });
    const { name, email, username } = input;
    return commands.openSubAccount(pool, scope, {
      company: input.company,
      person: { name, email, username },
    });
  },
  {
    may: 'credits.manage',
    doing: 'Opening a sub-account',
    failed: 'No sub-account was opened just now. Try again.',
    refreshes: true,
  },
);

/** Chooses whether an opt-out of one account of the family counts for all of them. */
export const honourFamilyOptOuts = customerAction(
  z.object({ honoursAll: z.boolean() }),
  (pool, scope, input) => commands.honourFamilyOptOuts(pool, scope, input),
  {
    may: 'settings.change',
    doing: 'Choosing whose opt-outs count',
    failed: 'This could not be saved just now. Nothing has changed; try again in a moment.',
    refreshes: true,
  },
);
