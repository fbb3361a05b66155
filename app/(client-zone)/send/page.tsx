import type { Metadata } from 'next';
import { SendPage } from '@/components/messages/send-page';
import { readDefaultPurpose, readOwnKeywords } from '@/lib/settings/queries';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { sendMessages } from '@/lib/messages/actions';
import { readCredits } from '@/lib/credits/queries';
import { readFamily } from '@/lib/opt-outs/family-queries';
import { combineKeywords } from '@/lib/opt-outs/combine-keywords';
import { readTrialNumber } from '@/lib/people/queries';
import { readPlatformWords } from '@/lib/platform/keywords';

export const metadata: Metadata = { title: 'Send' };

export default customerPage({ may: 'messages.send' }, async ({ scope, account }) => {
  const [credits, trialMsisdn, own, platform, { honoursAll }, defaultPurpose] = await Promise.all([
    readCredits(getPool(), scope),
    readTrialNumber(getPool(), scope),
    readOwnKeywords(getPool(), scope),
    readPlatformWords(getPool()),
    readFamily(getPool(), scope),
    readDefaultPurpose(getPool(), scope),
  ]);
  const keywords = combineKeywords(platform, own).map(({ word, match }) => ({ word, match }));
  return (
    <SendPage
      send={sendMessages}
      trialMsisdn={trialMsisdn}
      credits={credits}
      honoursAll={honoursAll}
      accountName={account.name}
      timeZone={account.timeZone}
      defaultPurpose={defaultPurpose}
      keywords={keywords}
    />
  );
});
