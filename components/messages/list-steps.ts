import {
  describeStatus,
  doubtReason,
  firstPartNote,
  lawfulHoursReason,
  noReceiptReason,
  statusLabels,
} from '@/lib/messages/labels';
import type { MessageRow } from '@/lib/messages/list';

/** One step of a message's way. `at`: ISO 8601, UTC; null: not yet, or not known when. */
export interface Step {
  state: 'done' | 'now' | 'bad' | 'blocked';
  label: string;
  at: string | null;
  note?: string;
}

/** What of a message says how far it has come. */
export type Travelled = Pick<
  MessageRow,
  | 'status'
  | 'reason'
  | 'isFirstPart'
  | 'createdAt'
  | 'sentAt'
  | 'finishedAt'
  | 'scheduledAt'
  | 'doubtedAt'
  | 'nextAttemptAt'
>;

/** Until when marketing waits for lawful hours (ISO 8601, UTC); null: it does not. */
export function readWaitsUntil({
  status,
  reason,
  nextAttemptAt,
}: Pick<Travelled, 'status' | 'reason' | 'nextAttemptAt'>): string | null {
  return status === 'QUEUED' && reason === lawfulHoursReason ? nextAttemptAt : null;
}

/** The way of a message so far, in order. */
export function listSteps(message: Travelled): Step[] {
  const [first, ...others] = listPlainSteps(message);
  if (!first || message.doubtedAt === null || message.status === 'IN_DOUBT') return listPlainSteps(message);
  return [first, { state: 'done', label: 'In doubt', at: message.doubtedAt, note: doubtedNote }, ...others];
}

const doubtedNote = 'The answer was lost. It may have been sent twice.';

function listPlainSteps(message: Travelled): Step[] {
  const { status, reason, createdAt, sentAt, finishedAt, scheduledAt } = message;
  const queued: Step = { state: 'done', label: 'Queued', at: createdAt };
  const waitsUntil = readWaitsUntil(message);
  const sent: Step[] = sentAt ? [{ state: 'done', label: 'Sent', at: sentAt }] : [];
  switch (status) {
    case 'QUEUED':
      if (waitsUntil) {
        return [queued, { state: 'now', label: 'Waits until', at: waitsUntil, note: lawfulHoursReason }];
      }
      return scheduledAt && !reason
        ? [queued, { state: 'now', label: 'Scheduled', at: scheduledAt, note: 'Leaves at this time.' }]
        : [{ ...queued, state: 'now', note: reason ?? 'Waits for its turn.' }];
    case 'SENDING':
      return [queued, { state: 'now', label: 'Sending', at: null, note: 'On its way to the carrier.' }];
    case 'SENT':
      return [
        queued,
        {
          state: 'now',
          label: 'Sent',
          at: sentAt,
          note: 'Waits for the carrier to say that it was delivered.',
        },
      ];
    case 'DELIVERED':
      return [
        queued,
        ...sent,
        {
          state: 'done',
          label: describeStatus(status, message.isFirstPart),
          at: finishedAt,
          note: reason ?? (message.isFirstPart ? firstPartNote : undefined),
        },
      ];
    case 'NO_RECEIPT':
      return [
        queued,
        ...sent,
        {
          state: 'done',
          label: statusLabels[status],
          at: finishedAt,
          note: `${reason ?? noReceiptReason} It is not known to have failed; if the network still reports, it is shown here.`,
        },
      ];
    case 'FAILED':
      return [
        queued,
        ...sent,
        { state: 'bad', label: 'Failed', at: finishedAt, note: reason ?? 'The carrier gave no reason.' },
      ];
    case 'CANCELLED':
      return [
        queued,
        { state: 'bad', label: 'Cancelled', at: finishedAt, note: 'Its credits were given back.' },
      ];
    case 'IN_DOUBT':
      return [queued, { state: 'now', label: 'In doubt', at: null, note: reason ?? doubtReason }];
    case 'BLOCKED':
      // Blocked as it was accepted, it never stood in the queue.
      return [
        ...(finishedAt && finishedAt !== createdAt ? [queued] : []),
        { state: 'blocked', label: 'Blocked', at: finishedAt ?? createdAt, note: reason ?? undefined },
      ];
  }
}
