'use server';

import { z } from 'zod';
import { staffAction } from '@/lib/auth/make-action';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { applyAnswer, discardAnswer } from './commands';
import { readAllRegistryRecords } from './queries';

const id = z.string().regex(/^\d{1,18}$/);

/** Puts an answer in force that somebody has looked at. */
export const putAnswerInForce = staffAction(
  z.object({ id }),
  (pool, scope, input) => applyAnswer(pool, scope, input.id),
  {
    may: 'registry.change',
    doing: 'Putting an answer of the registry in force',
    failed: 'It could not be put in force just now. Nothing has changed; try again in a moment.',
    refreshes: true,
    ids: (input) => input,
  },
);

/** Puts an answer away that is not to count. */
export const discardRegistryAnswer = staffAction(
  z.object({ id }),
  (pool, scope, input) => discardAnswer(pool, scope, input.id),
  {
    may: 'registry.change',
    doing: 'Discarding an answer of the registry',
    failed: 'It could not be discarded just now. Try again in a moment.',
    refreshes: true,
    ids: (input) => input,
  },
);

/** What the registry says of a number, and has said. */
export const lookUpOnRegistry = staffAction(
  z.object({ number: z.string().max(100) }),
  async (pool, _scope, { number }) => {
    const read = parseMsisdn(number);
    if (!read.ok) return { ok: false, message: read.message, fields: { number: read.message } };
    return { ok: true, msisdn: read.msisdn, records: await readAllRegistryRecords(pool, read.msisdn) };
  },
  { may: 'staff.read', doing: 'Looking a number up on the registry' },
);
