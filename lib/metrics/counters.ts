import type { EventEmitter } from 'node:events';
import { metrics } from './registry';
import { findArrival, observeTimeToHonour, type Arrived } from './time-to-honour';

interface Received {
  status: 'accepted' | 'duplicate';
  verdict?: string;
  accountIds?: readonly number[];
}

/**
 * Counts the replies of a transaction that has committed just now, and how long those that are opt-outs of an
 * account took until then.
 */
export function countReplies(replies: readonly Arrived[], outcomes: readonly Received[]): void {
  const now = new Date();
  outcomes.forEach(({ status, verdict, accountIds = [] }, index) => {
    metrics.replies.inc({ verdict: status === 'duplicate' ? 'duplicate' : (verdict ?? 'none') });
    const reply = replies[index];
    if (status === 'accepted' && verdict === 'opt-out' && accountIds.length > 0 && reply) {
      observeTimeToHonour(findArrival(reply), now);
    }
  });
}

/** Counts what a carrier answered to the messages of a batch, and once what was at fault with itself. */
export function countHandovers(
  carrier: string,
  results: readonly { status: string; fault?: 'away' | 'configuration' }[],
): void {
  for (const { status } of results) metrics.handovers.inc({ carrier, outcome: status });
  for (const fault of new Set(results.flatMap((result) => result.fault ?? [])))
    metrics.carrierErrors.inc({ carrier, fault });
}

/** Counts a batch of which a carrier took nothing. */
export function countCarrierError(carrier: string): void {
  metrics.carrierErrors.inc({ carrier, fault: 'away' });
}

/** Counts receipts that were taken. */
export function countReceipts(receipts: readonly { status: string }[]): void {
  for (const { status } of receipts) metrics.receipts.inc({ status });
}

/**
 * Counts receipts that were refused: `signature` is not ours for this message and carrier; of a `message`
 * that this carrier was not handed, or that is not on its way.
 */
export function countRefusedReceipts(because: 'signature' | 'message', count = 1): void {
  if (count > 0) metrics.receiptsRefused.inc({ because }, count);
}

/** Counts an attempt to deliver a webhook. */
export function countWebhook(outcome: 'delivered' | 'failed' | 'released'): void {
  metrics.webhooks.inc({ outcome });
}

/** Counts how the jobs of a runner end. */
export function countJobs(events: EventEmitter): void {
  const count = (outcome: string) => (event: { job: { task_identifier: string } }) =>
    metrics.jobs.inc({ task: event.job.task_identifier, outcome });
  events.on('job:success', count('done'));
  events.on('job:error', count('failed'));
  events.on('job:failed', count('given_up'));
}
