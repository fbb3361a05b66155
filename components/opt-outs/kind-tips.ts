import type { OptOutKind } from '@/lib/opt-outs/schema';

/** What each way into the list means. */
export const kindTips: Record<OptOutKind, string> = {
  REPLY: 'The recipient replied to one of your messages.',
  SHARED_SENDER:
    'The recipient replied to a sender number that several accounts had written from, so all of them are blocked.',
  MANUAL: 'Someone of your account added the number by hand.',
  IMPORT: 'The number came with a list that your account imported.',
  API: 'One of your systems added the number through the API.',
  STAFF: 'The provider’s staff added the number.',
};
