import type { Metadata } from 'next';
import { HelpPage } from '@/components/help/help-page';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { toKeyword } from '@/lib/settings/own-keywords';
import { combineKeywords } from '@/lib/opt-outs/combine-keywords';
import { readPlatformWords } from '@/lib/platform/keywords';
import { composeReplyExamples } from '@/lib/settings/reply-examples';
import { readOwnKeywords, readSettings } from '@/lib/settings/queries';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { env } from '@/lib/env';
import { standardKeywords, type Keyword } from '@/lib/opt-outs/matcher';

export const metadata: Metadata = { title: 'Help' };

const listWords = (keywords: readonly Keyword[], source: Keyword['source'], match: Keyword['match']) =>
  keywords.filter((keyword) => keyword.source === source && keyword.match === match).map(({ word }) => word);

export default customerPage({}, async ({ scope }) => {
  const [settings, own, platform] = await Promise.all([
    readSettings(getPool(), scope),
    readOwnKeywords(getPool(), scope),
    readPlatformWords(getPool()),
  ]);
  const ownKeywords = own.map(toKeyword);
  return (
    <HelpPage
      accountNumber={formatAccountNumber(scope.accountId)}
      words={{
        exact: listWords(standardKeywords, 'published', 'exact'),
        prefix: listWords(standardKeywords, 'published', 'prefix'),
        extra: [...listWords(standardKeywords, 'extra', 'exact'), ...platform.map(({ word }) => word)],
        ownExact: listWords(ownKeywords, 'own', 'exact'),
        ownPrefix: listWords(ownKeywords, 'own', 'prefix'),
      }}
      examples={composeReplyExamples(combineKeywords(platform, own))}
      confirmation={settings.confirmationText ?? settings.standardConfirmation}
      reviewPolicy={settings.reviewPolicy}
      attributionDays={env.ATTRIBUTION_WINDOW_DAYS}
    />
  );
});
