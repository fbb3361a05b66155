'use client';

import { Check, ChevronRight, X } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { useMay } from '@/components/permissions/permissions';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Callout } from '@/components/ui/callout';
import { Kbd } from '@/components/ui/kbd';
import { showToast } from '@/components/ui/toast';
import type { Decision, DecisionResult } from '@/lib/removal-requests/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { composeDecisionPrompt, type Decide, type Decided, type RequestToDecide } from './decision-prompt';
import { usePageKeys } from '@/components/data-table/use-page-keys';
import { usePrompt } from '@/components/actions/use-prompt';

interface RequestDecisionProps {
  request: RequestToDecide;
  /** Whether it still awaits approval. */
  isOpen: boolean;
  decide: Decide;
  /** The request that waits longest after this one. */
  nextHref: string | null;
}

const queueHref = '/admin/removal-requests';

/** Approve or reject, then on to the next; A, R and N do the same. */
export function RequestDecision({ request, isOpen, decide, nextHref }: RequestDecisionProps) {
  const router = useRouter();
  const [missed, setMissed] = useState<string | null>(null);
  const { ask, dialog } = usePrompt<Decided>();
  const mayDecide = useMay('removal-requests.decide');
  const canDecide = isOpen && mayDecide;

  function open(decision: Decision['decision']) {
    if (!canDecide) return;
    ask(composeDecisionPrompt(decision, [request], decide, (results) => goOn(decision, results)));
  }

  function goOn(decision: Decision['decision'], [result]: readonly DecisionResult[]) {
    if (result && !result.ok) {
      setMissed(result.message);
      return;
    }
    const verb = decision === 'approve' ? 'Approved' : 'Rejected';
    showToast(`${verb}: ${formatMsisdn(request.msisdn)}.${nextHref ? '' : ' That was the last one.'}`);
    router.push(nextHref ?? queueHref);
  }

  usePageKeys({
    a: () => open('approve'),
    r: () => open('reject'),
    n: () => nextHref && router.push(nextHref),
    u: () => router.push(queueHref),
  });

  return (
    <div className="mb-5 grid gap-3">
      {missed && (
        <Callout tone="warn" announce title="It was decided already">
          {missed} Nothing else was changed.
        </Callout>
      )}
      {(canDecide || nextHref) && (
        <div className="flex flex-wrap items-center gap-2">
          {canDecide && (
            <>
              <Button variant="primary" aria-haspopup="dialog" onClick={() => open('approve')}>
                <Check aria-hidden="true" className="size-4" />
                Approve
                <KeyHint>A</KeyHint>
              </Button>
              <Button variant="danger" aria-haspopup="dialog" onClick={() => open('reject')}>
                <X aria-hidden="true" className="size-4" />
                Reject
                <KeyHint>R</KeyHint>
              </Button>
            </>
          )}
          {nextHref && (
            <ButtonLink href={nextHref} variant="quiet">
              Next
              <ChevronRight aria-hidden="true" className="size-4" />
            </ButtonLink>
          )}
        </div>
      )}
      {dialog}
    </div>
  );
}

/** The key that does the same; for those who have one. */
function KeyHint({ children }: { children: string }) {
  return (
    <span aria-hidden="true" className="-mr-1 max-sm:hidden">
      <Kbd>{children}</Kbd>
    </span>
  );
}
