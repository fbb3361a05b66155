import type { MessageStatus } from './schema';

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
};

/** Of a message in doubt, for people. */
export const doubtReason = 'It was handed over, and the answer was lost. It may have arrived.';
