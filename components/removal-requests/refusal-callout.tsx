import { ButtonLink } from '@/components/ui/button-link';
import { Callout } from '@/components/ui/callout';
import type { Refused, RequestRefusal } from '@/lib/removal-requests/schema';
import { RequestStateBadge } from './request-state-badge';

const titles: Record<RequestRefusal, string> = {
  'not-opted-out': 'This number is not blocked',
  'own-entry': 'You can remove this number yourself',
  'already-asked': 'The recipient has been asked',
  'already-open': 'A request is under way',
  trial: 'A trial sends to its own number only',
  'no-sender-number': 'There is no number to ask from',
  'invalid-number': 'This is not a mobile number',
  'no-permission': 'Your permission is missing',
};

/** Why a request cannot be made, and the way on. */
export function RefusalCallout({ refused, number }: { refused: Refused; number: string }) {
  return (
    <div className="space-y-3">
      <Callout
        announce
        tone={refused.reason === 'no-sender-number' ? 'bad' : 'info'}
        title={titles[refused.reason]}
      >
        {refused.message}
      </Callout>
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <WayOn refused={refused} number={number} />
      </div>
    </div>
  );
}

function WayOn({ refused, number }: { refused: Refused; number: string }) {
  if (refused.request) {
    return (
      <>
        <ButtonLink href={`/removal-requests/${refused.request.id}`}>See that request</ButtonLink>
        <RequestStateBadge state={refused.request.state} />
      </>
    );
  }
  if (refused.reason === 'not-opted-out') return <ButtonLink href="/send">Send a message</ButtonLink>;
  if (refused.reason === 'own-entry') {
    return (
      <ButtonLink href={`/messages/opt-outs?q=${encodeURIComponent(number)}`}>
        Find it in Auto Opt-Outs
      </ButtonLink>
    );
  }
  return null;
}
