import { z } from 'zod';
import { maxNumbersOfProgram } from '@/lib/opt-outs/schema';
import { declareOperation } from './declare';
import {
  at,
  between,
  cursor,
  e164,
  limit,
  named,
  next,
  numberInPath,
  pageQuery,
  senderFilter,
  several,
  typedNumber,
} from './shapes';

/** How an opt-out came to be, as the API names it. */
export const kinds = ['reply', 'shared-sender', 'manual', 'import', 'api', 'staff'] as const;
const kind = z
  .enum(kinds)
  .describe(
    'How it came to be: by a reply (shared-sender: to a number on which several accounts had written), by hand, an import, a program, or our staff.',
  );

const optOut = z
  .object({
    number: e164,
    kind,
    since: at,
    senderNumber: z.string().nullable().describe('The sender number that the reply came to.'),
    replyText: z.string().nullable().describe('The first 1,000 characters of the reply.'),
    rule: z.string().nullable().describe('The rule that the reply matched: “exact:stop”.'),
    isRemovable: z
      .boolean()
      .describe('Whether the account may remove it itself; else it requests the removal.'),
  })
  .register(named, { id: 'OptOut' });

/** Who does what happens to an opt-out. */
export const actors = ['recipient', 'user', 'program', 'provider', 'system'] as const;

const evidence = z
  .object({
    cause: z.enum(['reply', 'import', 'api', 'hand', 'account', 'undo', 'staff', 'correction', 'request']),
    text: z.string().nullable().describe('The reply, word for word.'),
    rule: z.string().nullable(),
    senderNumber: z.string().nullable(),
    receivedAt: at.nullable(),
    sharedWith: z.int().describe('How many other accounts had written from the same sender number.'),
    source: z.string().nullable().describe('Where a program says that the wish was given.'),
    list: z
      .object({ id: z.string().nullable(), line: z.int().nullable(), input: z.string().nullable() })
      .nullable()
      .describe('The line of an imported list.'),
    removalRequestId: z.string().nullable(),
  })
  .register(named, { id: 'Evidence' });

const event = z
  .object({
    id: z.string(),
    number: e164.nullable().describe('Null when the data of the person was erased.'),
    type: z.enum(['opted-out', 'confirmed-by-reply', 'removed', 'corrected']),
    isOptedOut: z.boolean().describe('Whether the number was on the list after this event.'),
    at,
    episodeId: z.string().describe('The same from the opt-out to its removal.'),
    actor: z.enum(actors).describe('Who did it: a user or a program of the account, the provider’s staff, …'),
    reason: z.string().nullable(),
    evidence,
  })
  .register(named, { id: 'OptOutEvent' });

const optOutPage = z.object({ data: z.array(optOut), next }).register(named, { id: 'OptOutPage' });
const eventPage = z.object({ data: z.array(event), next }).register(named, { id: 'OptOutHistory' });
const changes = z
  .object({
    data: z.array(event),
    next: z.string().describe('Ask from here for what comes after; keep it.'),
    hasMore: z.boolean().describe('Whether there is more already; else ask again later.'),
  })
  .register(named, { id: 'OptOutChanges' });

const manyNumbers = z
  .array(typedNumber)
  .min(1)
  .max(maxNumbersOfProgram, `Send at most ${maxNumbersOfProgram.toLocaleString('en-ZA')} numbers at a time.`);
const source = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((text) => !/\p{Cc}/u.test(text), 'Leave out control characters.')
  .describe('Where the wish was given, for the history: “web form”.');

const addResult = z
  .object({
    input: z.string().describe('As it was sent.'),
    outcome: z.enum(['added', 'already-there', 'invalid', 'duplicate']),
    number: e164.nullable(),
    since: at.nullable().describe('Since when it was there already.'),
    reason: z.string().nullable().describe('Why it is no number that can be written to.'),
  })
  .register(named, { id: 'AddResult' });

const bulk = z
  .strictObject({ numbers: manyNumbers, source: source.optional() })
  .register(named, { id: 'AddOptOuts' });
const added = z
  .object({
    added: z.int(),
    alreadyThere: z.int(),
    invalid: z.int(),
    duplicates: z.int(),
    results: z.array(addResult).describe('One for each number, in their order.'),
  })
  .register(named, { id: 'AddedOptOuts' });

const checkBody = z.strictObject({ numbers: manyNumbers }).register(named, { id: 'CheckNumbers' });
const checkResult = z
  .object({
    input: z.string().describe('As it was sent.'),
    number: e164.nullable().describe('Null: it is no number that can be written to.'),
    isOptedOut: z.boolean().describe('Whether it is on the list.'),
    isBlocked: z
      .boolean()
      .describe(
        'Whether a message to it would be blocked: it is on the list, or on that of another of your accounts, where the main account has chosen that they honour each other’s opt-outs.',
      ),
    isOnRegistry: z
      .boolean()
      .describe(
        'Whether it is on the national opt-out registry, for the whole industry or for this account: marketing to it would be blocked.',
      ),
    kind: kind.nullable(),
    since: at.nullable(),
    reason: z.string().nullable().describe('Why it is no number that can be written to.'),
  })
  .register(named, { id: 'CheckResult' });
const checked = z
  .object({
    optedOut: z.int(),
    results: z.array(checkResult).describe('One for each number, in their order.'),
  })
  .register(named, { id: 'CheckedNumbers' });

const someNumber = { params: { number: '+27821234567' } };

export const listOptOuts = declareOperation({
  id: 'listOptOuts',
  method: 'GET',
  path: '/opt-outs',
  scope: 'OPT_OUTS',
  summary: 'List opt-outs',
  description:
    'The numbers that the account may not write to, a page at a time. Ask for the next page with “next” as the cursor and the same filters.',
  doing: 'reading opt-outs',
  query: z.strictObject({
    kind: several(kinds).describe('Only those of a kind; may be given several times.'),
    ...between,
    senderNumber: senderFilter.describe('Only those that replied to this sender number.'),
    ...pageQuery,
    limit: limit(1_000, 100),
  }),
  answers: { 200: optOutPage },
  problems: ['invalid-cursor'],
  example: { query: { kind: 'reply', limit: '20' } },
});

export const getOptOut = declareOperation({
  id: 'getOptOut',
  method: 'GET',
  path: '/opt-outs/{number}',
  scope: 'OPT_OUTS',
  summary: 'Get one opt-out',
  description:
    'Whether a number is on the list, and why. Send the ETag of the answer as If-None-Match to be told with 304 that nothing has changed.',
  doing: 'reading an opt-out',
  params: numberInPath,
  answers: { 200: optOut },
  problems: ['not-opted-out'],
  hasEtag: true,
  example: someNumber,
});

export const addOptOut = declareOperation({
  id: 'addOptOut',
  method: 'PUT',
  path: '/opt-outs/{number}',
  scope: 'OPT_OUTS',
  summary: 'Add an opt-out',
  description:
    'Blocks the number, from the moment it is answered. 201 when it is new; 200, with the entry as it was, when it is on the list already. Asked again, it changes nothing.',
  doing: 'adding an opt-out',
  params: numberInPath,
  query: z.strictObject({ source: source.optional() }),
  answers: { 200: optOut, 201: optOut },
  problems: [],
  example: { ...someNumber, query: { source: 'web form' } },
});

export const removeOptOut = declareOperation({
  id: 'removeOptOut',
  method: 'DELETE',
  path: '/opt-outs/{number}',
  scope: 'OPT_OUTS',
  summary: 'Remove an opt-out',
  description:
    'Lifts a block that the account made itself (manual, import, api). One that the recipient made is lifted by the recipient alone: the problem says where to request it.',
  doing: 'removing an opt-out',
  params: numberInPath,
  answers: { 204: null },
  problems: ['not-opted-out', 'removal-request-needed'],
  example: someNumber,
});

export const addOptOuts = declareOperation({
  id: 'addOptOuts',
  method: 'POST',
  path: '/opt-outs/bulk',
  scope: 'OPT_OUTS',
  summary: 'Add many opt-outs',
  description: `Blocks up to ${maxNumbersOfProgram.toLocaleString('en-ZA')} numbers, from the moment it is answered. What is no number is said of each, and the others are added.`,
  doing: 'adding opt-outs',
  body: bulk,
  answers: { 200: added },
  problems: [],
  example: { body: { numbers: ['0821234567', '+27 83 123 4567'], source: 'web form' } },
});

export const checkOptOuts = declareOperation({
  id: 'checkOptOuts',
  method: 'POST',
  path: '/opt-outs/check',
  scope: 'OPT_OUTS',
  summary: 'Check numbers',
  description: `Which of up to ${maxNumbersOfProgram.toLocaleString('en-ZA')} numbers are on the list, and which are blocked. Sending checks by itself; this is for whoever wants to know before.`,
  doing: 'checking numbers',
  body: checkBody,
  answers: { 200: checked },
  problems: [],
  example: { body: { numbers: ['0821234567', '+27 83 123 4567'] } },
});

export const readHistory = declareOperation({
  id: 'readHistory',
  method: 'GET',
  path: '/opt-outs/{number}/history',
  scope: 'OPT_OUTS',
  summary: 'Read the history of a number',
  description:
    'Everything that happened to the opt-out of a number, the first event first, with the evidence: the reply, the rule it matched, who did what and why. Empty for a number that never was on the list.',
  doing: 'reading the history of a number',
  params: numberInPath,
  query: z.strictObject({ limit: limit(500, 100), cursor: cursor.optional() }),
  answers: { 200: eventPage },
  problems: ['invalid-cursor'],
  example: someNumber,
});

export const readChanges = declareOperation({
  id: 'readChanges',
  method: 'GET',
  path: '/opt-outs/changes',
  scope: 'OPT_OUTS',
  summary: 'Follow changes',
  description:
    'Every event of the account’s opt-outs in one order, each once, with no gap: keep a copy right by applying them and keeping “next”. Without “after” it begins with the first event ever. Asked again from a place, it gives the same events. What is under way appears once it is certain that nothing can come before it.',
  doing: 'reading changes of opt-outs',
  query: z.strictObject({
    after: cursor.optional().describe('“next” of the answer before.'),
    limit: limit(1_000, 500),
  }),
  answers: { 200: changes },
  problems: ['invalid-cursor'],
  example: { query: { limit: '100' } },
});
