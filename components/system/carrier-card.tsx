'use client';

import { clsx } from 'clsx';
import { CirclePause, CirclePlay, Pencil, Trash2, TriangleAlert, Waves } from 'lucide-react';
import type { ReactNode } from 'react';
import { prepareCall } from '@/components/actions/call-action';
import { usePrompt } from '@/components/actions/use-prompt';
import { IfMay } from '@/components/permissions/permissions';
import { Badge, type Tone } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { RelativeTime } from '@/components/ui/relative-time';
import { Time } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { carrierKindLabels, carrierStateLabels } from '@/lib/carriers/labels';
import { countedAtMost, type CarrierCounts, type CarrierRow, type CarrierState } from '@/lib/carriers/schema';
import { staffTimeZone } from '@/lib/lists/schema';
import type { SystemActions } from './actions';

interface CarrierCardProps {
  carrier: CarrierRow;
  actions: SystemActions;
  edit: () => void;
}

const tones: Record<CarrierState, Tone> = { ACTIVE: 'good', PAUSED: 'warn', DRAINING: 'info' };

const changes = {
  ACTIVE: {
    title: (name: string) => `Have ${name} go on?`,
    text: 'What its routes give to it leaves again within seconds.',
    label: 'Resume',
    done: (name: string) => `${name} goes on`,
  },
  PAUSED: {
    title: (name: string) => `Pause ${name}?`,
    text: 'Nothing more leaves to it. Where another route takes its numbers, that carrier takes over; all else waits. Its replies and receipts are still taken.',
    label: 'Pause',
    done: (name: string) => `${name} is paused`,
  },
  DRAINING: {
    title: (name: string) => `Drain ${name}?`,
    text: 'Nothing new leaves to it, and its receipts and replies are still taken. This page says when nothing is with it any more.',
    label: 'Drain',
    done: (name: string) => `${name} drains`,
  },
} satisfies Record<CarrierState, object>;

/** One carrier: how it is, what passes by it, what went wrong, and what can be done. */
export function CarrierCard({ carrier, actions, edit }: CarrierCardProps) {
  const { ask, dialog } = usePrompt();
  const { name, state } = carrier;

  function askFor(next: CarrierState) {
    const { title, text, label, done } = changes[next];
    ask({
      title: title(name),
      children: <p>{text}</p>,
      submitLabel: label,
      words: {
        undone: `${name} is as it was.`,
        unsure: `We do not know whether ${name} was changed. Try again: that does no harm.`,
      },
      command: () => prepareCall(actions.changeState, { name, state: next }),
      onDone: () => showToast(done(name)),
    });
  }

  function askToRemove() {
    ask({
      title: `Remove ${name}?`,
      children: <p>Its routes go with it, and its replies and receipts are refused from then on.</p>,
      submitLabel: 'Remove carrier',
      variant: 'danger',
      words: {
        undone: `${name} is still there.`,
        unsure: `We do not know whether ${name} was removed. Reload the page to see.`,
      },
      command: () => prepareCall(actions.removeCarrier, { name }),
      onDone: () => showToast(`${name} removed`),
    });
  }

  return (
    <section aria-label={`Carrier ${name}`} className="rounded-lg border border-line bg-surface">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2 border-b border-line px-4 py-2">
        <h2 className="text-base font-semibold">{name}</h2>
        <Badge tone={tones[state]}>{carrierStateLabels[state]}</Badge>
        <Badge>{carrierKindLabels[carrier.kind]}</Badge>
        {carrier.awayUntil && (
          <Badge tone="bad" icon={TriangleAlert}>
            Away
          </Badge>
        )}
        <IfMay may="carriers.manage">
          <div className="ml-auto flex flex-wrap gap-2 max-sm:w-full max-sm:*:grow">
            {state !== 'ACTIVE' && (
              <Button size="small" aria-haspopup="dialog" onClick={() => askFor('ACTIVE')}>
                <CirclePlay aria-hidden="true" className="size-4" />
                Resume
              </Button>
            )}
            {state !== 'PAUSED' && (
              <Button size="small" aria-haspopup="dialog" onClick={() => askFor('PAUSED')}>
                <CirclePause aria-hidden="true" className="size-4" />
                Pause
              </Button>
            )}
            {state !== 'DRAINING' && (
              <Button size="small" aria-haspopup="dialog" onClick={() => askFor('DRAINING')}>
                <Waves aria-hidden="true" className="size-4" />
                Drain
              </Button>
            )}
            {carrier.kind === 'KANNEL' && !carrier.fromEnvironment && (
              <Button size="small" aria-haspopup="dialog" onClick={edit}>
                <Pencil aria-hidden="true" className="size-4" />
                Change
              </Button>
            )}
            {state !== 'ACTIVE' && !carrier.fromEnvironment && (
              <Button size="small" variant="danger" aria-haspopup="dialog" onClick={askToRemove}>
                <Trash2 aria-hidden="true" className="size-4" />
                Remove
              </Button>
            )}
          </div>
        </IfMay>
      </div>
      <Notices carrier={carrier} />
      <dl className="grid grid-cols-2 gap-px bg-line text-sm sm:grid-cols-4">
        <Figure name="Due now">{formatWaiting(carrier.queued)}</Figure>
        <Figure name="With it now">{formatCount(carrier.handingOver)}</Figure>
        <Figure name="Last reply">
          <Moment value={carrier.lastReplyAt} />
        </Figure>
        <Figure name="Last receipt">
          <Moment value={carrier.lastReceiptAt} />
        </Figure>
      </dl>
      <div
        className="overflow-x-auto border-t border-line"
        tabIndex={0}
        role="group"
        aria-label={`Figures of ${name}`}
      >
        <table className="w-full text-sm">
          <thead>
            <tr className="text-left text-xs text-ink-faint">
              <th scope="col" className="px-4 py-1.5 font-medium">
                In the last
              </th>
              {columns.map(({ label }) => (
                <th key={label} scope="col" className="px-3 py-1.5 text-right font-medium">
                  {label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line border-t border-line">
            <CountsRow name="minute" counts={carrier.lastMinute} />
            <CountsRow name="hour" counts={carrier.lastHour} />
          </tbody>
        </table>
      </div>
      <p className="border-t border-line px-4 py-2 text-xs text-ink-faint">
        At most {formatNumberOf(carrier.ratePerSecond, 'message')} a second and{' '}
        {formatCount(carrier.windowSize)} without an answer. Ready to hand over:{' '}
        {formatNumberOf(carrier.workers, 'worker')}
        {carrier.workers > 1 && ', one at a time'}.
        {carrier.address && <span className="block wrap-anywhere">{carrier.address}</span>}
        {carrier.fromEnvironment && <span className="block">Set by the environment of the program.</span>}
      </p>
      {carrier.errors.length > 0 && (
        <ul
          aria-label={`Last errors of ${name}`}
          className="divide-y divide-line border-t border-line text-sm"
        >
          {carrier.errors.map(({ at, reason, count }, index) => (
            <li key={index} className="flex flex-wrap items-baseline gap-x-3 gap-y-0.5 px-4 py-2">
              <span className="min-w-0 grow basis-60 wrap-anywhere">{reason}</span>
              <span className="text-xs text-ink-soft tabular-nums">{formatCount(count)}×</span>
              <span className="text-xs text-ink-soft">
                <Time value={at} timeZone={staffTimeZone} />
              </span>
            </li>
          ))}
        </ul>
      )}
      {dialog}
    </section>
  );
}

function Notices({ carrier }: { carrier: CarrierRow }) {
  const { problem, problemAt, awayUntil, outstanding } = carrier;
  if (!problem && !awayUntil && outstanding === null) return null;
  return (
    <div className="grid gap-2 p-3">
      {problem && (
        <Callout tone="bad" title="It refuses us, and was paused">
          <span className="wrap-anywhere">{problem}</span> No message has failed: they wait, or go by another
          carrier. Correct what is wrong, then have it go on.
          {problemAt && (
            <span className="block text-xs">
              Since <Time value={problemAt} timeZone={staffTimeZone} />
            </span>
          )}
        </Callout>
      )}
      {awayUntil && (
        <Callout tone="warn" title="It fails, and is left alone for a while">
          Another carrier takes over where the routes have one. One message tries it{' '}
          <Time value={awayUntil} timeZone={staffTimeZone} />.
        </Callout>
      )}
      {outstanding !== null && (
        <Callout tone={outstanding === 0 ? 'good' : 'info'}>
          {outstanding === 0
            ? 'Nothing is with it any more.'
            : `${outstanding >= countedAtMost ? 'More than ' : ''}${formatNumberOf(outstanding, 'message')} without a receipt ${outstanding === 1 ? 'is' : 'are'} still with it.`}
        </Callout>
      )}
    </div>
  );
}

function Figure({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="bg-surface px-4 py-2.5">
      <dt className="text-xs text-ink-faint">{name}</dt>
      <dd className="font-medium tabular-nums">{children}</dd>
    </div>
  );
}

function Moment({ value }: { value: string | null }) {
  return value === null ? 'None yet' : <RelativeTime value={value} timeZone={staffTimeZone} />;
}

function formatWaiting(count: number): string {
  return count >= countedAtMost ? `${formatCount(countedAtMost)}+` : formatCount(count);
}

const columns: readonly { label: string; of: keyof CarrierCounts; isBad?: true }[] = [
  { label: 'Sent', of: 'sent' },
  { label: 'Failed', of: 'failed', isBad: true },
  { label: 'Tried again', of: 'retried' },
  { label: 'In doubt', of: 'doubted', isBad: true },
  { label: 'Receipts', of: 'receipts' },
  { label: 'Replies', of: 'replies' },
];

function CountsRow({ name, counts }: { name: string; counts: CarrierCounts }) {
  return (
    <tr>
      <th scope="row" className="px-4 py-1.5 text-left font-normal text-ink-soft">
        {name}
      </th>
      {columns.map(({ label, of, isBad }) => (
        <td
          key={label}
          className={clsx('px-3 py-1.5 text-right tabular-nums', isBad && counts[of] > 0 && 'text-bad-text')}
        >
          {formatCount(counts[of])}
        </td>
      ))}
    </tr>
  );
}
