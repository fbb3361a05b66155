'use server';

import { z } from 'zod';
import { staffAction } from '@/lib/auth/make-action';
import { resetFactor as reset } from './staff-commands';

/** Takes away a second factor that somebody has lost. */
export const resetFactor = staffAction(
  z.object({
    accountId: z.int32().positive(),
    userId: z.int32().positive(),
    reason: z.string().trim().min(1, 'Write the reason.').max(500, 'Keep the reason to 500 characters.'),
  }),
  (pool, scope, input) => reset(pool, scope, input),
  {
    may: 'people.manage',
    doing: 'Taking away a second factor',
    refreshes: true,
    ids: ({ accountId, userId }) => ({ accountId, userId }),
  },
);
