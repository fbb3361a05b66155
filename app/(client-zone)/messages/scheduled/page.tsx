import type { Metadata } from 'next';
import { ScheduledPage } from '@/components/messages/scheduled-page';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { cancelScheduledBatch, changeScheduledBatch } from '@/lib/messages/actions';
import { listScheduledBatches, shownBatches } from '@/lib/messages/scheduled';
import { countRepliesToReview } from '@/lib/replies/review-queries';

export const metadata: Metadata = { title: 'Scheduled messages' };

export default customerPage({}, async ({ scope, account }) => {
  const [batches, toReview] = await Promise.all([
    listScheduledBatches(getPool(), scope, account.timeZone),
    countRepliesToReview(getPool(), scope),
  ]);
  return (
    <ScheduledPage
      batches={batches}
      most={shownBatches}
      timeZone={account.timeZone}
      toReview={toReview}
      cancel={cancelScheduledBatch}
      change={changeScheduledBatch}
    />
  );
});
