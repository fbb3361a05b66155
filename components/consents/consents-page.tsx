import { FileLinks } from '@/components/number-lists/list-files';
import { LiveRefresh } from '@/components/live/live-indicator';
import { IfMay } from '@/components/permissions/permissions';
import { PageHeader } from '@/components/shell/page-header';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { ButtonLink } from '@/components/ui/button-link';
import { Time } from '@/components/ui/time';
import { sourceLabels } from '@/lib/consents/labels';
import type { ConsentSource } from '@/lib/consents/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import { ConsentForm, type RecordConsent } from './consent-form';
import { ConsentUpload } from './consent-upload';
import { WithdrawButton, type WithdrawConsent } from './withdraw-button';

export interface ConsentRow {
  msisdn: string;
  givenAt: string;
  source: ConsentSource;
  wording: string;
  createdAt: string;
}

interface ConsentsPageProps {
  rows: readonly ConsentRow[];
  /** Of the page that follows; null: this is the last. */
  nextHref: string | null;
  /** Whether the page begins with the latest. */
  isLatest: boolean;
  /** Consent stands against the national registry, as the provider has set. */
  stands: boolean;
  number: string;
  today: string;
  timeZone: string;
  /** A server action. */
  record: RecordConsent;
  withdraw: WithdrawConsent;
}

/** Who has consented to marketing, and writing down who has. */
export function ConsentsPage(props: ConsentsPageProps) {
  const { rows, nextHref, isLatest, stands, number, today, timeZone, record, withdraw } = props;
  return (
    <>
      <PageHeader
        title="Consents"
        above={[{ href: '/messages', label: 'Message Logs' }]}
        description={
          stands
            ? 'Who has agreed to marketing from you, kept as evidence. Marketing leaves to them although they are on the national registry; an opt-out or a withdrawal ends the consent.'
            : 'Who has agreed to marketing from you, kept as evidence. It lifts no block, and the national registry still wins; an opt-out or a withdrawal ends the consent.'
        }
      />
      <LiveRefresh topics={['opt-outs']} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        <IfMay may="opt-outs.change">
          <ConsentForm number={number} today={today} record={record} />
        </IfMay>
        <IfMay may="lists.upload">
          <section aria-label="Record from a file" className="grid gap-3">
            <h2 className="text-sm font-semibold">Record from a file</h2>
            <ConsentUpload today={today} />
          </section>
        </IfMay>
        <Card title="In force">
          {rows.length === 0 ? (
            <EmptyState kind="nothing-yet" title="No consent is on record">
              Each that you record stands here, and in the story of its number.
            </EmptyState>
          ) : (
            <ul aria-label="Consents in force" className="divide-y divide-line text-sm">
              {rows.map(({ msisdn, givenAt, source, wording, createdAt }) => (
                <li
                  key={msisdn}
                  className="grid items-start gap-x-4 gap-y-0.5 px-4 py-2.5 md:grid-cols-[11rem_minmax(0,1fr)_11rem_auto]"
                >
                  <Link
                    href={`/messages/opt-outs/${msisdn}`}
                    className="font-medium text-accent-text tabular-nums underline-offset-4 hover:underline"
                  >
                    {formatMsisdn(msisdn)}
                  </Link>
                  <span className="min-w-0 wrap-anywhere text-ink-soft">“{wording}”</span>
                  <span className="text-xs text-ink-faint md:text-right">
                    {sourceLabels[source]}, <Time value={givenAt} timeZone={timeZone} />
                    <br />
                    Recorded <Time value={createdAt} timeZone={timeZone} />
                  </span>
                  <IfMay may="opt-outs.change">
                    <span className="max-md:mt-1.5">
                      <WithdrawButton msisdn={msisdn} today={today} withdraw={withdraw} />
                    </span>
                  </IfMay>
                </li>
              ))}
            </ul>
          )}
          {rows.length > 0 && (
            <div className="border-t border-line p-4">
              <FileLinks files={[{ path: '/api/consents', label: 'Download consents' }]} />
            </div>
          )}
          {(nextHref !== null || !isLatest) && (
            <div className="flex flex-wrap gap-2 border-t border-line px-4 py-3">
              {!isLatest && <ButtonLink href="/messages/consents">Latest</ButtonLink>}
              {nextHref !== null && <ButtonLink href={nextHref}>Earlier</ButtonLink>}
            </div>
          )}
        </Card>
      </div>
    </>
  );
}
