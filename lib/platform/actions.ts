'use server';

import { z } from 'zod';
import { staffAction } from '@/lib/auth/make-action';
import { addPlatformKeyword, removePlatformKeyword, tryKeyword } from './keywords';
import { savePlatformSettings } from './settings';

const keyword = z.object({
  word: z.string().trim().min(1, 'Write the word.').max(60, 'That is too long for a keyword.'),
  match: z.enum(['EXACT', 'PREFIX']),
});

/** What a keyword would have matched in the last 30 days. Changes nothing. */
export const tryPlatformKeyword = staffAction(
  keyword,
  async (pool, scope, input) => {
    const trial = await tryKeyword(pool, scope, input);
    // Enough to judge a keyword by: nobody needs the whole of what people wrote for that.
    const examples = trial.examples.map((example) => ({ ...example, text: shorten(example.text) }));
    return { ok: true, trial: { ...trial, examples } };
  },
  { may: 'staff.read', doing: 'Trying a keyword' },
);

/** Makes a word an opt-out for all accounts, from the next reply on. */
export const savePlatformKeyword = staffAction(keyword, addPlatformKeyword, {
  may: 'keywords.change',
  doing: 'Adding a platform keyword',
  refreshes: true,
});

/** Takes a platform keyword out; what it has blocked stays blocked. */
export const deletePlatformKeyword = staffAction(
  z.int32().positive(),
  async (pool, scope, id) =>
    (await removePlatformKeyword(pool, scope, id))
      ? { ok: true }
      : { ok: false, message: 'Someone else has removed it already.' },
  { may: 'keywords.change', doing: 'Removing a platform keyword', refreshes: true },
);

const minutes = z.object({ from: z.int().min(0).max(1440), to: z.int().min(0).max(1440) });
const settings = z.object({
  removalExpiryDays: z.int(),
  autoApprove: z.boolean(),
  consentStands: z.boolean(),
  weekday: minutes,
  saturday: minutes,
  extraHolidays: z.array(z.string().max(40)).max(100, 'Keep to 100 extra holidays.'),
  cleansingDays: z.int(),
  cleansingRequiredFrom: z.string().max(40).nullable(),
  registrationRequiredFrom: z.string().max(40).nullable(),
  marketingTextPolicy: z.enum(['ADVISE', 'REFUSE']),
});

/** Saves what is set for the whole installation. */
export const saveSettings = staffAction(settings, savePlatformSettings, {
  may: 'settings.change',
  doing: 'Saving the platform settings',
  refreshes: true,
});

function shorten(text: string): string {
  const characters = [...text];
  return characters.length > 60 ? `${characters.slice(0, 59).join('')}…` : text;
}
