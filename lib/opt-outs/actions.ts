'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { log } from '@/lib/log';
import { splitRecipients } from '@/lib/sms/recipients';
import { addOptOuts, removeOptOuts } from './commands';
import { maxNumbersAtATime, type AddOptOutsAnswer, type RemoveOptOutsAnswer } from './schema';

/** A thousand numbers as people write them take a tenth of it. */
const maxTypedLength = 200_000;

const typedNumbers = z.string().max(maxTypedLength).transform(splitRecipients);

/** Add Opt-Out Number: one number, or many in any format. Every refusal is a value with a sentence. */
export async function addOptOutNumbers(typed: string): Promise<AddOptOutsAnswer> {
  const { scope } = await requireCustomer();
  const parsed = typedNumbers.safeParse(typed);
  if (!parsed.success || parsed.data.length > maxNumbersAtATime) {
    return { ok: false, message: 'Add at most 1 000 numbers at a time. Import a file to add more.' };
  }
  if (parsed.data.length === 0) return { ok: false, message: 'Enter at least one number.' };
  try {
    const results = await addOptOuts(getPool(), scope, parsed.data);
    refresh();
    return { ok: true, results };
  } catch (err) {
    log.error({ err, accountId: scope.accountId }, 'Adding opt-outs failed');
    return { ok: false, message: 'The numbers could not be added just now. Try again in a moment.' };
  }
}

const msisdns = z
  .array(z.string().regex(/^\d{8,15}$/))
  .min(1)
  .max(maxNumbersAtATime);

/** Delete Opt-Out Number: takes back entries that the account made itself. One result for each number, in their order. */
export async function removeOptOutNumbers(numbers: string[]): Promise<RemoveOptOutsAnswer> {
  const { scope } = await requireCustomer();
  const parsed = msisdns.safeParse(numbers);
  if (!parsed.success) return { ok: false, message: 'Nothing was removed. Reload the page and try again.' };
  try {
    const results = await removeOptOuts(getPool(), scope, parsed.data);
    refresh();
    return { ok: true, results };
  } catch (err) {
    log.error({ err, accountId: scope.accountId }, 'Removing opt-outs failed');
    return { ok: false, message: 'Nothing was removed. Try again in a moment.' };
  }
}
