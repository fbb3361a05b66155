import type { UnownedReplyState } from '@/lib/db/generated/enums';

/** The words for what becomes of a reply without an owner, on the screen and in the file. */
export const unownedStateLabels: Record<UnownedReplyState, string> = {
  WAITING: 'Needs a decision',
  UNSURE: 'May want to opt out',
  ASSIGNED: 'Assigned',
  NOTED: 'Not assigned',
  KEPT: 'Nothing to do',
};
