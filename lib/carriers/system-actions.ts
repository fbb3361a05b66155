'use server';

import { z } from 'zod';
import { staffAction } from '@/lib/auth/make-action';
import { decideDoubts, saveDoubtPolicy } from '@/lib/messages/doubt-commands';
import { doubtDecisions, doubtPolicies } from '@/lib/messages/schema';
import { carrierStates } from './schema';
import {
  addCarrier,
  changeCarrier,
  removeCarrier,
  removeRoute,
  saveRoute,
  setCarrierState,
} from './system-commands';

const manner = { may: 'carriers.manage', refreshes: true } as const;

const name = z
  .string()
  .trim()
  .regex(/^[a-z0-9-]{1,20}$/, 'Write up to 20 small letters, digits and hyphens.');

const wholeNumber = (from: number, to: number) => {
  const message = `Write a whole number from ${from} to ${to}.`;
  return z.coerce.number(message).int(message).min(from, message).max(to, message);
};

const carrier = z.object({
  name,
  address: z
    .string()
    .trim()
    .max(500, 'That is too long.')
    .pipe(
      z.url({ protocol: /^https?$/, error: 'Write an address like http://10.0.0.5:13013/cgi-bin/sendsms.' }),
    ),
  username: z.string().trim().min(1, 'Write the user name.').max(100, 'That is too long.'),
  password: z.string().max(200, 'That is too long.'),
  ratePerSecond: wholeNumber(1, 1_000_000),
  windowSize: wholeNumber(1, 1_000),
});

/** One that is there keeps the password that it has, when none is typed. */
const newCarrier = carrier.extend({ password: carrier.shape.password.min(1, 'Type the password.') });

const wrongPrefix = 'Write how the numbers begin, from the country code on, like 27 82. Empty: every number.';
const prefix = z
  .string()
  .max(30, wrongPrefix)
  .transform((written) => written.replace(/[\s()+-]/g, ''))
  .pipe(z.string().regex(/^(?:[1-9][0-9]{0,14})?$/, wrongPrefix));

const route = z.object({
  prefix,
  carrier: name,
  priority: wholeNumber(1, 100),
  weight: wholeNumber(1, 1_000),
});

/** Pauses, drains or resumes a carrier. */
export const changeCarrierState = staffAction(
  z.object({ name, state: z.enum(carrierStates) }),
  setCarrierState,
  { ...manner, doing: 'Changing the state of a carrier' },
);

/** Adds a carrier of Kannel's. */
export const addNewCarrier = staffAction(newCarrier, addCarrier, { ...manner, doing: 'Adding a carrier' });

/** Changes a carrier of Kannel's. */
export const saveCarrier = staffAction(carrier, changeCarrier, { ...manner, doing: 'Changing a carrier' });

/** Removes a carrier that nothing is with any more. */
export const deleteCarrier = staffAction(z.object({ name }), removeCarrier, {
  ...manner,
  doing: 'Removing a carrier',
});

/** Adds or changes a route. */
export const putRoute = staffAction(route, saveRoute, { ...manner, doing: 'Saving a route' });

/** Removes a route. */
export const deleteRoute = staffAction(z.object({ prefix, carrier: name }), removeRoute, {
  ...manner,
  doing: 'Removing a route',
});

/** Decides about messages in doubt. */
export const decideAboutDoubts = staffAction(
  z.object({
    accountId: z.int32().positive(),
    carrier: z.string().max(40),
    minute: z.iso.datetime(),
    decision: z.enum(doubtDecisions),
  }),
  decideDoubts,
  { ...manner, doing: 'Deciding about messages in doubt' },
);

/** Says what becomes of messages in doubt from now on. */
export const chooseDoubtPolicy = staffAction(z.enum(doubtPolicies), saveDoubtPolicy, {
  ...manner,
  doing: 'Changing what becomes of messages in doubt',
});
