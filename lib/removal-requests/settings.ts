import type { Pool } from 'pg';
import type { AccountReadScope, AccountScope } from '@/lib/auth/scope';
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

export async function readConsentSettings(pool: Pool, scope: AccountReadScope): Promise<ConsentSettings> {
  const { rows } = await pool.query<{ name: string; consent_text: string | null; consent_words: string[] }>(
    'select name, consent_text, consent_words from account where id = $1',
    [scope.accountId],
  );
  const row = rows[0];
  return {
    consentText: row?.consent_text ?? null,
    standardText: composeConsent({ name: row?.name ?? '', consentText: null }),
    consentWords: row?.consent_words ?? [],
  };
}

/** Saves both; for consent SMSs from now on, and for answers from now on. */
export async function saveConsentSettings(
  pool: Pool,
  scope: AccountScope,
  settings: { consentText: string | null; consentWords: readonly string[] },
): Promise<SaveConsentResult> {
  const text =
    settings.consentText?.replaceAll('\r\n', '\n').replaceAll('\0', '').toWellFormed().trim() ?? null;
  const { rows } = await pool.query<{ name: string }>('select name from account where id = $1', [
    scope.accountId,
  ]);
  const textProblem = text === null ? null : checkConsentText(text, rows[0]?.name ?? '');
  if (textProblem !== null) {
    return { ok: false, message: textProblem, fields: { consentText: textProblem } };
  }
  const words = settings.consentWords.map((word) => word.replaceAll('\0', '').toWellFormed());
  const wordProblem = checkConsentWords(words);
  if (wordProblem !== null) {
    return { ok: false, message: wordProblem, fields: { consentWords: wordProblem } };
  }
  await pool.query('update account set consent_text = $2, consent_words = $3 where id = $1', [
    scope.accountId,
    text,
    normaliseConsentWords(words),
  ]);
  return { ok: true, settings: await readConsentSettings(pool, scope) };
}
