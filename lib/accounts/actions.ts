'use server';

import { z } from 'zod';
import { staffAction } from '@/lib/auth/make-action';
import * as commands from './commands';
import { correctAccountCredits as correct } from './correct-credits';
import { topUpAccount as topUp } from './top-up';

const change = z.object({
  accountId: z.int32().positive(),
  reason: z.string().trim().min(1, 'Write the reason.').max(500, 'Keep the reason to 500 characters.'),
});
const ids = ({ accountId }: { accountId: number }) => ({ accountId });

/** Keeps an account's people out and its messages back. */
export const suspendAccount = staffAction(
  change,
  (pool, scope, { accountId, reason }) => commands.suspendAccount(pool, scope, accountId, reason),
  { may: 'accounts.manage', doing: 'Suspending an account', refreshes: true, ids },
);

/** Lets a suspended account work again. */
export const reinstateAccount = staffAction(
  change,
  (pool, scope, { accountId, reason }) => commands.reinstateAccount(pool, scope, accountId, reason),
  { may: 'accounts.manage', doing: 'Reinstating an account', refreshes: true, ids },
);

const typedCredits = z
  .string()
  .trim()
  .regex(/^\d[\d\s]{0,11}$/, 'Enter a whole number of credits.')
  .transform((typed) => Number(typed.replace(/\s/g, '')))
  .pipe(
    z
      .number()
      .min(1, 'Enter at least one credit.')
      .max(commands.maxFirstCredits, 'That is more than a million.'),
  );
const first = change.extend({ credits: typedCredits });

/** Makes a trial a full account, with credits. */
export const makeFullAccount = staffAction(
  first,
  (pool, scope, input) => commands.makeFullAccount(pool, scope, input),
  { may: 'accounts.manage', doing: 'Making a trial a full account', refreshes: true, ids },
);

/** Gives an account credits that it has paid for. */
export const topUpAccount = staffAction(
  z.object({
    accountId: z.int32().positive(),
    credits: typedCredits,
    reference: z
      .string()
      .trim()
      .min(1, 'Enter the invoice or the order.')
      .max(100, 'Keep the reference to 100 characters.'),
    tellsOwner: z.boolean(),
    requestId: z.uuid(),
  }),
  (pool, scope, input) => topUp(pool, scope, input),
  { may: 'accounts.manage', doing: 'Giving an account credits', refreshes: true, ids },
);

const typedAmount = z
  .string()
  .trim()
  .regex(/^[-−+]?\d[\d\s]{0,11}$/, 'Enter a whole number of credits; below 0 to take them away.')
  .transform((typed) => Number(typed.replace(/[\s+]/g, '').replace('−', '-')))
  .pipe(
    z
      .number()
      .refine((amount) => amount !== 0, 'Enter how many credits to add, or below 0 to take away.')
      .refine((amount) => Math.abs(amount) <= commands.maxFirstCredits, 'That is more than a million.'),
  );

/** Corrects the credits of an account, either way, with a reason. */
export const correctAccountCredits = staffAction(
  change.extend({ credits: typedAmount, tellsOwner: z.boolean(), requestId: z.uuid() }),
  (pool, scope, { credits, ...input }) => correct(pool, scope, { ...input, amount: credits }),
  { may: 'accounts.manage', doing: 'Correcting the credits of an account', refreshes: true, ids },
);
