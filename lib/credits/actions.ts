'use server';

import { z } from 'zod';
import { customerAction } from '@/lib/auth/make-action';
import { transferCredits as transfer } from './transfer-commands';
import { saveWarningLevel as saveLevel } from './warning-commands';

/**
 * "1 500" as somebody types it; NaN, which the commands refuse with a sentence, when it is no whole
 * number.
 */
const typedCredits = z
  .string()
  .trim()
  .max(40)
  .transform((typed) =>
    /^[-−]?\d[\d\s]*$/.test(typed) ? Number(typed.replace(/\s/g, '').replace('−', '-')) : NaN,
  );

/** Sets below how many credits the owner is warned; an empty field: never. */
export const saveWarningLevel = customerAction(
  z.object({ level: z.union([z.literal('').transform(() => null), typedCredits]) }),
  async (pool, scope, { level }) => {
    const result = await saveLevel(pool, scope, level);
    return result.ok ? result : { ...result, fields: { level: result.message } };
  },
  { may: 'credits.manage', doing: 'Saving the level of a credit warning', refreshes: true },
);

/** Moves credits between the main account that is signed in and one of its sub-accounts. */
export const transferCredits = customerAction(
  z.object({
    subAccountId: z.int32().positive(),
    direction: z.enum(['to', 'from']),
    credits: typedCredits,
    reference: z.string().max(1000),
    requestId: z.uuid(),
  }),
  (pool, scope, { subAccountId, direction, ...given }) =>
    transfer(pool, scope, {
      ...given,
      ...(direction === 'to' ? { toAccountId: subAccountId } : { fromAccountId: subAccountId }),
    }),
  {
    may: 'credits.manage',
    doing: 'Moving credits',
    refreshes: true,
    ids: ({ subAccountId }) => ({ subAccountId }),
  },
);
