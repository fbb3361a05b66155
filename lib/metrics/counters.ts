import type { EventEmitter } from 'node:events';
import { metrics } from './registry';
import { findArrival, observeTimeToHonour, type Arrived, type Received } from './time-to-honour';

/**
 * Counts the replies of a transaction that has committed just now, and how long those that are opt-outs of an
 * account took until then.
 */
export function countReplies(replies: readonly Arrived[], outcomes: readonly Received[]): void {
  const now = new Date();
  // One look at a label for each verdict: for each of 500 replies it took 0.3 ms.
  const verdicts = new Map<string, number>();
  outcomes.forEach(({ status, verdict, accountIds = [] }, index) => {
    const counted = status === 'duplicate' ? 'duplicate' : (verdict ?? 'none');
    verdicts.set(counted, (verdicts.get(counted) ?? 0) + 1);
    const reply = replies[index];
    if (status === 'accepted' && verdict === 'opt-out' && accountIds.length > 0 && reply) {
      observeTimeToHonour(findArrival(reply), now);
    }
  });
  for (const [counted, count] of verdicts) metrics.replies.inc({ verdict: counted }, count);
}

/** Counts a reply that was set aside, as it could not be recorded. */
export function countSetAside(): void {
  metrics.replies.inc({ verdict: 'set_aside' });
}

function countBy(rows: readonly { status: string }[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { status } of rows) counts.set(status, (counts.get(status) ?? 0) + 1);
  return counts;
}

/** Counts what a carrier answered to the messages of a batch, and once what was at fault with itself. */
export function countHandovers(
  carrier: string,
  results: readonly { status: string; fault?: 'away' | 'busy' | 'configuration' }[],
): void {
  for (const [outcome, count] of countBy(results)) metrics.handovers.inc({ carrier, outcome }, count);
  for (const fault of new Set(results.flatMap((result) => result.fault ?? [])))
    metrics.carrierErrors.inc({ carrier, fault });
}

/** Counts a batch of which a carrier took nothing. */
export function countCarrierError(carrier: string): void {
  metrics.carrierErrors.inc({ carrier, fault: 'away' });
}

/** Counts receipts that were taken. */
export function countReceipts(receipts: readonly { status: string }[]): void {
  for (const [status, count] of countBy(receipts)) metrics.receipts.inc({ status }, count);
}

/**
 * Counts receipts that were refused: `signature` is not ours for this message and carrier; of a `message`
 * that this carrier was not handed, or that is not on its way; `fault`: it could not be recorded.
 */
export function countRefusedReceipts(because: 'signature' | 'message' | 'fault', count = 1): void {
  if (count > 0) metrics.receiptsRefused.inc({ because }, count);
}

/** Counts an attempt to deliver a webhook. */
export function countWebhooks(outcome: 'delivered' | 'failed' | 'released', count: number): void {
  metrics.webhooks.inc({ outcome }, count);
}

/** Counts how the jobs of a runner end. */
export function countJobs(events: EventEmitter): void {
  const count = (outcome: string) => (event: { job: { task_identifier: string } }) =>
    metrics.jobs.inc({ task: event.job.task_identifier, outcome });
  events.on('job:success', count('done'));
  events.on('job:error', count('failed'));
  events.on('job:failed', count('given_up'));
}
