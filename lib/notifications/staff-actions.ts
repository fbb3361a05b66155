'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { log } from '@/lib/log';
import { sendEmailAgain } from './commands';

const emailKey = z.object({
  accountId: z.int().positive().max(2_147_483_647),
  emailId: z.string().regex(/^\d{1,18}$/),
});

/** Tries an e-mail again that has failed. */
export async function tryEmailAgain(
  input: z.input<typeof emailKey>,
): Promise<{ ok: true } | { ok: false; message: string }> {
  const { scope } = await requireStaff();
  const parsed = emailKey.safeParse(input);
  try {
    const isQueued = parsed.success && (await sendEmailAgain(getPool(), scope, parsed.data));
    refresh();
    return isQueued ? { ok: true } : { ok: false, message: 'It has not failed, or no longer.' };
  } catch (err) {
    log.error({ err, ...parsed.data, actor: scope.actor }, 'An e-mail could not be queued again');
    return { ok: false, message: 'This could not be done just now. Nothing was changed; try again.' };
  }
}
