import { formatMsisdn } from '@/lib/sms/msisdn';
import type { Refused, RemovalRequestState, RequestRefusal } from './schema';

const results: Record<RemovalRequestState, string> = {
  AWAITING_CONFIRMATION: 'it waits for the link in the e-mail to be followed',
  AWAITING_REPLY: 'it waits for the recipient’s answer',
  AWAITING_APPROVAL: 'the recipient answered YES, and our staff are looking at it',
  REMOVED: 'the block was lifted',
  REFUSED: 'the recipient refused',
  EXPIRED: 'the recipient did not answer in time',
  REJECTED: 'our staff rejected it',
  CANCELLED: 'it was cancelled',
};

const dateFormat = new Intl.DateTimeFormat('en-ZA', {
  dateStyle: 'long',
  timeZone: 'Africa/Johannesburg',
});

/** Why a removal request cannot be made, said kindly, with what to do instead. */
export function refuseRequest(
  reason: RequestRefusal,
  msisdn: string,
  request: { id: string; state: RemovalRequestState; at: Date } | null = null,
): Refused {
  return {
    ok: false,
    reason,
    message: describe(reason, formatMsisdn(msisdn), request),
    request: request && { id: request.id, state: request.state, at: request.at.toISOString() },
  };
}

function describe(
  reason: RequestRefusal,
  number: string,
  request: { state: RemovalRequestState; at: Date } | null,
): string {
  const when = request ? dateFormat.format(request.at) : '';
  const result = request ? results[request.state] : '';
  switch (reason) {
    case 'no-permission':
      return 'Tick the box to give permission; without it the recipient cannot be asked.';
    case 'invalid-number':
      return 'This is not a mobile number.';
    case 'not-opted-out':
      return `${number} has not opted out of your messages: you can send to it now.`;
    case 'own-entry':
      return `${number} was added by your own account, so nobody needs to be asked: remove it under Auto Opt-Outs.`;
    case 'already-asked':
      return `The recipient of ${number} was asked on ${when} (${result}) and may be asked only once.`;
    case 'already-open':
      return `There is a request for ${number} since ${when}: ${result}.`;
    case 'trial':
      return `A trial account sends only to its owner’s own, confirmed number, so the recipient of ${number} cannot be asked. Ask us to make it a full account.`;
    case 'no-sender-number':
      return 'Your account has no sender number yet. Please contact support; nothing was sent.';
  }
}
