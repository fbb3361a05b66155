import { Callout } from '@/components/ui/callout';
import { Time } from '@/components/ui/time';
import { describeNext, stateLabels } from '@/lib/removal-requests/labels';
import { isOpen, type RemovalRequestDetail, type RemovalRequestState } from '@/lib/removal-requests/schema';
import { LeavingTime } from './leaving-time';

const tones: Partial<Record<RemovalRequestState, 'good' | 'warn'>> = {
  REMOVED: 'good',
  REFUSED: 'warn',
  EXPIRED: 'warn',
  REJECTED: 'warn',
};

/** Where a request stands, what happens next, and when. */
export function NextStep({ request, timeZone }: { request: RemovalRequestDetail; timeZone: string }) {
  const { state, consent, expiresAt, finishedAt } = request;
  return (
    <Callout tone={tones[state] ?? 'info'} title={stateLabels[state]}>
      <p>{describeNext(request)}</p>
      {state === 'AWAITING_REPLY' && consent?.dueAt && !consent.sentAt && (
        <p>
          It leaves <LeavingTime dueAt={consent.dueAt} timeZone={timeZone} />.
        </p>
      )}
      {state === 'REJECTED' && request.decisionReason && (
        <p>
          The reason: <span className="wrap-anywhere whitespace-pre-wrap">{request.decisionReason}</span>
        </p>
      )}
      {isOpen(state) && expiresAt && (
        <p>
          Without {state === 'AWAITING_CONFIRMATION' ? 'that' : 'an answer'}, the request ends by itself on{' '}
          <Time value={expiresAt} timeZone={timeZone} />.
        </p>
      )}
      {finishedAt && (
        <p>
          <Time value={finishedAt} timeZone={timeZone} />
          {request.decidedByName && `, decided by ${request.decidedByName}`}
        </p>
      )}
    </Callout>
  );
}
