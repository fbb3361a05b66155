import { Badge } from '@/components/ui/badge';
import { RelativeTime } from '@/components/ui/relative-time';
import { endpointStateLabels } from '@/lib/webhooks/labels';
import type { WebhookRow } from '@/lib/webhooks/schema';

/** How a webhook stands, in a word. */
export function EndpointBadge({ webhook }: { webhook: WebhookRow }) {
  const { state, failingSince } = webhook;
  if (state === 'ACTIVE' && failingSince) return <Badge tone="warn">Failing</Badge>;
  const tone = state === 'ACTIVE' ? 'good' : state === 'PAUSED' ? 'neutral' : 'bad';
  return <Badge tone={tone}>{endpointStateLabels[state]}</Badge>;
}

/** What is wrong with a webhook and what waits for it; nothing when all is well. */
export function EndpointTrouble({ webhook, timeZone }: { webhook: WebhookRow; timeZone: string }) {
  const { failingSince, reason, waiting, state } = webhook;
  const many = waiting >= 1000 ? '1 000 or more' : String(waiting);
  return (
    <>
      {failingSince && (
        <p className="text-xs text-ink-soft">
          Nothing was delivered since <RelativeTime value={failingSince} timeZone={timeZone} />. {reason}
        </p>
      )}
      {state !== 'ACTIVE' && waiting > 0 && (
        <p className="text-xs text-ink-soft">
          {many} {waiting === 1 ? 'delivery waits' : 'deliveries wait'}, at most 30 days. Resuming sends them.
        </p>
      )}
    </>
  );
}
