import type { Metadata } from 'next';
import { HelpPage } from '@/components/help/help-page';
import { formatAccountNumber } from '@/lib/accounts/account-number';
import { composeKeywords, toKeyword } from '@/lib/accounts/own-keywords';
import { composeReplyExamples } from '@/lib/accounts/reply-examples';
import { readOwnKeywords, readSettings } from '@/lib/accounts/settings-queries';
import { requireCustomer } from '@/lib/auth/gates';
import { getPool } from '@/lib/db/client';
import { env } from '@/lib/env';
import { standardKeywords, type Keyword } from '@/lib/opt-outs/matcher';

export const metadata: Metadata = { title: 'Help' };

const listWords = (keywords: readonly Keyword[], source: Keyword['source'], match: Keyword['match']) =>
  keywords.filter((keyword) => keyword.source === source && keyword.match === match).map(({ word }) => word);

export default async function Page() {
  const { scope } = await requireCustomer();
  const [settings, own] = await Promise.all([
    readSettings(getPool(), scope),
    readOwnKeywords(getPool(), scope),
  ]);
  const ownKeywords = own.map(toKeyword);
  return (
    <HelpPage
      accountNumber={formatAccountNumber(scope.accountId)}
      words={{
        exact: listWords(standardKeywords, 'published', 'exact'),
        prefix: listWords(standardKeywords, 'published', 'prefix'),
        extra: listWords(standardKeywords, 'extra', 'exact'),
        ownExact: listWords(ownKeywords, 'own', 'exact'),
        ownPrefix: listWords(ownKeywords, 'own', 'prefix'),
      }}
      examples={composeReplyExamples(composeKeywords(scope.accountId, own))}
      confirmation={settings.confirmationText ?? settings.standardConfirmation}
      reviewPolicy={settings.reviewPolicy}
      attributionDays={env.ATTRIBUTION_WINDOW_DAYS}
    />
  );
}
