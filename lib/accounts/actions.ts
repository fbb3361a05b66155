'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { log } from '@/lib/log';
import { reinstateAccount as reinstate, suspendAccount as suspend } from './commands';

const statusInput = z.object({
  accountId: z.int().positive().max(2_147_483_647),
  reason: z.string().trim().min(1, 'Write the reason.').max(500, 'Keep the reason to 500 characters.'),
});

type StatusAnswer = { ok: true } | { ok: false; message: string };

/** Keeps an account's people out and its messages back. */
export async function suspendAccount(input: z.input<typeof statusInput>): Promise<StatusAnswer> {
  return change(input, suspend);
}

/** Lets a suspended account work again. */
export async function reinstateAccount(input: z.input<typeof statusInput>): Promise<StatusAnswer> {
  return change(input, reinstate);
}

async function change(input: z.input<typeof statusInput>, command: typeof suspend): Promise<StatusAnswer> {
  const { scope } = await requireStaff();
  const parsed = statusInput.safeParse(input);
  if (!parsed.success) {
    return { ok: false, message: parsed.error.issues[0]?.message ?? 'The form was not complete.' };
  }
  const { accountId, reason } = parsed.data;
  try {
    const result = await command(getPool(), scope, accountId, reason);
    if (result.ok) refresh();
    return result;
  } catch (err) {
    log.error({ err, accountId, actor: scope.actor }, 'Changing the status of an account failed');
    return { ok: false, message: 'This could not be done just now. Nothing was changed; try again.' };
  }
}
