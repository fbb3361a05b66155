'use server';

import { z } from 'zod';
import { customerAction, recordedAction } from '@/lib/auth/make-action';
import { purposeLabels } from '@/lib/messages/labels';
import { messagePurposes } from '@/lib/messages/schema';
import { combineKeywords } from '@/lib/opt-outs/combine-keywords';
import { classifyReply } from '@/lib/opt-outs/matcher';
import { readPlatformWords } from '@/lib/platform/keywords';
import * as commands from './commands';
import { checkOwnKeyword } from './keyword-check';
import { toKeyword } from './own-keywords';
import { readOwnKeywords } from './queries';

// Long enough to be told that it is too long; PostgreSQL keeps no NUL characters.
const text = z
  .string()
  .max(10_000)
  .transform((value) => value.replaceAll('\0', ''));
const match = z.enum(['exact', 'prefix']);

const manner = {
  may: 'settings.change',
  doing: 'Saving a setting',
  failed: 'This could not be saved just now. Nothing has changed; try again in a moment.',
} as const;

export const saveConfirmation = recordedAction(
  z.object({ text, seen: text.nullable() }),
  (pool, scope, { text, seen }) => commands.saveConfirmation(pool, scope, text, seen),
  {
    ...manner,
    activity: { kind: 'account.change-settings', details: () => ({ setting: 'The confirmation SMS' }) },
  },
);

export const addKeyword = recordedAction(
  z.object({ word: text, match, isSure: z.boolean() }),
  (pool, scope, { word, match, isSure }) => commands.addKeyword(pool, scope, word, match, isSure),
  {
    ...manner,
    activity: { kind: 'account.change-settings', details: () => ({ setting: 'A keyword added' }) },
  },
);

export const removeKeyword = recordedAction(
  z.object({ id: z.int32() }),
  (pool, scope, { id }) => commands.removeKeyword(pool, scope, id),
  {
    ...manner,
    activity: { kind: 'account.change-settings', details: () => ({ setting: 'A keyword removed' }) },
  },
);

export const saveReviewPolicy = recordedAction(
  z.object({ reviewPolicy: z.enum(['ASK', 'BLOCK']) }),
  (pool, scope, { reviewPolicy }) => commands.saveReviewPolicy(pool, scope, reviewPolicy),
  {
    ...manner,
    activity: {
      kind: 'account.change-settings',
      details: () => ({ setting: 'What happens to unsure replies' }),
    },
  },
);

export const saveDefaultPurpose = recordedAction(
  z.object({ defaultPurpose: z.enum(messagePurposes) }),
  (pool, scope, { defaultPurpose }) => commands.saveDefaultPurpose(pool, scope, defaultPurpose),
  {
    ...manner,
    activity: {
      kind: 'account.change-settings',
      details: ({ defaultPurpose }) => ({
        setting: `The purpose of messages: ${purposeLabels[defaultPurpose].toLowerCase()}`,
      }),
    },
  },
);

export const saveTradingNames = recordedAction(
  z.object({ names: text }),
  (pool, scope, { names }) => commands.saveTradingNames(pool, scope, names),
  {
    ...manner,
    activity: { kind: 'account.change-settings', details: () => ({ setting: 'The names you trade under' }) },
  },
);

export const saveMarketingCap = recordedAction(
  z.object({ weeklyMarketingCap: z.int().min(1).max(100).nullable() }),
  (pool, scope, { weeklyMarketingCap }) => commands.saveMarketingCap(pool, scope, weeklyMarketingCap),
  {
    ...manner,
    activity: {
      kind: 'account.change-settings',
      details: ({ weeklyMarketingCap: cap }) => ({
        setting: cap === null ? 'The frequency cap: none' : `The frequency cap: ${cap} in 7 days`,
      }),
    },
  },
);

export const saveTimeZone = recordedAction(
  z.object({ timeZone: z.string().max(100) }),
  (pool, scope, { timeZone }) => commands.saveTimeZone(pool, scope, timeZone),
  { ...manner, activity: { kind: 'account.change-settings', details: () => ({ setting: 'The time zone' }) } },
);

/**
 * What would come of this reply, with the account's keywords and the one that is being typed. Changes
 * nothing.
 */
export const tryReply = customerAction(
  z.object({ text, draft: z.object({ word: text, match }).nullable() }),
  async (pool, scope, { text, draft }) => {
    const [own, platform] = await Promise.all([readOwnKeywords(pool, scope), readPlatformWords(pool)]);
    const checked = draft && checkOwnKeyword(draft.word, draft.match, own.map(toKeyword));
    const saved = combineKeywords(platform, own);
    const keywords = checked?.ok ? [...saved, checked.keyword] : saved;
    const { verdict, rule, normalised } = classifyReply(text, keywords);
    return { ok: true, verdict, rule, normalised };
  },
  { may: 'account.read', doing: 'Trying a reply', failed: 'This cannot be told just now.' },
);
