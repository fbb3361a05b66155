'use server';

import { z } from 'zod';
import { recordedAction } from '@/lib/auth/make-action';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { recordConsents, withdrawConsent } from './commands';
import { outcomeLabels, withdrawLabels } from './labels';
import { composeDetails, detailsForm, reasonSchema, withdrawnOnSchema } from './schema';

const number = z
  .string()
  .max(100)
  .transform((typed, context) => {
    const read = parseMsisdn(typed);
    if (read.ok) return read.msisdn;
    context.addIssue({ code: 'custom', message: read.message });
    return z.NEVER;
  });

const form = z.object({ number, ...detailsForm });

/** Writes down that one number has consented to marketing. Answers with the number as it is kept. */
export const recordConsent = recordedAction(
  form,
  async (client, scope, { number, ...given }) => {
    const composed = composeDetails(given);
    if (!composed.ok) return { ok: false, message: composed.message };
    const outcome = (await recordConsents(client, scope, [number], composed.details)).get(number);
    if (outcome === 'opted-out-since' || outcome === 'withdrawn-since') {
      return { ok: false, message: outcomeLabels[outcome] };
    }
    return { ok: true, msisdn: number, isNew: outcome === 'recorded' };
  },
  {
    may: 'opt-outs.change',
    activity: { kind: 'consent.record', details: (_, { isNew }) => (isNew ? { numbers: 1 } : null) },
    doing: 'Recording a consent',
    failed: 'The consent could not be recorded just now. Try again in a moment.',
    refreshes: true,
  },
);

const withdrawal = z.object({ number, withdrawnOn: withdrawnOnSchema, reason: reasonSchema });

/** Writes down that a number has withdrawn its consent. */
export const withdrawConsentByHand = recordedAction(
  withdrawal,
  async (client, scope, { number: msisdn, withdrawnOn, reason }) => {
    const outcome = await withdrawConsent(client, scope, msisdn, { withdrawnAt: withdrawnOn, reason });
    if (!outcome.ok) return { ok: false, message: withdrawLabels[outcome.reason] };
    return { ok: true, msisdn, isNew: outcome.isNew };
  },
  {
    may: 'opt-outs.change',
    activity: { kind: 'consent.withdraw', details: (_, { isNew }) => (isNew ? { numbers: 1 } : null) },
    doing: 'Withdrawing a consent',
    failed: 'The consent could not be withdrawn just now. Try again in a moment.',
    refreshes: true,
  },
);
