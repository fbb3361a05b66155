'use client';

import { Send } from 'lucide-react';
import { prepareCall } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { PageHeader } from '@/components/shell/page-header';
import { Badge, type Tone } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';
import { Time } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { deliveryStateLabels } from '@/lib/webhooks/labels';
import type { DeliveryRow, WebhookRow } from '@/lib/webhooks/schema';
import type { ActOnWebhook, ResendDelivery } from './actions';
import { EndpointBadge, EndpointTrouble } from './endpoint-state';

interface WebhookPageProps {
  webhook: WebhookRow;
  deliveries: readonly DeliveryRow[];
  /** The id before which there are more; null: these are the oldest. */
  older: string | null;
  /** Whether these are the newest. */
  isFirst: boolean;
  timeZone: string;
  /** Server actions. */
  test: ActOnWebhook;
  resend: ResendDelivery;
}

const tones: Record<DeliveryRow['state'], Tone> = {
  WAITING: 'warn',
  SENDING: 'info',
  DELIVERED: 'good',
  FAILED: 'bad',
};

/** The log of a webhook: what it was sent, and what it answered. */
export function WebhookPage({
  webhook,
  deliveries,
  older,
  isFirst,
  timeZone,
  test,
  resend,
}: WebhookPageProps) {
  const path = `/settings/webhooks/${webhook.id}`;
  const testing = useAction({
    undone: 'No test was sent.',
    unsure: 'We do not know whether a test was sent. Try again: it tells of nothing.',
  });
  return (
    <>
      <PageHeader
        above={[
          { href: '/settings', label: 'Settings' },
          { href: '/settings/webhooks', label: 'Webhooks' },
        ]}
        title="Deliveries"
        aside={<EndpointBadge webhook={webhook} />}
        description={<span className="break-all">{webhook.url}</span>}
        actions={
          <Button
            pending={testing.isPending}
            onClick={() =>
              testing.run(prepareCall(test, { id: webhook.id }), () => void showToast('A test is on its way'))
            }
          >
            <Send aria-hidden="true" className="size-4" />
            Send a test
          </Button>
        }
      />
      <div className="mb-4 grid gap-2 empty:hidden">
        <ProblemCallout problem={testing.problem} />
        <EndpointTrouble webhook={webhook} timeZone={timeZone} />
      </div>
      <div className="rounded-lg border border-line bg-surface">
        {deliveries.length === 0 ? (
          <EmptyState kind="nothing-yet" title="No deliveries yet">
            What happens from now on is sent here, and kept in this log for 30 days.
          </EmptyState>
        ) : (
          <ul aria-label="Deliveries" className="divide-y divide-line">
            {deliveries.map((delivery) => (
              <Delivery key={delivery.id} delivery={delivery} timeZone={timeZone} resend={resend} />
            ))}
          </ul>
        )}
      </div>
      {(!isFirst || older) && (
        <nav aria-label="Pages of the log" className="mt-4 flex justify-end gap-2">
          {!isFirst && <ButtonLink href={path}>Newest</ButtonLink>}
          {older && <ButtonLink href={`${path}?before=${older}`}>Older</ButtonLink>}
        </nav>
      )}
    </>
  );
}

interface DeliveryProps {
  delivery: DeliveryRow;
  timeZone: string;
  resend: ResendDelivery;
}

function Delivery({ delivery, timeZone, resend }: DeliveryProps) {
  const {
    id,
    type,
    state,
    attempts,
    createdAt,
    attemptedAt,
    nextAttemptAt,
    durationMs,
    reason,
    answer,
    body,
    messageId,
  } = delivery;
  const { run, isPending, problem } = useAction({
    undone: 'It was not sent again.',
    unsure: 'We do not know whether it was sent again. Try again: it has the same id.',
  });
  return (
    <li className="grid gap-2 px-4 py-3.5 text-sm sm:px-5">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 space-y-1">
          <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
            <span className="font-mono text-xs font-medium break-all">{type}</span>
            <Badge tone={tones[state]}>{deliveryStateLabels[state]}</Badge>
            <span className="text-xs text-ink-soft">
              <Time value={createdAt} timeZone={timeZone} />
            </span>
          </p>
          <p className="text-xs text-ink-soft">
            {attempts === 0 ? 'Not tried yet.' : `${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}.`}
            {attemptedAt && ` The last took ${durationMs ?? 0} ms. ${reason ?? 'It was taken.'}`}
            {state === 'WAITING' && attempts > 0 && nextAttemptAt && (
              <>
                {' '}
                The next is due <Time value={nextAttemptAt} timeZone={timeZone} />.
              </>
            )}
          </p>
        </div>
        <Button
          size="small"
          pending={isPending}
          aria-label={`Send ${messageId} again`}
          onClick={() => run(prepareCall(resend, { id }), () => void showToast('It is on its way again'))}
        >
          Send again
        </Button>
      </div>
      <ProblemCallout problem={problem} />
      <details>
        <summary className="w-fit cursor-pointer rounded-sm text-xs text-ink-soft">
          Request and answer
        </summary>
        <div className="mt-2 grid gap-2 text-xs">
          <p className="break-all">
            webhook-id: <code className="font-mono">{messageId}</code>
          </p>
          <pre className="rounded-md border border-line p-3 font-mono break-all whitespace-pre-wrap">
            {body}
          </pre>
          {delivery.statusCode !== null && (
            <>
              <p>Answer: {delivery.statusCode}</p>
              {answer && (
                <pre className="rounded-md border border-line p-3 font-mono break-all whitespace-pre-wrap">
                  {answer}
                </pre>
              )}
            </>
          )}
        </div>
      </details>
    </li>
  );
}
