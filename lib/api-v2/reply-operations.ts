import { z } from 'zod';
import { declareOperation } from './declare';
import {
  at,
  between,
  e164,
  idInPath,
  limit,
  named,
  next,
  oneNumber,
  pageQuery,
  senderFilter,
  several,
} from './shapes';

/** How a reply was read. */
export const verdicts = ['none', 'review', 'opt-out'] as const;

const reply = z
  .object({
    id: z.string(),
    number: e164
      .nullable()
      .describe('Null: the network gave no number, or the data of the person was erased.'),
    from: z.string().describe('Who wrote, as the network gave it: a number, or a name such as “MTN”.'),
    senderNumber: z.string().describe('The number of the account’s that it came to.'),
    text: z.string().describe('What they wrote; in a list its first 1,000 characters.'),
    isCut: z.boolean().describe('Whether there is more of the text: get the reply itself.'),
    verdict: z.enum(verdicts).describe('Whether it was read as an opt-out; “review”: a person decides.'),
    rule: z.string().nullable().describe('The rule that it matched: “exact:stop”.'),
    messageId: z.string().nullable().describe('The message that it answers.'),
    receivedAt: at,
  })
  .register(named, { id: 'Reply' });

const replyPage = z.object({ data: z.array(reply), next }).register(named, { id: 'ReplyPage' });

export const listReplies = declareOperation({
  id: 'listReplies',
  method: 'GET',
  path: '/replies',
  scope: 'READ',
  summary: 'List replies',
  description:
    'What recipients wrote back, a page at a time, in the order in which it was received. Ask for the next page with “next” as the cursor and the same filters. A webhook for “reply.received” tells of each as it comes.',
  doing: 'reading replies',
  query: z.strictObject({
    number: oneNumber.optional().describe('Only those from this number, in any usual form.'),
    verdict: several(verdicts).describe('Only those that were read so; may be given several times.'),
    senderNumber: senderFilter.describe('Only those that came to this sender number.'),
    ...between,
    ...pageQuery,
    limit: limit(1_000, 100),
  }),
  answers: { 200: replyPage },
  problems: ['invalid-cursor'],
  example: { query: { limit: '20' } },
});

export const getReply = declareOperation({
  id: 'getReply',
  method: 'GET',
  path: '/replies/{id}',
  scope: 'READ',
  summary: 'Get a reply',
  description: 'One reply, with all of its text.',
  doing: 'reading a reply',
  params: idInPath,
  answers: { 200: reply },
  problems: ['no-such-reply'],
  hasEtag: true,
  example: { params: { id: '1001' } },
});
