import type { Metadata } from 'next';
import { SendPage } from '@/components/messages/send-page';
import { readOwnKeywords } from '@/lib/settings/queries';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { sendMessages } from '@/lib/messages/actions';
import { readCredits } from '@/lib/credits/queries';
import { readFamily, readGate } from '@/lib/opt-outs/family-queries';
import { combineKeywords } from '@/lib/opt-outs/combine-keywords';
import { readTrialNumber } from '@/lib/people/queries';
import { readPlatformWords } from '@/lib/platform/keywords';
import { readStanding } from '@/lib/registry/marketer-queries';

export const metadata: Metadata = { title: 'Send' };

export default customerPage({ may: 'messages.send' }, async ({ scope, account }) => {
  const now = new Date();
  const [credits, trialMsisdn, own, platform, { honoursAll }, gate, standing] = await Promise.all([
    readCredits(getPool(), scope),
    readTrialNumber(getPool(), scope),
    readOwnKeywords(getPool(), scope),
    readPlatformWords(getPool()),
    readFamily(getPool(), scope),
    readGate(getPool(), scope, now),
    readStanding(getPool(), scope, now),
  ]);
  const keywords = combineKeywords(platform, own).map(({ word, match }) => ({ word, match }));
  return (
    <SendPage
      send={sendMessages}
      trialMsisdn={trialMsisdn}
      credits={credits}
      honoursAll={honoursAll}
      names={gate.names}
      refusesTexts={gate.refusesTexts}
      standing={standing}
      timeZone={account.timeZone}
      defaultPurpose={gate.defaultPurpose}
      keywords={keywords}
    />
  );
});
