import type { Pool, PoolClient } from 'pg';
import type { AccountReadScope, AccountScope } from '@/lib/auth/scope';
import { prismaOn } from '@/lib/db/prisma';
import { checkConsentText, checkConsentWords, composeConsent, normaliseConsentWords } from './consent';

export interface ConsentSettings {
  /** Null: the standard text. */
  consentText: string | null;
  standardText: string;
  /** What counts as YES besides YES itself. */
  consentWords: string[];
}

export type SaveConsentResult =
  | { ok: true; settings: ConsentSettings }
  | { ok: false; message: string; fields: { consentText: string } | { consentWords: string } };

export async function readConsentSettings(
  pool: Pool | PoolClient,
  scope: AccountReadScope,
): Promise<ConsentSettings> {
  const { name, ...settings } = await prismaOn(pool).account.findUniqueOrThrow({
    where: { id: scope.accountId },
    select: { name: true, consentText: true, consentWords: true },
  });
  return { ...settings, standardText: composeConsent({ name, consentText: null }) };
}

/** Saves both; for consent SMSs from now on, and for answers from now on. */
export async function saveConsentSettings(
  client: PoolClient,
  scope: AccountScope,
  settings: { consentText: string | null; consentWords: readonly string[] },
): Promise<SaveConsentResult> {
  const text =
    settings.consentText?.replaceAll('\r\n', '\n').replaceAll('\0', '').toWellFormed().trim() ?? null;
  const where = { id: scope.accountId };
  const accounts = prismaOn(client).account;
  const { name } = await accounts.findUniqueOrThrow({ where, select: { name: true } });
  const textProblem = text === null ? null : checkConsentText(text, name);
  if (textProblem !== null) {
    return { ok: false, message: textProblem, fields: { consentText: textProblem } };
  }
  const words = settings.consentWords.map((word) => word.replaceAll('\0', '').toWellFormed());
  const wordProblem = checkConsentWords(words);
  if (wordProblem !== null) {
    return { ok: false, message: wordProblem, fields: { consentWords: wordProblem } };
  }
  await accounts.updateMany({
    where,
    data: { consentText: text, consentWords: normaliseConsentWords(words) },
  });
  return { ok: true, settings: await readConsentSettings(client, scope) };
}
