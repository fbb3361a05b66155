import { kindTips } from '@/components/opt-outs/kind-tips';
import { Badge } from '@/components/ui/badge';
import { PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { describeRule, kindLabels } from '@/lib/opt-outs/labels';
import type { Episode } from '@/lib/stories/schema';
import { HonourSteps } from './honour-steps';
import { QuotedReply } from './quoted-reply';

/** The state now: why the number is blocked, on whose word, and how fast that was done. */
export function BlockCard({
  block,
  isBlockedElsewhere,
  isOnRegistry,
  timeZone,
}: {
  block: Episode | null;
  /** An opt-out of another account of the family holds messages back. */
  isBlockedElsewhere: boolean;
  /** The national registry holds marketing back. */
  isOnRegistry: boolean;
  timeZone: string;
}) {
  if (!block) {
    return (
      <section
        aria-label="State now"
        className="rounded-lg border border-line bg-surface px-5 py-4 text-sm text-ink-soft"
      >
        {isBlockedElsewhere
          ? 'This number is not on your Auto Opt-Outs list, but has opted out of another of your accounts, and your accounts honour each other’s opt-outs: messages to it are blocked and cost nothing.'
          : isOnRegistry
            ? 'This number is not on your Auto Opt-Outs list, but on the national opt-out registry: marketing to it is blocked and costs nothing. Service messages go out.'
            : 'This number is not on your Auto Opt-Outs list: you can write to it.'}
      </section>
    );
  }
  const { evidence, honoured } = block;
  return (
    <section aria-label="State now" className="overflow-hidden rounded-lg border border-line bg-surface">
      <div className="space-y-3 px-5 py-4">
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1 text-sm">
          <span className="font-semibold">
            Blocked since <Time value={block.startedAt} timeZone={timeZone} />
          </span>
          <Badge>{kindLabels[block.kind]}</Badge>
          {evidence?.rule && <span className="text-ink-soft">{describeRule(evidence.rule)}</span>}
        </div>
        {evidence ? (
          <QuotedReply evidence={evidence} timeZone={timeZone} wholeHref={`/api/texts/opt-out/${block.id}`} />
        ) : (
          <p className="text-sm text-ink-soft">
            {kindTips[block.kind]} Added by {block.startedBy}.
          </p>
        )}
        <p className="text-sm text-ink-soft">
          {evidence?.senderNumber && (
            <>
              Replied to <PhoneNumber msisdn={evidence.senderNumber} />.{' '}
            </>
          )}
          {evidence && evidence.sharedWith > 0 && `${kindTips.SHARED_SENDER} `}
          {evidence && block.startedBy !== 'the recipient' && `Opted out by ${block.startedBy}. `}
          Messages from your account are blocked and cost nothing.
          {isOnRegistry &&
            ' The number is on the national opt-out registry as well: without this block, marketing would still be.'}
        </p>
      </div>
      {honoured && <HonourSteps honoured={honoured} confirmation={block.confirmation} timeZone={timeZone} />}
    </section>
  );
}
