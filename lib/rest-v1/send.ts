import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { ApiRefusal } from '@/lib/api-keys/make-api';
import type { AccountScope } from '@/lib/auth/scope';
import { acceptBatch, type BatchRecipient } from '@/lib/messages/commands';
import { readLocalTime } from '@/lib/messages/local-time';
import { readCredits } from '@/lib/credits/queries';
import { maxDaysAhead } from '@/lib/messages/scheduled';
import { marketingStopReasons, trialReason } from '@/lib/opt-outs/gate';
import { measureText } from '@/lib/sms/segments';
import type { SendBody } from './schema';
import { formatMinute } from './times';

/** Of a message whose sender says nothing of its length. */
const defaultMaxSegments = 1;

/**
 * Sends one text to up to 1,000 recipients, each of whom is answered for by itself: whoever is blocked or
 * no number costs nothing, and the others go out. When the credits end, the first of them do.
 */
export async function sendMessages(
  pool: Pool,
  scope: AccountScope,
  body: SendBody,
  { timeZone, senderNumber }: { timeZone: string; senderNumber: string | null },
  now: Date,
): Promise<ApiRefusal | { recipients: object[] }> {
  const sendAt = readSendAt(body.scheduledTime, timeZone, now);
  if (sendAt instanceof ApiRefusal) return sendAt;
  const { segments } = measureText(body.message.replaceAll('\r\n', '\n'));
  const maxSegments = body.maxSegments ?? defaultMaxSegments;
  if (segments > maxSegments) {
    return refuse(
      'too-many-segments',
      `The 'message' value needs ${segments} segments, and the 'maxSegments' value allows ${maxSegments}. ` +
        "Shorten the message or set 'maxSegments' to a higher number, at most 6.",
    );
  }
  const input = {
    recipients: body.recipients.map(({ mobileNumber }) => mobileNumber),
    text: body.message,
    // There is no such thing in this API: each request is a message of its own.
    idempotencyKey: randomUUID(),
    sendAt,
  };
  const result = await acceptBatch(pool, scope, input, { isPartial: true, senderNumber });
  if (!result.ok && result.reason !== 'no-valid-recipients') return refuse(result.reason, result.message);

  const creditsEach = result.ok ? result.creditsEach : 0;
  // As it was before the first of them, to count it down from one to the next.
  let balance = result.ok ? result.creditsLeft + result.creditsCharged : await readCredits(pool, scope);
  const recipients = result.recipients.map((recipient, index) => {
    const isAccepted = recipient.outcome === 'queued';
    const creditCost = isAccepted ? creditsEach : 0;
    balance -= creditCost;
    const clientMessageId = body.recipients[index]?.clientMessageId;
    return {
      ...(clientMessageId === undefined ? {} : { clientMessageId }),
      mobileNumber: recipient.input,
      accepted: isAccepted,
      acceptError: describeRefused(recipient),
      ...(isAccepted && { apiMessageId: Number(recipient.messageId) }),
      ...(isAccepted && sendAt && { scheduledTime: formatMinute(sendAt, timeZone) }),
      creditCost,
      newCreditBalance: balance,
    };
  });
  return { recipients };
}

/** When it is to leave; null: at once, as for a time that has passed. */
function readSendAt(time: SendBody['scheduledTime'], timeZone: string, now: Date): Date | null | ApiRefusal {
  if (!time) return null;
  const read = readLocalTime(time, timeZone);
  if (!read.ok) {
    const why =
      read.problem === 'skipped'
        ? `is a time that the clocks in ${timeZone} skip; choose another`
        : 'is no date and time that there is';
    return refuse('scheduled-time', `The 'scheduledTime' value ${why}. Its format is YYYYMMDDHHmm.`);
  }
  if (read.at.getTime() > now.getTime() + maxDaysAhead * 86_400_000) {
    return refuse('scheduled-time', `The 'scheduledTime' value can be at most ${maxDaysAhead} days ahead.`);
  }
  return read.at > now ? read.at : null;
}

/** Why one was blocked, where that is no opt-out: TRIALNOT2SELF is the provider's, the others are ours. */
const codesOfBlocked: ReadonlyMap<string | null, string> = new Map([
  [trialReason, 'TRIALNOT2SELF'],
  [marketingStopReasons.CLEANSING, 'NOTCLEANSED'],
  [marketingStopReasons.REGISTRATION, 'NOTREGISTERED'],
]);

/** The codes of the provider; DUPLICATE is ours. */
function describeRefused({ outcome, reason }: BatchRecipient): string {
  switch (outcome) {
    case 'queued':
      return '';
    case 'blocked':
      return codesOfBlocked.get(reason) ?? 'OPTEDOUT';
    case 'invalid':
      return 'BADDEST';
    case 'duplicate':
      return 'DUPLICATE';
    case 'unaffordable':
      return 'INSUFFICIENT CREDITS';
  }
}

function refuse(reason: string, message: string): ApiRefusal {
  return new ApiRefusal({ code: 'refused', reason, message });
}
