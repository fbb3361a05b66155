'use server';

import { z } from 'zod';
import { recordedAction } from '@/lib/auth/make-action';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { recordConsents } from './commands';
import { outcomeLabels } from './labels';
import { composeDetails, detailsForm } from './schema';

const form = z.object({
  number: z
    .string()
    .max(100)
    .transform((typed, context) => {
      const read = parseMsisdn(typed);
      if (read.ok) return read.msisdn;
      context.addIssue({ code: 'custom', message: read.message });
      return z.NEVER;
    }),
  ...detailsForm,
});

/** Writes down that one number has consented to marketing. Answers with the number as it is kept. */
export const recordConsent = recordedAction(
  form,
  async (client, scope, { number, ...given }) => {
    const composed = composeDetails(given);
    if (!composed.ok) return { ok: false, message: composed.message };
    const outcome = (await recordConsents(client, scope, [number], composed.details)).get(number);
    if (outcome === 'opted-out-since') return { ok: false, message: outcomeLabels[outcome] };
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
