'use server';

import { notFound } from 'next/navigation';
import { z } from 'zod';
import { getPool } from '@/lib/db/client';
import { env } from '@/lib/env';
import { log } from '@/lib/log';
import { getReplyIntake } from '@/lib/replies/process-intake';
import { readSenderNumber } from '@/lib/sms/sender-number';
import { keepPhoneText, readPhone, type SimulatorText } from './simulator-phones';

/** The simulator is open to whoever reaches it, and exists only while it is the carrier. */
function requireSimulator(): void {
  if (env.CARRIER !== 'simulator') notFound();
}

const digits = z.string().regex(/^\d{1,20}$/);

/** What one phone holds, fifty at a time. */
export async function loadPhone(
  msisdn: string,
  options: { before?: string } = {},
): Promise<{ messages: SimulatorText[]; older: string | null }> {
  requireSimulator();
  const before = digits.optional().parse(options.before);
  return readPhone(getPool(), digits.parse(msisdn), before ?? null);
}

/** Sends a reply from a phone: it goes in by the same intake as every carrier's. */
export async function sendReply(
  msisdn: string,
  senderNumber: string,
  text: string,
): Promise<{ ok: true } | { ok: false; message: string }> {
  requireSimulator();
  const reply = {
    msisdn: digits.parse(msisdn),
    senderNumber: readSenderNumber(digits.parse(senderNumber)),
    text: text.slice(0, 1_000_000),
  };
  try {
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
