'use server';

import { z } from 'zod';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { log } from '@/lib/log';
import { classifyReply } from '@/lib/opt-outs/matcher';
import { checkKeyword } from './keyword-check';
import { combineKeywords } from '@/lib/opt-outs/combine-keywords';
import { readPlatformWords } from '@/lib/platform/keywords';
import { toKeyword } from './own-keywords';
import type { AddKeywordAnswer, SaveAnswer, TryAnswer } from './schema';
import * as commands from './commands';
import { readOwnKeywords } from './queries';

// Long enough to be told that it is too long; PostgreSQL keeps no NUL characters.
const text = z
  .string()
  .max(10_000)
  .transform((value) => value.replaceAll('\0', ''));
const match = z.enum(['exact', 'prefix']);

const confirmationInput = z.object({ text, seen: text.nullable() });
const keywordInput = z.object({ word: text, match, isSure: z.boolean() });
const removalInput = z.object({ id: z.int32() });
const reviewInput = z.object({ reviewPolicy: z.enum(['ASK', 'BLOCK']) });
const timeZoneInput = z.object({ timeZone: z.string().max(100) });
const tryInput = z.object({ text, draft: z.object({ word: text, match }).nullable() });

const notSaved = {
  ok: false as const,
  message: 'This could not be saved just now. Nothing has changed; try again in a moment.',
};

/** Gate, then parse; whatever goes wrong inside is logged and told in a sentence. */
async function change<Input, Answer>(
  schema: z.ZodType<Input>,
  input: unknown,
  command: (scope: Awaited<ReturnType<typeof requireCustomer>>['scope'], input: Input) => Promise<Answer>,
): Promise<Answer | typeof notSaved> {
  const { scope } = await requireCustomer();
  const parsed = schema.safeParse(input);
  if (!parsed.success)
    return { ok: false, message: 'The form was not complete. Reload the page and try again.' };
  try {
    return await command(scope, parsed.data);
  } catch (err) {
    log.error({ err, accountId: scope.accountId }, 'Saving a setting failed');
    return notSaved;
  }
}

export async function saveConfirmation(input: unknown): Promise<SaveAnswer> {
  return change(confirmationInput, input, (scope, { text, seen }) =>
    commands.saveConfirmation(getPool(), scope, text, seen),
  );
}

export async function addKeyword(input: unknown): Promise<AddKeywordAnswer> {
  return change(keywordInput, input, (scope, { word, match, isSure }) =>
    commands.addKeyword(getPool(), scope, word, match, isSure),
  );
}

export async function removeKeyword(input: unknown): Promise<SaveAnswer> {
  return change(removalInput, input, (scope, { id }) => commands.removeKeyword(getPool(), scope, id));
}

export async function saveReviewPolicy(input: unknown): Promise<SaveAnswer> {
  return change(reviewInput, input, (scope, { reviewPolicy }) =>
    commands.saveReviewPolicy(getPool(), scope, reviewPolicy),
  );
}

export async function saveTimeZone(input: unknown): Promise<SaveAnswer> {
  return change(timeZoneInput, input, (scope, { timeZone }) =>
    commands.saveTimeZone(getPool(), scope, timeZone),
  );
}

/**
 * What would come of this reply, with the account's keywords and the one that is being typed; null when it cannot be told.
 * Reads, and changes nothing.
 */
export async function tryReply(input: unknown): Promise<TryAnswer | null> {
  const { scope } = await requireCustomer();
  const parsed = tryInput.safeParse(input);
  if (!parsed.success) return null;
  const [own, platform] = await Promise.all([
    readOwnKeywords(getPool(), scope),
    readPlatformWords(getPool()),
  ]);
  const { draft } = parsed.data;
  const checked = draft && checkKeyword(draft.word, draft.match, own.map(toKeyword));
  const saved = combineKeywords(platform, own);
  const keywords = checked?.ok ? [...saved, checked.keyword] : saved;
  const { verdict, rule, normalised } = classifyReply(parsed.data.text, keywords);
  return { verdict, rule, normalised };
}
