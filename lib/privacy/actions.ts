'use server';

import { z } from 'zod';
import { staffAction } from '@/lib/auth/make-action';
import { liftHold as liftHoldOf, setHold as setHoldOf } from './holds';
import { erasePerson as erasePersonOf, findPerson as findPersonOf } from './person';
import { saveRetentionSettings } from './retention-settings';

const reason = z.string().trim().min(3, 'Write the reason.').max(500, 'Keep the reason to 500 characters.');
const months = z.int().min(0).max(1000);

/** Saves how long the provider keeps what people wrote. */
export const saveRetention = staffAction(
  z.object({
    messageTextMonths: months,
    unownedReplyMonths: months,
    emailMonths: months,
    addressMonths: months,
    proofMonths: months,
  }),
  saveRetentionSettings,
  { may: 'settings.change', doing: 'Saving how long texts are kept', refreshes: true },
);

/** Forbids erasing anything of an account or of a number. */
export const setHold = staffAction(
  z.object({
    subject: z.string().trim().min(1, 'Write an account number such as W58324, or a number.').max(40),
    reason,
  }),
  setHoldOf,
  { may: 'people.erase', doing: 'Setting a legal hold', refreshes: true },
);

/** Lifts a legal hold. */
export const liftHold = staffAction(z.object({ id: z.int32().positive(), reason }), liftHoldOf, {
  may: 'people.erase',
  doing: 'Lifting a legal hold',
  refreshes: true,
  ids: ({ id }) => ({ hold: id }),
});

const number = z.string().trim().min(1, 'Write the number.').max(40);

/** All there is of a number, across accounts. A press and no address: the number comes into no log. */
export const findPerson = staffAction(z.object({ number }), findPersonOf, {
  may: 'staff.read',
  doing: 'Looking up what there is of a number',
});

/** Erases what there is of a number and need not be kept. */
export const erasePerson = staffAction(z.object({ number, reason }), erasePersonOf, {
  may: 'people.erase',
  doing: 'Erasing what there is of a number',
  failed: 'It may be that only a part was erased. Erase again: that does no harm.',
});
