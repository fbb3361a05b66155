import { PageHeader } from '@/components/shell/page-header';
import type { AccountSettings } from '@/lib/settings/schema';
import { CapSection } from './cap-section';
import { ConfirmationSection } from './confirmation-section';
import { KeywordsSection } from './keywords-section';
import { PurposeSection } from './purpose-section';
import { ReviewSection } from './review-section';
import { TimeZoneSection } from './time-zone-section';
import { TradingNamesSection } from './trading-names-section';
import type { ComponentProps, ReactNode } from 'react';

interface SettingsPageProps {
  /** Whose unsaved changes are kept. */
  userId: number;
  settings: AccountSettings;
  /** Replies of the last 30 days. */
  lately: { replies: number; toReview: number };
  timeZones: readonly string[];
  /** The section about the SMS that asks for a YES. */
  consent: ReactNode;
  /** The section about the registration as a direct marketer. */
  registration: ReactNode;
  /** The section about the second factor of everybody who works with the account. */
  secondFactor: ReactNode;
  /** Server actions. */
  actions: {
    saveConfirmation: ComponentProps<typeof ConfirmationSection>['save'];
    addKeyword: ComponentProps<typeof KeywordsSection>['add'];
    removeKeyword: ComponentProps<typeof KeywordsSection>['remove'];
    tryReply: ComponentProps<typeof KeywordsSection>['tryReply'];
    saveReviewPolicy: ComponentProps<typeof ReviewSection>['save'];
    saveDefaultPurpose: ComponentProps<typeof PurposeSection>['save'];
    saveTradingNames: ComponentProps<typeof TradingNamesSection>['save'];
    saveMarketingCap: ComponentProps<typeof CapSection>['save'];
    saveTimeZone: ComponentProps<typeof TimeZoneSection>['save'];
  };
}

export function SettingsPage(props: SettingsPageProps) {
  const { userId, settings, lately, timeZones, consent, registration, secondFactor, actions } = props;
  return (
    <>
      <PageHeader
        title="Settings"
        description={`For everyone who works with ${settings.accountName}. Each part is saved by itself.`}
      />
      <ConfirmationSection
        userId={userId}
        accountName={settings.accountName}
        standardText={settings.standardConfirmation}
        ownText={settings.confirmationText}
        save={actions.saveConfirmation}
      />
      <KeywordsSection
        userId={userId}
        keywords={settings.keywords}
        reviewPolicy={settings.reviewPolicy}
        add={actions.addKeyword}
        remove={actions.removeKeyword}
        tryReply={actions.tryReply}
      />
      <ReviewSection
        userId={userId}
        saved={settings.reviewPolicy}
        lately={lately}
        save={actions.saveReviewPolicy}
      />
      {consent}
      <PurposeSection userId={userId} saved={settings.defaultPurpose} save={actions.saveDefaultPurpose} />
      <TradingNamesSection
        userId={userId}
        accountName={settings.accountName}
        saved={settings.tradingNames}
        save={actions.saveTradingNames}
      />
      {registration}
      <CapSection userId={userId} saved={settings.weeklyMarketingCap} save={actions.saveMarketingCap} />
      <TimeZoneSection
        userId={userId}
        saved={settings.timeZone}
        timeZones={timeZones}
        save={actions.saveTimeZone}
      />
      {secondFactor}
    </>
  );
}
