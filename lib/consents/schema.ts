import { z } from 'zod';

/** How somebody consented to direct marketing; the words of the database. */
export const consentSources = ['WEB_FORM', 'PAPER', 'SHOP', 'PHONE', 'SMS', 'EMAIL', 'OTHER'] as const;
export type ConsentSource = (typeof consentSources)[number];

/** What is written down of a consent, beside whose it is. */
export interface ConsentDetails {
  givenAt: Date;
  source: ConsentSource;
  /** What was agreed to, word for word. */
  wording: string;
  /** Where it can be seen; null: nowhere on the web. */
  url: string | null;
  /**
   * The file that shows it, by its name and its SHA-256 (64 hexadecimal digits); null: none. The file itself
   * stays with the account: it may hold a signature and much else of a person that we need not have, and by
   * its hash anybody can tell that it is the one.
   */
  file: { name: string; hash: string } | null;
}

/** One consent of a number, and what became of it. All moments are ISO 8601, UTC. */
export interface ConsentRecord {
  id: string;
  givenAt: string;
  source: ConsentSource;
  wording: string;
  url: string | null;
  file: { name: string; hash: string } | null;
  /** When and by whom it was written down. */
  recordedAt: string;
  recordedBy: string;
  /**
   * When an opt-out or a withdrawal was written down, which ended it; null: it is in force, or a later
   * consent took its place.
   */
  withdrawnAt: string | null;
  /** Of one that was withdrawn by hand: as of when, why, and who wrote it down. */
  withdrawal: { at: string; reason: string; recordedBy: string } | null;
  isInForce: boolean;
  /** How many messages left to the number although it is on the national registry. */
  overrides: number;
}

/** What became of one number of those that were recorded. */
export type RecordOutcome = 'recorded' | 'already-there' | 'opted-out-since' | 'withdrawn-since';

/** That somebody has taken their consent back. */
export interface Withdrawal {
  withdrawnAt: Date;
  /** For people: how the account knows. */
  reason: string;
}

export type WithdrawOutcome =
  | { ok: true; givenAt: Date; isNew: boolean }
  | { ok: false; reason: 'no-consent' | 'given-later' };

export const maxWordingLength = 1000;
export const maxUrlLength = 500;
export const maxReasonLength = 500;
const maxFileNameLength = 200;

/** PostgreSQL keeps no NUL, and a line of a form or of a file has no other control characters. */
const isPlain = (text: string) => !/[\p{Cc}\p{Cs}]/u.test(text.replace(/[\t\n\r]/g, ''));

export const earliestConsentMs = Date.parse('1990-01-01T00:00:00Z');
/** A clock that is a little ahead of ours is no mistake. */
export const mostAheadMs = 5 * 60_000;

export const givenAtSchema = z
  .date()
  .refine((at) => at.getTime() >= earliestConsentMs, 'Give the day on which they consented.')
  .refine(
    (at) => at.getTime() <= Date.now() + mostAheadMs,
    'A consent cannot be of a day that is still to come.',
  );
export const wordingSchema = z
  .string()
  .trim()
  .min(1, 'Write what they agreed to, word for word.')
  .max(maxWordingLength, `Keep the wording to ${maxWordingLength.toLocaleString('en-ZA')} characters.`)
  .refine(isPlain, 'Leave out control characters.');
export const urlSchema = z
  .string()
  .trim()
  .max(maxUrlLength, `Keep the address to ${maxUrlLength} characters.`)
  .refine((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ''), 'Write a whole address: https://…');
export const reasonSchema = z
  .string()
  .trim()
  .min(1, 'Write how you know that they withdrew it.')
  .max(maxReasonLength, `Keep it to ${maxReasonLength} characters.`)
  .refine(isPlain, 'Leave out control characters.');
export const withdrawnAtSchema = z
  .date()
  .refine((at) => at.getTime() >= earliestConsentMs, 'Give the day on which they withdrew it.')
  .refine(
    (at) => at.getTime() <= Date.now() + mostAheadMs,
    'A consent cannot be withdrawn on a day that is still to come.',
  );
export const fileSchema = z.object({
  name: z.string().trim().min(1).max(maxFileNameLength, 'The name of the file is too long.').refine(isPlain),
  hash: z
    .string()
    .trim()
    .toLowerCase()
    .regex(/^[0-9a-f]{64}$/, 'A SHA-256 has 64 hexadecimal digits.'),
});

/** "2026-11-29": a day that a form gives, as the moment at which it began in South Africa. */
export const givenOnSchema = z.iso
  .date('Give the day on which they consented.')
  .transform((day) => new Date(`${day}T00:00:00+02:00`))
  .pipe(givenAtSchema);

/** Of a form or of the address of an upload: what is empty is not there. */
export const detailsForm = {
  givenOn: givenOnSchema,
  /** "14:30" in South Africa: tells a consent from what else became of the number on its day. */
  givenTime: z
    .literal('')
    .or(z.iso.time({ precision: -1, error: 'Write the time like 14:30.' }))
    .default(''),
  source: z.enum(consentSources, 'Choose how they consented.'),
  wording: wordingSchema,
  url: z.literal('').or(urlSchema).default(''),
  fileName: z.string().max(1000).default(''),
  fileHash: z.string().max(1000).default(''),
};

/** The details that {@link detailsForm} gives; its file is checked here, as it is of two fields. */
export function composeDetails(form: {
  givenOn: Date;
  givenTime: string;
  source: ConsentSource;
  wording: string;
  url: string;
  fileName: string;
  fileHash: string;
}): { ok: true; details: ConsentDetails } | { ok: false; message: string } {
  const hasFile = form.fileName !== '' || form.fileHash !== '';
  const file = hasFile ? fileSchema.safeParse({ name: form.fileName, hash: form.fileHash }) : null;
  if (file?.success === false) {
    return { ok: false, message: file.error.issues[0]?.message ?? 'Choose the file again.' };
  }
  const { givenOn, givenTime, source, wording, url } = form;
  const [hours = 0, minutes = 0] = givenTime === '' ? [] : givenTime.split(':').map(Number);
  const givenAt = new Date(givenOn.getTime() + (hours * 60 + minutes) * 60_000);
  const checked = givenAtSchema.safeParse(givenAt);
  if (!checked.success) return { ok: false, message: 'A consent cannot be of a time that is still to come.' };
  return {
    ok: true,
    details: { givenAt, source, wording, url: url === '' ? null : url, file: file?.data ?? null },
  };
}

const dayMs = 86_400_000;

/**
 * "2026-11-29": the day of a withdrawal, as its end in South Africa, so that no consent of that day outlives
 * it; today as now, so that one that is given afterwards counts.
 */
export const withdrawnOnSchema = z.iso
  .date('Give the day on which they withdrew it.')
  .transform((day) => Date.parse(`${day}T00:00:00+02:00`))
  .refine((begins) => begins <= Date.now(), 'A consent cannot be withdrawn on a day that is still to come.')
  .transform((begins) => new Date(Math.min(Date.now(), begins + dayMs - 1)))
  .refine((at) => at.getTime() >= earliestConsentMs, 'Give the day on which they withdrew it.');
