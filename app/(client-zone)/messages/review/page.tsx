import type { Metadata } from 'next';
import { ReviewPage } from '@/components/review/review-page';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { countRepliesToReview, listRepliesToReview } from '@/lib/replies/review';
import { dismissReply, optOutReply, undoDecision } from '@/lib/replies/review-actions';

export const metadata: Metadata = { title: 'Replies to review' };

export default async function Page() {
  const { scope, account } = await requireCustomer();
  const [replies, waiting] = await Promise.all([
    listRepliesToReview(getPool(), scope),
    countRepliesToReview(getPool(), scope),
  ]);
  return (
    <ReviewPage
      replies={replies}
      waiting={waiting}
      timeZone={account.timeZone}
      optOut={optOutReply}
      dismiss={dismissReply}
      undo={undoDecision}
    />
  );
}
