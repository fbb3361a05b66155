import type { ReactNode } from 'react';
import { SmsBubble } from '@/components/removal-requests/sms-bubble';
import { RegistrationList } from '@/components/registry/registration-list';
import { requirementChoices } from '@/components/second-factor/requirement-choices';
import { PageHeader } from '@/components/shell/page-header';
import type { RegistrationRow } from '@/lib/registry/schema';
import type { AccountRequirement } from '@/lib/second-factor/schema';
import type { AccountSettings } from '@/lib/settings/schema';
import { purposeChoices } from './purpose-choices';
import { reviewChoices } from './review-choices';
import { Section } from './section';
import { TryReply, type TryReplyAction } from './try-reply';

interface SettingsSummaryProps {
  settings: AccountSettings;
  /** About the SMS that asks for a YES. */
  consent: { consentText: string | null; standardText: string; consentWords: readonly string[] };
  requirement: AccountRequirement;
  registrations: readonly RegistrationRow[];
  /** A server action that changes nothing. */
  tryReply: TryReplyAction;
}

/** The settings as they are, for whoever looks at them and changes none. */
export function SettingsSummary({
  settings,
  consent,
  requirement,
  registrations,
  tryReply,
}: SettingsSummaryProps) {
  const { accountName, confirmationText, standardConfirmation, keywords, reviewPolicy, timeZone } = settings;
  const purpose = purposeChoices.find(({ value }) => value === settings.defaultPurpose);
  const review = reviewChoices.find(({ value }) => value === reviewPolicy);
  const factor = requirementChoices[requirement.isRequired ? 1 : 0];
  return (
    <>
      <PageHeader
        title="Settings"
        description={`For everyone who works with ${accountName}. Your role looks at them; an owner or an administrator changes them.`}
      />
      <Section
        id="confirmation"
        title="Confirmation text"
        description={<p>Whoever opts out gets this SMS, once and at once.</p>}
      >
        <Value>
          <SmsBubble>{confirmationText ?? standardConfirmation}</SmsBubble>
          <Note>{confirmationText === null ? 'The standard text' : 'Your own text'}</Note>
        </Value>
      </Section>
      <Section
        id="keywords"
        title="Your own keywords"
        description={<p>Words that opt out besides the published ones.</p>}
      >
        <Value>
          {keywords.length === 0 ? (
            <Note>No keywords of your own.</Note>
          ) : (
            <ul aria-label="Your own keywords" className="divide-y divide-line rounded-md border border-line">
              {keywords.map(({ id, word, match }) => (
                <li key={id} className="px-3 py-2 wrap-anywhere">
                  <span className="text-ink-faint">{match === 'exact' ? 'is exactly' : 'starts with'}</span>{' '}
                  <span className="font-medium">{word}</span>
                </li>
              ))}
            </ul>
          )}
        </Value>
        <TryReply draft={null} isBelowWord={false} reviewPolicy={reviewPolicy} tryReply={tryReply} />
      </Section>
      <Section
        id="review"
        title="Replies that are probably opt-outs"
        description={<p>“Stop. Thank you”, “take me off your list”, “sotp”.</p>}
      >
        <Value>
          <p className="font-medium">{review?.label}</p>
          <p className="text-pretty text-ink-soft">{review?.text}</p>
        </Value>
      </Section>
      <Section
        id="consent"
        title="Removal requests"
        description={<p>Whoever is asked to let you write again gets this SMS, once, at lawful hours.</p>}
      >
        <Value>
          <SmsBubble>{consent.consentText ?? consent.standardText}</SmsBubble>
          <Note>
            {consent.consentWords.length === 0
              ? 'YES counts, and no other word.'
              : `Besides YES, these count: ${consent.consentWords.join(', ')}.`}
          </Note>
        </Value>
      </Section>
      <Section
        id="purpose"
        title="Purpose of messages"
        description={<p>What messages are for when nobody says so, here or in a program.</p>}
      >
        <Value>
          <p className="font-medium">{purpose?.label}</p>
          <p className="text-pretty text-ink-soft">{purpose?.text}</p>
        </Value>
      </Section>
      <Section
        id="trading-names"
        title="Names you trade under"
        description={<p>A marketing text has the account’s name, or one of these.</p>}
      >
        <Value>
          {settings.tradingNames.length === 0 ? (
            <Note>No others.</Note>
          ) : (
            <p className="font-medium">{settings.tradingNames.join(', ')}</p>
          )}
        </Value>
      </Section>
      <Section
        id="registration"
        title="Registration as a direct marketer"
        description={<p>With the National Consumer Commission. After its last day no marketing goes out.</p>}
      >
        <Value>
          {registrations.length === 0 ? (
            <Note>None was entered.</Note>
          ) : (
            <RegistrationList registrations={registrations} timeZone={timeZone} />
          )}
        </Value>
      </Section>
      <Section
        id="frequency-cap"
        title="Frequency cap"
        description={<p>The most marketing messages to one number in 7 days.</p>}
      >
        <Value>
          <p className="font-medium">{settings.weeklyMarketingCap ?? 'No cap'}</p>
        </Value>
      </Section>
      <Section
        id="time-zone"
        title="Time zone"
        description={<p>Dates and times on all pages and in downloads are of this place.</p>}
      >
        <Value>
          <p className="font-medium">{timeZone}</p>
        </Value>
      </Section>
      <Section
        id="second-factor"
        title="Second factor"
        description={
          <p>
            {requirement.withFactor} of {requirement.people}{' '}
            {requirement.people === 1 ? 'person has' : 'people have'} one.
          </p>
        }
      >
        <Value>
          <p className="font-medium">{factor.label}</p>
          <p className="text-pretty text-ink-soft">{factor.text}</p>
        </Value>
      </Section>
    </>
  );
}

function Value({ children }: { children: ReactNode }) {
  return <div className="grid gap-2 p-4 text-sm sm:p-5">{children}</div>;
}

function Note({ children }: { children: ReactNode }) {
  return <p className="text-xs text-ink-faint">{children}</p>;
}
