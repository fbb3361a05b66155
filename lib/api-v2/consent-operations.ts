import { z } from 'zod';
import {
  consentSources,
  fileSchema,
  givenAtSchema,
  reasonSchema,
  urlSchema,
  withdrawnAtSchema,
  wordingSchema,
} from '@/lib/consents/schema';
import { maxNumbersOfProgram } from '@/lib/opt-outs/schema';
import { declareOperation } from './declare';
import { lower } from './names';
import { at, cursor, e164, limit, moment, named, next, numberInPath, typedNumber } from './shapes';

type Source = ReturnType<typeof lower<(typeof consentSources)[number]>>;
const source = z
  .enum(consentSources.map((one) => lower(one)) as [Source, ...Source[]])
  .describe('How the recipient consented.');
const file = z
  .strictObject({
    name: fileSchema.shape.name.describe('What the file is called that shows it; it stays with you.'),
    sha256: fileSchema.shape.hash.describe(
      'Its SHA-256, in hexadecimal: by it anybody can tell that it is the one.',
    ),
  })
  .register(named, { id: 'ConsentFile' });

const consent = z
  .object({
    number: e164,
    givenAt: at.describe('When the recipient consented.'),
    source,
    wording: z.string().describe('What the recipient agreed to, word for word.'),
    url: z.string().nullable().describe('Where it can be seen.'),
    file: z
      .object({ name: z.string(), sha256: z.string() })
      .nullable()
      .describe('The file that shows it, which you keep.'),
    recordedAt: at.describe('When it was written down here.'),
  })
  .register(named, { id: 'Consent' });

const consentPage = z.object({ data: z.array(consent), next }).register(named, { id: 'ConsentPage' });

const body = z
  .strictObject({
    numbers: z
      .array(typedNumber)
      .min(1)
      .max(
        maxNumbersOfProgram,
        `Send at most ${maxNumbersOfProgram.toLocaleString('en-ZA')} numbers at a time.`,
      ),
    givenAt: moment.pipe(givenAtSchema).describe('When they consented, such as “2026-11-01T09:30:00+02:00”.'),
    source,
    wording: wordingSchema.describe('What they agreed to, word for word.'),
    url: urlSchema.optional().describe('Where it can be seen.'),
    file: file.optional(),
  })
  .register(named, { id: 'RecordConsents' });

const result = z
  .object({
    input: z.string().describe('As it was sent.'),
    outcome: z.enum([
      'recorded',
      'already-there',
      'opted-out-since',
      'withdrawn-since',
      'invalid',
      'duplicate',
    ]),
    number: e164.nullable(),
    reason: z.string().nullable().describe('Why it was not recorded.'),
  })
  .register(named, { id: 'ConsentResult' });
const recorded = z
  .object({
    recorded: z.int(),
    alreadyThere: z.int(),
    optedOutSince: z.int(),
    withdrawnSince: z.int(),
    invalid: z.int(),
    duplicates: z.int(),
    results: z.array(result).describe('One for each number, in their order.'),
  })
  .register(named, { id: 'RecordedConsents' });

export const recordConsents = declareOperation({
  id: 'recordConsents',
  method: 'POST',
  path: '/consents',
  scope: 'OPT_OUTS',
  summary: 'Record consents',
  description: `Writes down that up to ${maxNumbersOfProgram.toLocaleString('en-ZA')} numbers consented to your direct marketing, all in one way. It is evidence: it lifts no block, and whoever has opted out or withdrawn their consent since then is not recorded. One given later takes the place of one that is there.`,
  doing: 'recording consents',
  body,
  answers: { 200: recorded },
  problems: [],
  example: {
    body: {
      numbers: ['0821234567'],
      givenAt: '2026-11-01T09:30:00+02:00',
      source: 'web-form',
      wording: 'Yes, send me offers by SMS.',
      url: 'https://shop.example/consents/1',
    },
  },
});

export const listConsents = declareOperation({
  id: 'listConsents',
  method: 'GET',
  path: '/consents',
  scope: 'OPT_OUTS',
  summary: 'List consents',
  description:
    'The consents in force, the one written down last first, a page at a time. Ask for the next page with “next” as the cursor.',
  doing: 'reading consents',
  query: z.strictObject({ cursor: cursor.optional(), limit: limit(1_000, 100) }),
  answers: { 200: consentPage },
  problems: ['invalid-cursor'],
  example: { query: { limit: '20' } },
});

export const getConsent = declareOperation({
  id: 'getConsent',
  method: 'GET',
  path: '/consents/{number}',
  scope: 'OPT_OUTS',
  summary: 'Get one consent',
  description: 'The consent of a number that is in force. An opt-out ends it, and so does its withdrawal.',
  doing: 'reading a consent',
  params: numberInPath,
  answers: { 200: consent },
  problems: ['no-consent'],
  example: { params: { number: '+27821234567' } },
});

const withdrawal = z
  .strictObject({
    reason: reasonSchema.describe('How you know of it, for people.'),
    withdrawnAt: moment
      .pipe(withdrawnAtSchema)
      .optional()
      .describe('When the recipient withdrew it. Not given: now.'),
  })
  .register(named, { id: 'WithdrawConsent' });
const withdrawn = z
  .object({
    number: e164,
    givenAt: at.describe('When the consent had been given.'),
    withdrawnAt: at,
    reason: z.string(),
  })
  .register(named, { id: 'WithdrawnConsent' });

export const withdrawConsent = declareOperation({
  id: 'withdrawConsent',
  method: 'POST',
  path: '/consents/{number}/withdrawal',
  scope: 'OPT_OUTS',
  summary: 'Withdraw a consent',
  description:
    'Writes down that the recipient has taken their consent back. From its answer on it lets no marketing through, and no consent counts that was given before, whoever sends it again. It blocks nothing by itself: for that, add an opt-out. A consent that is given later is recorded anew.',
  doing: 'withdrawing a consent',
  params: numberInPath,
  body: withdrawal,
  answers: { 200: withdrawn },
  problems: ['no-consent', 'consent-given-later'],
  example: { params: { number: '+27821234567' }, body: { reason: 'Told our shop in Paarl' } },
});
