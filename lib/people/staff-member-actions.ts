'use server';

import { z } from 'zod';
import { staffAction } from '@/lib/auth/make-action';
import { line, typedEmail, typedUsername } from './registration';
import { staffChanges } from './schema';
import * as commands from './staff-member-commands';

const person = z.object({ userId: z.int32().positive() });
const manner = {
  may: 'staff.manage',
  failed: 'This could not be done just now. Nothing was changed; try again.',
  refreshes: true,
} as const;

/** Adds somebody to the provider's staff. */
export const addStaffMember = staffAction(
  z.object({
    name: line(80, 'Enter their name.', 'Keep the name to 80 characters.'),
    email: typedEmail,
    username: typedUsername,
    role: z.enum(['ADMINISTRATOR', 'SUPPORT']),
  }),
  (pool, scope, form) => commands.addStaffMember(pool, scope, form),
  { ...manner, doing: 'Adding a member of staff' },
);

/** Changes what somebody of the staff may do: their role, whether they come in, or that they are of it. */
export const changeStaffMember = staffAction(
  person.extend({ change: z.enum(staffChanges) }),
  (pool, scope, { userId, change }) => commands.changeStaffMember(pool, scope, userId, change),
  {
    ...manner,
    doing: 'Changing a member of staff',
    ids: ({ userId, change }) => ({ userId, change }),
  },
);

/** Takes away a second factor that a member of staff has lost. */
export const resetStaffFactor = staffAction(
  person.extend({
    reason: z.string().trim().min(1, 'Write the reason.').max(500, 'Keep the reason to 500 characters.'),
  }),
  (pool, scope, input) => commands.resetStaffFactor(pool, scope, input),
  { ...manner, doing: 'Taking away a second factor of staff', ids: ({ userId }) => ({ userId }) },
);
