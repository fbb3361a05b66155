import type { Pool } from 'pg';
import { withTransaction } from '@/lib/db/client';
import { isAboutContent } from '@/lib/db/content-errors';
import { NaturalBatcher } from './natural-batching';
import { settleReceipts, type DeliveryReceipt, type ReceiptOutcome } from './receipts';

/** One to this many receipts are recorded in one statement. */
export const maxReceiptsPerBatch = 1000;

export type ReceiptIntake = NaturalBatcher<DeliveryReceipt, ReceiptOutcome>;

/**
 * What stands behind every carrier door of a process for receipts: those that arrive while some are being
 * recorded go together into the next statement. `submit` resolves once it is committed.
 */
export function createReceiptIntake(pool: Pool): ReceiptIntake {
  return new NaturalBatcher(
    (receipts) => recordAll(pool, receipts),
    { maxItems: maxReceiptsPerBatch, maxWeight: Infinity, weigh: () => 1 },
    (error) => !isAboutContent(error),
  );
}

async function recordAll(pool: Pool, receipts: readonly DeliveryReceipt[]): Promise<ReceiptOutcome[]> {
  const { outcomes } = receipts.some(({ status }) => status === 'refused')
    ? await withTransaction(pool, (client) => settleReceipts(client, receipts))
    : await settleReceipts(pool, receipts);
  return outcomes;
}
