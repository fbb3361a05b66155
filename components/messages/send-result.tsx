'use client';

import { Ban, Check, CircleX, Copy, type LucideIcon } from 'lucide-react';
import { useState } from 'react';
import { Badge, type Tone } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Callout } from '@/components/ui/callout';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { Time } from '@/components/ui/time';
import type { SendRecipientResult, SendResult } from '@/lib/messages/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { LeavingTimes } from './leaving-times';

type Outcome = SendRecipientResult['outcome'];

const outcomes: Record<Outcome, { label: string; tone: Tone; icon: LucideIcon }> = {
  blocked: { label: 'Blocked', tone: 'warn', icon: Ban },
  invalid: { label: 'Invalid', tone: 'bad', icon: CircleX },
  duplicate: { label: 'Duplicate', tone: 'neutral', icon: Copy },
  queued: { label: 'Queued', tone: 'good', icon: Check },
};

/** What needs looking at comes first. */
const order: Outcome[] = ['blocked', 'invalid', 'duplicate', 'queued'];

interface SendSummaryProps {
  result: Extract<SendResult, { ok: true }>;
  timeZone: string;
  onStartOver: () => void;
}

export function SendSummary({ result, timeZone, onStartOver }: SendSummaryProps) {
  const nobody = result.queued === 0;
  const waiting = result.waiting ?? [];
  const isLater = result.sendAt !== null || waiting.length > 0;
  return (
    <section aria-label="Result" className="grid gap-4">
      <Callout
        announce
        tone={nobody ? 'warn' : 'good'}
        title={
          nobody
            ? 'Nothing was sent'
            : `${formatNumberOf(result.queued, 'message')} ${result.queued === 1 ? 'is' : 'are'} ${waiting.length > 0 ? 'accepted' : result.sendAt ? 'scheduled' : 'on the way'}`
        }
      >
        {formatNumberOf(result.creditsCharged, 'credit')} charged, {formatCount(result.creditsLeft)} left.
        {result.sendAt && !nobody && waiting.length === 0 && (
          <>
            {' '}
            To leave on <Time value={result.sendAt} timeZone={timeZone} />; until then you can cancel it.
          </>
        )}
        {waiting.length > 0 && (
          <div className="mt-2 grid gap-1">
            <p>Marketing waits for lawful hours; until then you can cancel it.</p>
            <LeavingTimes times={waiting} timeZone={timeZone} />
          </div>
        )}
      </Callout>
      <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
        <Tally name="Queued" value={result.queued} />
        <Tally name="Blocked" value={result.blocked} />
        <Tally name="Invalid" value={result.invalid} />
        <Tally name="Duplicates" value={result.duplicates} />
      </dl>
      <RecipientResults recipients={result.recipients} />
      <div className="flex flex-wrap gap-2 max-sm:*:grow">
        <Button variant="primary" onClick={onStartOver}>
          Write another message
        </Button>
        {isLater ? (
          <ButtonLink href="/messages/scheduled">See what is scheduled</ButtonLink>
        ) : (
          <ButtonLink href="/messages">See it in Message Logs</ButtonLink>
        )}
      </div>
    </section>
  );
}

function Tally({ name, value }: { name: string; value: number }) {
  return (
    <div className="flex flex-col-reverse rounded-lg border border-line bg-surface px-4 py-3">
      <dt className="text-sm text-ink-soft">{name}</dt>
      <dd className="text-xl font-semibold tabular-nums">{formatCount(value)}</dd>
    </div>
  );
}

const firstShown = 50;

/** Each recipient and what became of them. */
export function RecipientResults({ recipients }: { recipients: readonly SendRecipientResult[] }) {
  const [isWhole, setIsWhole] = useState(false);
  const sorted = [...recipients].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
  const shown = isWhole ? sorted : sorted.slice(0, firstShown);
  return (
    <div className="rounded-lg border border-line bg-surface">
      <ul aria-label="Recipients" className="divide-y divide-line text-sm">
        {shown.map((recipient, index) => {
          const { label, tone, icon } = outcomes[recipient.outcome];
          return (
            <li
              key={`${index} ${recipient.input}`}
              className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-4 py-2.5 sm:grid-cols-[11rem_7rem_minmax(0,1fr)]"
            >
              <span className="truncate font-medium tabular-nums">
                {recipient.msisdn ? formatMsisdn(recipient.msisdn) : recipient.input}
              </span>
              <span>
                <Badge tone={tone} icon={icon}>
                  {label}
                </Badge>
              </span>
              {recipient.reason && (
                <span className="wrap-anywhere text-ink-soft max-sm:col-span-2">{recipient.reason}</span>
              )}
            </li>
          );
        })}
      </ul>
      {shown.length < sorted.length && (
        <div className="border-t border-line p-2 text-center">
          <Button variant="quiet" size="small" onClick={() => setIsWhole(true)}>
            Show all {formatCount(sorted.length)}
          </Button>
        </div>
      )}
    </div>
  );
}
