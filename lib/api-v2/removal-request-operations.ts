import { z } from 'zod';
import { declareOperation } from './declare';
import { at, e164, idInPath, limit, named, next, oneNumber, pageQuery, several } from './shapes';

/** Where a request stands. */
export const requestStates = [
  'awaiting-confirmation',
  'awaiting-reply',
  'awaiting-approval',
  'removed',
  'refused',
  'expired',
  'rejected',
  'cancelled',
] as const;

/** What happens to a request. */
export const requestEvents = [
  'requested',
  'confirmed',
  'yes',
  'no',
  'opt-out',
  'other',
  'approved',
  'rejected',
  'cancelled',
  'expired',
  'block-lifted',
] as const;

/** Who moves a request on. */
export const requestActors = [
  'recipient',
  'user',
  'program',
  'provider',
  'system',
  'owner',
  'visitor',
] as const;

const state = z
  .enum(requestStates)
  .describe(
    'It ends as removed, refused (by the recipient), expired (no answer), rejected (by our staff) or cancelled.',
  );

const shared = {
  id: z.string(),
  number: e164.nullable().describe('Null when the data of the person was erased.'),
  state,
  requestedAt: at,
  consentDueAt: at.nullable().describe('When the SMS that asks the recipient may leave.'),
  consentSentAt: at.nullable(),
  answeredAt: at.nullable(),
  expiresAt: at.nullable().describe('When it ends by itself; null: it does not.'),
  finishedAt: at.nullable(),
  reason: z.string().nullable().describe('Why our staff rejected it.'),
};
const request = z.object(shared).register(named, { id: 'RemovalRequest' });

const answer = z
  .object({
    replyId: z.string(),
    text: z.string().describe('The first 1,000 characters.'),
    senderNumber: z.string(),
    receivedAt: at,
    isDecisive: z.boolean().describe('Whether it is the one that decided.'),
  })
  .register(named, { id: 'RemovalRequestAnswer' });
const event = z
  .object({
    id: z.string(),
    type: z.enum(requestEvents),
    state: state.describe('Where the request stood after it.'),
    actor: z.enum(requestActors),
    reason: z.string().nullable(),
    at,
  })
  .register(named, { id: 'RemovalRequestEvent' });
const detail = z
  .object({
    ...shared,
    isCancellable: z.boolean(),
    permission: z
      .object({ text: z.string(), at })
      .describe('The permission to ask the recipient, as it was given with the request.'),
    consent: z
      .object({ messageId: z.string(), text: z.string(), senderNumber: z.string() })
      .nullable()
      .describe('The SMS that asks the recipient; null while there is none.'),
    answers: z.array(answer).describe('What the recipient wrote to the number that asked.'),
    events: z.array(event).describe('What happened to it, the first first.'),
  })
  .register(named, { id: 'RemovalRequestDetail' });

const requestPage = z.object({ data: z.array(request), next }).register(named, { id: 'RemovalRequestPage' });

const newRequest = z
  .strictObject({
    number: oneNumber.describe('The number that is opted out, in any usual form.'),
    permission: z
      .literal(true)
      .describe('That we may send the recipient the one SMS that asks for a YES, in the account’s name.'),
  })
  .register(named, { id: 'NewRemovalRequest' });

export const listRemovalRequests = declareOperation({
  id: 'listRemovalRequests',
  method: 'GET',
  path: '/removal-requests',
  scope: 'OPT_OUTS',
  summary: 'List removal requests',
  description: 'The removal requests of the account, a page at a time, in the order in which they were made.',
  doing: 'reading removal requests',
  query: z.strictObject({
    number: oneNumber.optional().describe('Only those about this number, in any usual form.'),
    state: several(requestStates).describe('Only those that stand so; may be given several times.'),
    ...pageQuery,
    limit: limit(1_000, 100),
  }),
  answers: { 200: requestPage },
  problems: ['invalid-cursor'],
  example: { query: { state: 'awaiting-reply' } },
});

export const createRemovalRequest = declareOperation({
  id: 'createRemovalRequest',
  method: 'POST',
  path: '/removal-requests',
  scope: 'OPT_OUTS',
  summary: 'Request a removal',
  description:
    'Asks the recipient of an opted-out number, by one SMS, whether they want messages again. They are asked once for each opt-out; with their YES and our approval the block is lifted. What the account entered itself it removes itself.',
  doing: 'requesting a removal',
  body: newRequest,
  answers: { 201: detail },
  problems: [
    'not-opted-out',
    'own-entry',
    'removal-already-requested',
    'recipient-already-asked',
    'trial-account',
  ],
  example: { body: { number: '0821234567', permission: true } },
});

export const getRemovalRequest = declareOperation({
  id: 'getRemovalRequest',
  method: 'GET',
  path: '/removal-requests/{id}',
  scope: 'OPT_OUTS',
  summary: 'Get a removal request',
  description: 'A request as it stands, with what the recipient answered and all that happened to it.',
  doing: 'reading a removal request',
  params: idInPath,
  answers: { 200: detail },
  problems: ['no-such-removal-request'],
  hasEtag: true,
  example: { params: { id: '1001' } },
});

export const cancelRemovalRequest = declareOperation({
  id: 'cancelRemovalRequest',
  method: 'DELETE',
  path: '/removal-requests/{id}',
  scope: 'OPT_OUTS',
  summary: 'Cancel a removal request',
  description:
    'Takes a request back, as long as it is open. The SMS that asks the recipient is not sent, unless it has left.',
  doing: 'cancelling a removal request',
  params: idInPath,
  answers: { 200: detail },
  problems: ['no-such-removal-request', 'removal-request-over'],
  example: { params: { id: '1001' } },
});
