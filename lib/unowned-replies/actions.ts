'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireStaff } from '@/lib/auth/gates';
import type { StaffScope } from '@/lib/auth/scope';
import { getPool } from '@/lib/db/client';
import { log } from '@/lib/log';
import { assignUnownedReply, noteUnownedReply } from './commands';
import { listLikelyAccounts } from './queries';
import { maxReasonLength, type AssignResult, type LikelyAccount, type NoteResult } from './schema';

type Refused = { ok: false; message: string };

const key = {
  msisdn: z.string().min(1).max(200),
  id: z.string().regex(/^\d{1,18}$/),
};
const reason = z
  .string()
  .trim()
  .min(1, 'Write the reason.')
  .max(maxReasonLength, `Keep the reason to ${maxReasonLength} characters.`);

const keyInput = z.object(key);
const assignInput = z.object({
  ...key,
  isOptOut: z.boolean(),
  accountId: z.int('Enter the number of an account.').positive().max(2_147_483_647),
  reason,
});
const noteInput = z.object({ ...key, reason });

/** Which accounts may be meant by a reply without an owner. */
export async function suggestAccounts(
  input: z.input<typeof keyInput>,
): Promise<{ ok: true; accounts: LikelyAccount[] } | Refused> {
  return run(keyInput, input, 'Suggesting accounts for a reply failed', async (scope, reply) => ({
    ok: true as const,
    accounts: await listLikelyAccounts(getPool(), scope, reply),
  }));
}

/** "Assign": gives a reply without an owner to an account; a certain opt-out blocks the number. */
export async function assignReply(
  input: z.input<typeof assignInput>,
): Promise<Extract<AssignResult, { ok: true }> | Refused> {
  return run(assignInput, input, 'Assigning a reply failed', async (scope, reply) => {
    const result = await assignUnownedReply(getPool(), scope, reply);
    refresh();
    return result;
  });
}

/** "Note why not": a reply without an owner is assigned to nobody. */
export async function noteReply(
  input: z.input<typeof noteInput>,
): Promise<Extract<NoteResult, { ok: true }> | Refused> {
  return run(noteInput, input, 'Noting about a reply failed', async (scope, reply) => {
    const result = await noteUnownedReply(getPool(), scope, reply);
    refresh();
    return result;
  });
}

async function run<Input, Answer>(
  schema: z.ZodType<Input>,
  input: unknown,
  failure: string,
  work: (scope: StaffScope, input: Input) => Promise<Answer>,
): Promise<Answer | Refused> {
  const { scope } = await requireStaff();
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    return { ok: false, message: parsed.error.issues[0]?.message ?? 'The form was not complete.' };
  }
  try {
    return await work(scope, parsed.data);
  } catch (err) {
    log.error({ err, actor: scope.actor }, failure);
    return { ok: false, message: 'This could not be done just now. Nothing was changed; try again.' };
  }
}
