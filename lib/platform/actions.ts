'use server';

import { refresh } from 'next/cache';
import { z } from 'zod';
import { requireStaff } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { log } from '@/lib/log';
import { addPlatformKeyword, removePlatformKeyword, tryKeyword } from './keywords';
import type { KeywordTrial, PlatformSettings } from './schema';
import { savePlatformSettings } from './settings';

type Refusal = { ok: false; message: string };

const keywordInput = z.object({
  word: z.string().trim().min(1, 'Write the word.').max(60, 'That is too long for a keyword.'),
  match: z.enum(['EXACT', 'PREFIX']),
});

/** What a keyword would have matched in the last 30 days. Changes nothing. */
export async function tryPlatformKeyword(
  input: z.input<typeof keywordInput>,
): Promise<{ ok: true; trial: KeywordTrial } | Refusal> {
  const { scope } = await requireStaff();
  const parsed = keywordInput.safeParse(input);
  if (!parsed.success) return refuse(parsed.error);
  return attempt('Trying a keyword failed', async () => {
    const trial = await tryKeyword(getPool(), scope, parsed.data);
    // Enough to judge a keyword by: nobody needs the whole of what people wrote for that.
    const examples = trial.examples.map((example) => ({ ...example, text: shorten(example.text) }));
    return { ok: true, trial: { ...trial, examples } };
  });
}

/** Makes a word an opt-out for all accounts, from the next reply on. */
export async function savePlatformKeyword(
  input: z.input<typeof keywordInput>,
): Promise<{ ok: true } | Refusal> {
  const { scope } = await requireStaff();
  const parsed = keywordInput.safeParse(input);
  if (!parsed.success) return refuse(parsed.error);
  return attempt('Adding a platform keyword failed', async () => {
    const result = await addPlatformKeyword(getPool(), scope, parsed.data);
    if (result.ok) refresh();
    return result.ok ? { ok: true } : result;
  });
}

/** Takes a platform keyword out; what it has blocked stays blocked. */
export async function deletePlatformKeyword(id: number): Promise<{ ok: true } | Refusal> {
  const { scope } = await requireStaff();
  const parsed = z.int().positive().max(2_147_483_647).safeParse(id);
  if (!parsed.success) return refuse(parsed.error);
  return attempt('Removing a platform keyword failed', async () => {
    const removed = await removePlatformKeyword(getPool(), scope, parsed.data);
    refresh();
    return removed ? { ok: true } : { ok: false, message: 'Someone else has removed it already.' };
  });
}

const minutes = z.object({ from: z.int().min(0).max(1440), to: z.int().min(0).max(1440) });
const settingsInput = z.object({
  removalExpiryDays: z.int(),
  autoApprove: z.boolean(),
  weekday: minutes,
  saturday: minutes,
  extraHolidays: z.array(z.string().max(40)).max(100, 'Keep to 100 extra holidays.'),
});

/** Saves what is set for the whole installation. */
export async function saveSettings(input: PlatformSettings): Promise<{ ok: true } | Refusal> {
  const { scope } = await requireStaff();
  const parsed = settingsInput.safeParse(input);
  if (!parsed.success) return refuse(parsed.error);
  return attempt('Saving the platform settings failed', async () => {
    const result = await savePlatformSettings(getPool(), scope, parsed.data);
    if (result.ok) refresh();
    return result;
  });
}

function shorten(text: string): string {
  const characters = [...text];
  return characters.length > 60 ? `${characters.slice(0, 59).join('')}…` : text;
}

async function attempt<Answer>(failure: string, command: () => Promise<Answer>): Promise<Answer | Refusal> {
  try {
    return await command();
  } catch (err) {
    log.error({ err }, failure);
    return { ok: false, message: 'This could not be done just now. Nothing was changed; try again.' };
  }
}

function refuse(error: z.ZodError): Refusal {
  return { ok: false, message: error.issues[0]?.message ?? 'The form was not complete.' };
}
