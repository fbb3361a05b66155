import { z } from 'zod';
import { declareOperation } from './declare';
import {
  at,
  between,
  e164,
  idInPath,
  idText,
  limit,
  moment,
  named,
  next,
  oneNumber,
  pageQuery,
  senderFilter,
  several,
  typedNumber,
} from './shapes';

const credits = z
  .object({ balance: z.int().describe('Whole credits that are left.') })
  .register(named, { id: 'Credits' });

export const getCredits = declareOperation({
  id: 'getCredits',
  method: 'GET',
  path: '/credits',
  scope: 'READ',
  summary: 'Get the credits',
  description: 'How many credits the account has left.',
  doing: 'reading credits',
  answers: { 200: credits },
  problems: [],
  hasEtag: true,
  example: {},
});

export const messagePurposes = ['marketing', 'service'] as const;
const purposeNote =
  '“marketing” promotes goods or services; “service” is about something that the recipient has asked for, bought or arranged.';

const sendBody = z
  .strictObject({
    to: z.array(typedNumber).min(1).max(1_000, 'Send to at most 1 000 numbers at a time.'),
    text: z.string().min(1),
    sendAt: moment
      .optional()
      .describe(
        'When it is to leave; left out: at once. Marketing waits for the lawful hours where its recipient lives, whenever it is to leave.',
      ),
    purpose: z
      .enum(messagePurposes)
      .optional()
      .describe(`${purposeNote} Left out: what the account has set, marketing unless somebody changed it.`),
  })
  .register(named, { id: 'SendMessages' });
const sent = z
  .object({
    batchId: z.string(),
    creditsCharged: z.int(),
    creditsLeft: z.int(),
    recipients: z
      .array(
        z
          .object({
            input: z.string().describe('As it was sent.'),
            number: e164.nullable(),
            outcome: z.enum(['queued', 'blocked', 'invalid', 'duplicate']),
            messageId: z.string().nullable().describe('Of what was queued.'),
            reason: z.string().nullable().describe('Why it was blocked, or is no number.'),
          })
          .register(named, { id: 'SentRecipient' }),
      )
      .describe('One for each number, in their order.'),
  })
  .register(named, { id: 'SentMessages' });

export const messageStatuses = [
  'queued',
  'sending',
  'sent',
  'delivered',
  'failed',
  'blocked',
  'cancelled',
  'no-receipt',
] as const;
export const messageKinds = ['normal', 'confirmation', 'consent', 'service'] as const;

const message = z
  .object({
    id: z.string(),
    batchId: z.string().nullable(),
    kind: z
      .enum(messageKinds)
      .describe(
        'What somebody sent; or what was sent for the account: that a recipient is opted out, or asks for a YES.',
      ),
    purpose: z
      .enum(messagePurposes)
      .nullable()
      .describe(`${purposeNote} Null: of another kind than “normal”, or sent before there were purposes.`),
    number: e164.nullable().describe('Null when the data of the person was erased.'),
    senderNumber: z.string().nullable(),
    text: z.string(),
    segments: z.int(),
    credits: z.int().describe('What it cost.'),
    status: z
      .enum(messageStatuses)
      .describe(
        '“no-receipt”: it was sent, and the network has not said what became of it within some days. It may still say so.',
      ),
    reason: z
      .string()
      .nullable()
      .describe(
        'Why it failed, was blocked or waits; of a long text that was delivered, that this is known of its first part alone.',
      ),
    acceptedAt: at,
    sendAt: at
      .nullable()
      .describe(
        'When it was to leave; null: at once. Of marketing that was due outside lawful hours, the lawful minute that it waits for.',
      ),
    sentAt: at.nullable(),
    finishedAt: at.nullable(),
  })
  .register(named, { id: 'Message' });
const messagePage = z.object({ data: z.array(message), next }).register(named, { id: 'MessagePage' });
const cancelled = z.object({ creditsReturned: z.int() }).register(named, { id: 'CancelledMessage' });

export const sendMessages = declareOperation({
  id: 'sendMessages',
  method: 'POST',
  path: '/messages',
  scope: 'SEND',
  summary: 'Send messages',
  description:
    'Sends one text to up to 1 000 numbers, all or nothing where the credits are too few. Who has opted out is blocked and costs nothing, and the others go out; so is marketing to who is on the national registry, and all marketing of an account whose cleansing or registration is too old. A key that is bound to a sender number sends from that alone. Send an Idempotency-Key with it: it keeps the same message from being sent twice, whatever happens, and for good.',
  doing: 'sending messages',
  body: sendBody,
  answers: { 201: sent },
  problems: ['not-enough-credits', 'sender-not-available', 'marketing-text-incomplete'],
  example: { body: { to: ['0821234567'], text: 'Your parcel is on its way.', purpose: 'service' } },
});

export const listMessages = declareOperation({
  id: 'listMessages',
  method: 'GET',
  path: '/messages',
  scope: 'READ',
  summary: 'List messages',
  description:
    'The messages of the account, a page at a time, in the order in which they were accepted. Ask for the next page with “next” as the cursor and the same filters.',
  doing: 'reading messages',
  query: z.strictObject({
    number: oneNumber.optional().describe('Only those to this number, in any usual form.'),
    status: several(messageStatuses).describe('Only those with a status; may be given several times.'),
    kind: several(messageKinds).describe('Only those of a kind; may be given several times.'),
    purpose: z.enum(messagePurposes).optional().describe('Only those for one purpose.'),
    batchId: idText.optional().describe('Only those of one request, as sending answered it.'),
    senderNumber: senderFilter.describe('Only those from this sender number.'),
    ...between,
    ...pageQuery,
    limit: limit(1_000, 100),
  }),
  answers: { 200: messagePage },
  problems: ['invalid-cursor'],
  example: { query: { status: 'failed', limit: '20' } },
});

export const getMessage = declareOperation({
  id: 'getMessage',
  method: 'GET',
  path: '/messages/{id}',
  scope: 'READ',
  summary: 'Get a message',
  description: 'A message as it is now.',
  doing: 'reading a message',
  params: idInPath,
  answers: { 200: message },
  problems: ['no-such-message'],
  hasEtag: true,
  example: { params: { id: '1001' } },
});

export const cancelMessage = declareOperation({
  id: 'cancelMessage',
  method: 'DELETE',
  path: '/messages/{id}',
  scope: 'SEND',
  summary: 'Cancel a scheduled message',
  description: 'Cancels a message that waits for its time, and gives its credits back.',
  doing: 'cancelling a message',
  params: idInPath,
  answers: { 200: cancelled },
  problems: ['no-such-message', 'message-not-waiting'],
  example: { params: { id: '1001' } },
});
