import type { NewNotice } from '@/lib/notices/schema';
import { formatMsisdn } from '@/lib/sms/msisdn';
import type { RemovalRequestState } from './schema';

export interface EndedRequest {
  accountId: number;
  requestId: string;
  msisdn: string;
  state: RemovalRequestState;
  /** Whether the network may have had the consent SMS. */
  wasAsked: boolean;
  /** Of a lifted block: the national registry still blocks marketing to the number. */
  isOnRegistry: boolean;
  /** Why it was rejected. */
  reason: string | null;
}

/** What the customer reads when a request has ended. */
export function composeRequestNotice(request: EndedRequest): NewNotice {
  const { accountId, requestId, msisdn, state } = request;
  return {
    accountId,
    eventKey: `removal-request:${requestId}:${state}`,
    path: `/removal-requests/${requestId}`,
    action: 'See the removal request',
    ...describe(formatMsisdn(msisdn), request),
  };
}

function describe(
  number: string,
  { state, wasAsked, isOnRegistry, reason }: EndedRequest,
): Pick<NewNotice, 'title' | 'text'> {
  switch (state) {
    case 'REMOVED':
      if (isOnRegistry) {
        return {
          title: `${number} is no longer on your list, but on the national registry`,
          text: [
            `The recipient answered YES, and your block of ${number} is lifted: service messages reach it again.`,
            'The number is on the national opt-out registry, where only its holder can take it off: marketing to it stays blocked.',
          ],
        };
      }
      return {
        title: `${number} is no longer blocked`,
        text: [
          `The recipient answered YES, and the block is lifted. You can send to ${number} again.`,
          'If they reply “Stop” again, the number is blocked again at once.',
        ],
      };
    case 'REFUSED':
      return {
        title: `${number} stays blocked: the recipient refused`,
        text: [
          `The recipient does not want to hear from you. ${number} stays blocked, and they will not be asked again.`,
        ],
      };
    case 'EXPIRED':
      if (!wasAsked) {
        return {
          title: `${number} stays blocked: the recipient could not be asked in time`,
          text: [`The SMS that asks the recipient was not sent in time, so ${number} stays blocked.`],
        };
      }
      return {
        title: `${number} stays blocked: no YES came in time`,
        text: [`The recipient did not answer YES in time, so ${number} stays blocked.`],
      };
    case 'REJECTED':
      return {
        title: `${number} stays blocked: our staff rejected the request`,
        text: [`Our staff looked at your request and rejected it.`, `The reason: ${reason ?? ''}`],
      };
    default:
      throw new RangeError(`Nobody is told of a request that is ${state}.`);
  }
}
