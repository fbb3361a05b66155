import type { MessagePurpose, MessageStatus } from './schema';

/** The words for a message's status, on the screen and in the file. */
export const statusLabels: Record<MessageStatus, string> = {
  QUEUED: 'Queued',
  SENDING: 'Sending',
  SENT: 'Sent',
  DELIVERED: 'Delivered',
  FAILED: 'Failed',
  BLOCKED: 'Blocked',
  CANCELLED: 'Cancelled',
  IN_DOUBT: 'In doubt',
  NO_RECEIPT: 'No receipt',
};

/** The words for what a message is for, on the screen and in the file. */
export const purposeLabels: Record<MessagePurpose, string> = { MARKETING: 'Marketing', SERVICE: 'Service' };

/** What is meant by each, where somebody chooses. The first in the words of both Acts. */
export const purposeTexts: Record<MessagePurpose, string> = {
  MARKETING:
    'Promotes or offers goods or services, or asks for a donation: what the Consumer Protection Act and POPIA call direct marketing (s 1 of each).',
  SERVICE:
    'Is about something that the recipient has asked for, bought or arranged, and nothing else: a code, a delivery, an appointment.',
};

/** Why marketing that was due waits, for people. */
export const lawfulHoursReason =
  'Marketing leaves only at lawful hours of the recipient’s day. It waits for the next of them.';

/** Of a message in doubt, for people. */
export const doubtReason = 'It was handed over, and the answer was lost. It may have arrived.';

/** Said of a delivered text of several segments where the network reports on its first segment alone. */
export const firstPartNote =
  'The network reports on the first part of a long text alone: that part was delivered.';

/** Why a long text that was delivered was given back. */
export const refusedPartReason = 'Its first part was delivered; the network refused another.';

/** The status as people read it. */
export function describeStatus(status: MessageStatus, isFirstPart: boolean): string {
  return isFirstPart ? `${statusLabels[status]}, first part` : statusLabels[status];
}

/** Why a message that was sent ended without a receipt. */
export const noReceiptReason = 'The network has not said whether it was delivered.';
