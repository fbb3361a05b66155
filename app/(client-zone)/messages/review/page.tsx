import type { Metadata } from 'next';
import { readRecentReplies } from '@/components/review/read-recent-replies';
import { ReviewPage } from '@/components/review/review-page';
import { customerPage } from '@/lib/auth/make-page';
import { mayDo } from '@/lib/auth/permissions';
import { getPool } from '@/lib/db/client';
import { countRepliesToReview, listRecentDecisions, listRepliesToReview } from '@/lib/replies/review-queries';
import { dismissReply, optOutReply, undoDecision } from '@/lib/replies/review-actions';

export const metadata: Metadata = { title: 'Replies to review' };

export default customerPage({}, async ({ scope, role, account }) => {
  const [replies, waiting, recent] = await Promise.all([
    listRepliesToReview(getPool(), scope),
    countRepliesToReview(getPool(), scope),
    listRecentDecisions(getPool(), scope, await readRecentReplies()),
  ]);
  return (
    <ReviewPage
      replies={replies}
      waiting={waiting}
      recent={recent}
      timeZone={account.timeZone}
      mayDecide={mayDo(role, 'replies.decide')}
      optOut={optOutReply}
      dismiss={dismissReply}
      undo={undoDecision}
    />
  );
});
