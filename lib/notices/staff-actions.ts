'use server';

import { z } from 'zod';
import { staffAction } from '@/lib/auth/make-action';
import { sendEmailAgain } from './commands';

const hasNotFailed = 'It has not failed, or no longer.';
const email = z.object({ accountId: z.int32().positive(), emailId: z.string().regex(/^\d{1,18}$/) });

/** Tries an e-mail again that has failed. */
export const tryEmailAgain = staffAction(
  email,
  async (pool, scope, key) =>
    (await sendEmailAgain(pool, scope, key)) ? { ok: true } : { ok: false, message: hasNotFailed },
  {
    may: 'emails.send-again',
    doing: 'Sending an e-mail again',
    invalid: hasNotFailed,
    refreshes: true,
    ids: (key) => key,
  },
);
