'use server';

import { z } from 'zod';
import { customerAction, recordedAction } from '@/lib/auth/make-action';
import { readCalendar } from '@/lib/messages/lawful-hours';
import { applyOwnAnswer, discardOwnAnswer, storeEmptyAnswer } from './commands';
import * as marketer from './marketer-commands';
import { answeredOn } from './upload';

const id = z.string().regex(/^\d{1,18}$/);

/** Puts an answer of the account's own in force: its marketing lists are cleansed as of that day. */
export const putCleansingInForce = customerAction(
  z.object({ id }),
  (pool, scope, input) => applyOwnAnswer(pool, scope, input.id),
  {
    may: 'lists.upload',
    doing: 'Putting a cleansing in force',
    failed: 'It could not be put in force just now. Nothing has changed; try again in a moment.',
    refreshes: true,
    ids: (input) => input,
  },
);

/** Puts an answer of the account's own away that is not to count. */
export const discardCleansing = customerAction(
  z.object({ id }),
  (pool, scope, input) => discardOwnAnswer(pool, scope, input.id),
  {
    may: 'lists.upload',
    doing: 'Discarding a cleansing',
    failed: 'It could not be discarded just now. Try again in a moment.',
    refreshes: true,
    ids: (input) => input,
  },
);

/** Keeps an answer in which nobody is, to be looked at. */
export const reportNobody = customerAction(
  z.object({ answeredOn }),
  (pool, scope, input) => storeEmptyAnswer(pool, scope, input.answeredOn, readCalendar(new Date()).date),
  {
    may: 'lists.upload',
    doing: 'Keeping a cleansing that found nobody',
    failed: 'It could not be kept just now. Try again in a moment.',
  },
);

/** Keeps the account's registration as a direct marketer; it counts at once. */
export const saveRegistration = recordedAction(
  z.object({ number: z.string().max(1000), endsOn: z.iso.date('Choose the last day of the registration.') }),
  (client, scope, input) => marketer.saveRegistration(client, scope, input, new Date()),
  {
    may: 'settings.change',
    doing: 'Saving the registration of a marketer',
    failed: 'This could not be saved just now. Nothing has changed; try again in a moment.',
    activity: { kind: 'account.register-marketer', details: ({ number, endsOn }) => ({ number, endsOn }) },
  },
);
