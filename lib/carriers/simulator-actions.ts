'use server';

import { z } from 'zod';
import { getPool } from '@/lib/db/client';
import { RateLimit } from '@/lib/http/rate-limit';
import { log } from '@/lib/log';
import { getReplyIntake } from '@/lib/replies/process-intake';
import { readSenderNumber } from '@/lib/sms/sender-number';
import { enterSimulator } from './simulator-gate';
import { keepPhoneText, readPhone, type SimulatorText } from './simulator-phones';

/** More than anybody types; in one minute, from one place or by one member of staff. */
const replyLimit = new RateLimit('simulator-reply', 120, 60);

/** More than thirteen parts, longer than phones let one write. */
const longestReply = 2000;

const digits = z.string().regex(/^\d{1,20}$/);

/** What one phone holds, fifty at a time. */
export async function loadPhone(
  msisdn: string,
  options: { before?: string } = {},
): Promise<{ messages: SimulatorText[]; older: string | null }> {
  await enterSimulator();
  const before = digits.optional().parse(options.before);
  return readPhone(getPool(), digits.parse(msisdn), before ?? null);
}

/** Sends a reply from a phone: it goes in by the same intake as every carrier's. */
export async function sendReply(
  msisdn: string,
  senderNumber: string,
  text: string,
): Promise<{ ok: true } | { ok: false; message: string }> {
  const visitor = await enterSimulator();
  const reply = {
    msisdn: digits.parse(msisdn),
    senderNumber: readSenderNumber(digits.parse(senderNumber)),
    text: z.string().parse(text),
  };
  if (reply.text.length > longestReply) {
    const message = `The phones send up to ${longestReply} characters; this reply has ${reply.text.length}. Shorten it.`;
    return { ok: false, message };
  }
  try {
    const waitSeconds = await replyLimit.take(getPool(), visitor.key);
    if (waitSeconds > 0) {
      return { ok: false, message: `Too many replies at once. Wait ${waitSeconds} s, then send it again.` };
    }
    const id = await keepPhoneText(getPool(), reply);
    await getReplyIntake().submit({
      carrier: 'simulator',
      carrierMessageId: `phone-${id}`,
      from: reply.msisdn,
      to: reply.senderNumber,
      text: reply.text,
      raw: null,
      receivedAt: new Date(),
    });
    return { ok: true };
  } catch (err) {
    log.error({ err }, 'A reply from the simulator was not received');
    return { ok: false, message: 'The reply did not reach the network. Send it again.' };
  }
}
