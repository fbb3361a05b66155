import type { RemovalRequestEventKind, RemovalRequestState } from '@/lib/db/generated/enums';

/** The words for the states: one source for pages, files and messages. */
export const stateLabels: Record<RemovalRequestState, string> = {
  AWAITING_CONFIRMATION: 'Waiting for your confirmation',
  AWAITING_REPLY: 'Waiting for the recipient',
  AWAITING_APPROVAL: 'Waiting for approval',
  REMOVED: 'Removed',
  REFUSED: 'Refused by the recipient',
  EXPIRED: 'No answer in time',
  REJECTED: 'Rejected',
  CANCELLED: 'Cancelled',
};

/** The same as staff speak of them. */
export const staffStateLabels: Record<RemovalRequestState, string> = {
  AWAITING_CONFIRMATION: 'Awaiting confirmation',
  AWAITING_REPLY: 'Awaiting reply',
  AWAITING_APPROVAL: 'Awaiting approval',
  REMOVED: 'Removed',
  REFUSED: 'Refused',
  EXPIRED: 'Expired',
  REJECTED: 'Rejected',
  CANCELLED: 'Cancelled',
};

/** What happens next, for the customer; the times stand beside it. */
export function describeNext(request: { state: RemovalRequestState; consentSentAt: string | null }): string {
  switch (request.state) {
    case 'AWAITING_CONFIRMATION':
      return 'We sent a link to the e-mail address of the account’s owner. Nobody is asked before it is followed.';
    case 'AWAITING_REPLY':
      return request.consentSentAt === null
        ? 'The SMS that asks the recipient waits until it may be sent.'
        : 'The recipient has been asked. If they answer YES, our staff look at it; with NO or without an answer the block stays.';
    case 'AWAITING_APPROVAL':
      return 'The recipient answered YES. Our staff look at it; the block stays until they approve.';
    case 'REMOVED':
      return 'The block is lifted. You can send to this number again.';
    case 'REFUSED':
      return 'The recipient refused. The block stays, and they are not asked again.';
    case 'EXPIRED':
      return request.consentSentAt === null
        ? 'Time ran out before the recipient was asked. The block stays.'
        : 'No YES came in time. The block stays.';
    case 'REJECTED':
      return 'Our staff rejected the request. The block stays.';
    case 'CANCELLED':
      return 'The request was cancelled. The block was not changed by it.';
  }
}

/** An event of a request's time line. */
export function describeEvent(event: {
  kind: RemovalRequestEventKind;
  fromState: RemovalRequestState | null;
  toState: RemovalRequestState;
}): string {
  const kept = event.fromState === event.toState;
  switch (event.kind) {
    case 'REQUESTED':
      return event.toState === 'AWAITING_CONFIRMATION' ? 'Requested on the contact form' : 'Requested';
    case 'CONFIRMED':
      return 'Confirmed by the account';
    case 'YES':
      return kept ? 'The recipient answered YES again' : 'The recipient answered YES';
    case 'NO':
      return 'The recipient answered NO';
    case 'OPT_OUT':
      return 'The recipient opted out again';
    case 'OTHER':
      return 'The recipient answered something else';
    case 'APPROVED':
      return 'Approved by staff';
    case 'REJECTED':
      return 'Rejected by staff';
    case 'CANCELLED':
      return 'Cancelled';
    case 'EXPIRED':
      return 'Time ran out';
    case 'BLOCK_LIFTED':
      return 'The block was taken out by staff as a correction';
  }
}
