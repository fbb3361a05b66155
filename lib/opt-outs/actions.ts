'use server';

import { z } from 'zod';
import { isWritable } from '@/lib/sms/written-number';
import { recordedAction } from '@/lib/auth/make-action';
import { splitRecipients } from '@/lib/sms/recipients';
import { addOptOuts, removeOptOuts } from './commands';
import { maxNumbersAtATime } from './schema';

/** A thousand numbers as people write them take a tenth of it. */
const maxTypedLength = 200_000;
const tooMany = 'Add at most 1 000 numbers at a time. Import a file to add more.';

const typedNumbers = z
  .string()
  .max(maxTypedLength, tooMany)
  .transform(splitRecipients)
  .pipe(z.array(z.string()).min(1, 'Enter at least one number.').max(maxNumbersAtATime, tooMany));

/** Add Opt-Out Number: one number, or many in any format. One result for each. */
export const addOptOutNumbers = recordedAction(
  typedNumbers,
  async (pool, scope, numbers) => ({ ok: true, results: await addOptOuts(pool, scope, numbers) }),
  {
    may: 'opt-outs.change',
    activity: {
      kind: 'opt-out.add',
      details: (_, { results }) => count(results.filter(({ outcome }) => outcome === 'added').length),
    },
    doing: 'Adding opt-outs',
    failed: 'The numbers could not be added just now. Try again in a moment.',
    refreshes: true,
  },
);

const count = (numbers: number) => (numbers === 0 ? null : { numbers });

const msisdns = z.array(z.string().refine(isWritable)).min(1).max(maxNumbersAtATime);

/**
 * Delete Opt-Out Number: takes back entries that the account made itself. One result for each number, in
 * their order.
 */
export const removeOptOutNumbers = recordedAction(
  msisdns,
  async (pool, scope, numbers) => ({ ok: true, results: await removeOptOuts(pool, scope, numbers) }),
  {
    may: 'opt-outs.change',
    activity: {
      kind: 'opt-out.remove',
      details: (_, { results }) => count(results.filter(({ ok }) => ok).length),
    },
    doing: 'Removing opt-outs',
    failed: 'Nothing was removed. Try again in a moment.',
    invalid: 'Nothing was removed. Reload the page and try again.',
    refreshes: true,
  },
);
