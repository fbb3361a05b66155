'use server';

import { z } from 'zod';
import { RateLimit } from '@/lib/http/rate-limit';
import { getReplyIntake } from '@/lib/replies/process-intake';
import { readSenderNumber } from '@/lib/sms/sender-number';
import { countFacts } from './facts';
import { simulatorAction } from './simulator-gate';
import { keepPhoneText, readPhone } from './simulator-phones';

/** More than anybody types; in one minute, from one place or by one member of staff. */
const replyLimit = new RateLimit('simulator-reply', 120, 60);

/** More than thirteen parts, longer than phones let one write. */
const longestReply = 2000;

const digits = z.string().regex(/^\d{1,20}$/);

/** What one phone holds, fifty at a time. */
export const loadPhone = simulatorAction(
  z.object({ msisdn: digits, before: digits.optional() }),
  async (pool, _, { msisdn, before }) => ({ ok: true, ...(await readPhone(pool, msisdn, before ?? null)) }),
  { doing: 'Reading a phone of the simulator' },
);

const reply = z.object({
  msisdn: digits,
  senderNumber: digits.transform(readSenderNumber),
  text: z.string().max(longestReply, {
    error: ({ input }) =>
      `The phones send up to ${longestReply} characters; this reply has ${String(input).length}. Shorten it.`,
  }),
});

/** Sends a reply from a phone: it goes in by the same intake as every carrier's. */
export const sendReply = simulatorAction(
  reply,
  async (pool, _, { msisdn, senderNumber, text }) => {
    const id = await keepPhoneText(pool, { msisdn, senderNumber, text });
    await getReplyIntake().submit({
      carrier: 'simulator',
      carrierMessageId: `phone-${id}`,
      from: msisdn,
      to: senderNumber,
      text,
      raw: null,
      receivedAt: new Date(),
    });
    countFacts(pool, 'simulator', { replies: 1 });
    return { ok: true };
  },
  {
    doing: 'Receiving a reply from the simulator',
    failed: 'The reply did not reach the network. Send it again.',
    limit: {
      of: replyLimit,
      key: ({ key }) => key,
      refuse: (seconds) => `Too many replies at once. Wait ${seconds} s, then send it again.`,
    },
  },
);
