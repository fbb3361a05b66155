import type { ReceiptStatus } from '@/lib/messages/receipts';

/**
 * A receipt that the network has sent as if it were somebody's text, in the form of SMPP 3.4, appendix B:
 * "id:0123456789 sub:001 dlvrd:001 submit date:2611290930 done date:2611290931 stat:DELIVRD err:000 text:…".
 */
export interface ReceiptText {
  /** The network's own id of the message. */
  networkId: string;
  status: ReceiptStatus;
  reason: string | null;
}

// What stands between is short, and no quantifier meets another: linear in what is looked at.
const form = /^\s*id:(\S{1,65})[ ](?:[^\n]{0,150}[ ])?stat:([A-Z]{5,12})\b(?:[ ]err:(\w{1,10}))?/i;
const lookedAt = 300;

export function isReceiptText(text: string): boolean {
  return form.test(text.slice(0, lookedAt));
}

/** @returns null for what is no receipt */
export function readReceiptText(text: string): ReceiptText | null {
  const found = form.exec(text.slice(0, lookedAt));
  if (!found) return null;
  const [, networkId = '', word = '', error] = found;
  const status = statusWords[word.toUpperCase()] ?? 'failed';
  return { networkId, status, reason: describeFailure(status, word.toUpperCase(), error) };
}

/**
 * By the network's word; all of them are of a message that it took. Kannel knows those of the standard, and
 * takes any other for a failure.
 */
const statusWords: Record<string, ReceiptStatus> = {
  DELIVRD: 'delivered',
  DELIVERED: 'delivered',
  ACCEPTD: 'accepted',
  ACCEPTED: 'accepted',
  ENROUTE: 'waiting',
  BUFFERED: 'waiting',
  SCHEDULED: 'waiting',
  EXPIRED: 'failed',
  DELETED: 'failed',
  UNDELIV: 'failed',
  UNKNOWN: 'failed',
  REJECTD: 'failed',
  REJECTED: 'failed',
};

const explanations: Record<string, string> = {
  EXPIRED: 'The phone could not be reached in time.',
  DELETED: 'The network deleted it before it was delivered.',
  REJECTD: 'The network refused it.',
  REJECTED: 'The network refused it.',
};

function describeFailure(status: ReceiptStatus, word: string, error: string | undefined): string | null {
  if (status !== 'failed') return null;
  const explanation = explanations[word] ?? 'It could not be delivered.';
  return error && /[^0]/.test(error) ? `${explanation} The network’s error: ${error}.` : explanation;
}
