'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireStaff } from '@/lib/auth/gates';
import type { StaffScope } from '@/lib/auth/scope';
import { getPool } from '@/lib/db/client';
import { log } from '@/lib/log';
import { addOptOutByStaff, removeOptOutByCorrection } from './corrections';
import { decideRequests } from './decisions';
import { readStaffRequest } from './queries';
import { maxDecisionsAtATime, type CorrectionResult, type DecisionResult } from './schema';

const reason = z.string().trim().min(1, 'Write the reason.').max(500, 'Keep the reason to 500 characters.');
const accountId = z.int().positive().max(2_147_483_647);

const decisionInput = z.object({
  requests: z
    .array(z.object({ accountId, requestId: z.string().regex(/^\d{1,18}$/) }))
    .min(1, 'Select at least one request.')
    .max(maxDecisionsAtATime, `Decide at most ${maxDecisionsAtATime} requests at a time.`),
  decision: z.discriminatedUnion('decision', [
    z.object({ decision: z.literal('approve') }),
    z.object({ decision: z.literal('reject'), reason }),
  ]),
});

/** Approves or rejects requests. Each has its own outcome: another member of staff may have decided one meanwhile. */
export async function decideRemovalRequests(
  input: z.input<typeof decisionInput>,
): Promise<{ ok: true; results: DecisionResult[] } | { ok: false; message: string }> {
  const { scope } = await requireStaff();
  const parsed = decisionInput.safeParse(input);
  if (!parsed.success) return refuse(parsed.error);
  const { requests, decision } = parsed.data;
  try {
    const results = await decideRequests(getPool(), scope, requests, decision);
    refresh();
    return { ok: true, results: await Promise.all(results.map((result) => explain(scope, result))) };
  } catch (err) {
    log.error({ err, requests: requests.length, actor: scope.actor }, 'Deciding removal requests failed');
    return { ok: false, message: 'This could not be decided just now. Nothing was changed; try again.' };
  }
}

/** Of a request that someone else had decided: who decided what, and when. */
async function explain(scope: StaffScope, result: DecisionResult): Promise<DecisionResult> {
  if (result.ok || (result.state !== 'REMOVED' && result.state !== 'REJECTED')) return result;
  const request = await readStaffRequest(getPool(), scope, result);
  if (!request?.finishedAt) return result;
  const at = new Intl.DateTimeFormat('en-ZA', {
    timeZone: 'Africa/Johannesburg',
    dateStyle: 'long',
    timeStyle: 'short',
  }).format(new Date(request.finishedAt));
  const verb = result.state === 'REMOVED' ? 'approved' : 'rejected';
  return { ...result, message: `${request.decidedByName ?? 'The platform'} ${verb} it, ${at}.` };
}

const correctionInput = z.object({
  accountId,
  number: z.string().trim().min(1, 'Enter the number.').max(40, 'That is too long for a number.'),
  reason,
});

/** Blocks a number for an account, on its behalf. */
export async function addOptOutForAccount(
  input: z.input<typeof correctionInput>,
): Promise<Extract<CorrectionResult, { ok: true }> | { ok: false; message: string }> {
  return correct(input, addOptOutByStaff);
}

/** Takes out an opt-out that never was the recipient's wish: invariant 5's one exception, marked as a correction. */
export async function correctOptOut(
  input: z.input<typeof correctionInput>,
): Promise<Extract<CorrectionResult, { ok: true }> | { ok: false; message: string }> {
  return correct(input, removeOptOutByCorrection);
}

async function correct(input: z.input<typeof correctionInput>, command: typeof addOptOutByStaff) {
  const { scope } = await requireStaff();
  const parsed = correctionInput.safeParse(input);
  if (!parsed.success) return refuse(parsed.error);
  try {
    const result = await command(getPool(), scope, parsed.data);
    if (result.ok) refresh();
    return result;
  } catch (err) {
    log.error({ err, accountId: parsed.data.accountId, actor: scope.actor }, 'A correction failed');
    return {
      ok: false as const,
      message: 'This could not be done just now. Nothing was changed; try again.',
    };
  }
}

function refuse(error: z.ZodError): { ok: false; message: string } {
  return { ok: false, message: error.issues[0]?.message ?? 'The form was not complete.' };
}
