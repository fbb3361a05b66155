import type { MessageStatus } from './schema';

/** The words for a message's status, on the screen and in the file. */
export const statusLabels: Record<MessageStatus, string> = {
  QUEUED: 'Queued',
  SENDING: 'Sending',
  SENT: 'Sent',
  DELIVERED: 'Delivered',
  FAILED: 'Failed',
  BLOCKED: 'Blocked',
};

/** The columns of the file of outgoing messages, in their order. */
export const messageColumns = [
  { id: 'number', label: 'Number' },
  { id: 'sender', label: 'Sender number' },
  { id: 'message', label: 'Message' },
  { id: 'segments', label: 'Segments' },
  { id: 'credits', label: 'Credits' },
  { id: 'status', label: 'Status' },
  { id: 'reason', label: 'Reason' },
  { id: 'queued', label: 'Queued' },
  { id: 'sent', label: 'Sent' },
  { id: 'finished', label: 'Finished' },
] as const;
