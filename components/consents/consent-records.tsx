import { Card } from '@/components/ui/card';
import { ButtonLink } from '@/components/ui/button-link';
import { Time } from '@/components/ui/time';
import { IfMay } from '@/components/permissions/permissions';
import { sourceLabels } from '@/lib/consents/labels';
import type { ConsentRecord } from '@/lib/consents/schema';
import { WithdrawButton, type WithdrawConsent } from './withdraw-button';

interface ConsentRecordsProps {
  msisdn: string;
  records: readonly ConsentRecord[];
  timeZone: string;
  /** "2026-11-29", in South Africa. */
  today: string;
  withdraw: WithdrawConsent;
}

/** What a number has consented to, in its story. */
export function ConsentRecords({ msisdn, records, timeZone, today, withdraw }: ConsentRecordsProps) {
  return (
    <Card title="Consent to marketing">
      {records.length === 0 ? (
        <p className="px-4 py-3.5 text-sm text-ink-soft">None is on record.</p>
      ) : (
        <ol aria-label="Consents" className="divide-y divide-line text-sm">
          {records.map(({ id, givenAt, source, wording, url, file, recordedAt, recordedBy, ...rest }) => (
            <li key={id} className="space-y-1 px-4 py-3">
              <p className="font-medium">
                {sourceLabels[source]}, <Time value={givenAt} timeZone={timeZone} />
              </p>
              <p className="wrap-anywhere text-ink-soft">“{wording}”</p>
              {url !== null && (
                <p className="wrap-anywhere">
                  {/^https?:/.test(url) ? (
                    <a
                      href={url}
                      target="_blank"
                      rel="noreferrer noopener"
                      className="text-accent-text underline underline-offset-4"
                    >
                      {url}
                    </a>
                  ) : (
                    // written over, since it need not be kept any more
                    url
                  )}
                </p>
              )}
              {file !== null && (
                <p className="wrap-anywhere text-ink-soft">
                  {file.name}
                  <span className="block font-mono text-xs break-all text-ink-faint">
                    SHA-256 {file.hash}
                  </span>
                </p>
              )}
              <p className="text-ink-faint">
                Recorded <Time value={recordedAt} timeZone={timeZone} /> by {recordedBy}. {describeEnd(rest)}
                {rest.withdrawnAt !== null && (
                  <>
                    <Time value={rest.withdrawal?.at ?? rest.withdrawnAt} timeZone={timeZone} />.
                  </>
                )}
              </p>
              {rest.withdrawal && rest.withdrawnAt !== null && (
                <p className="wrap-anywhere text-ink-faint">
                  “{rest.withdrawal.reason}” Written down{' '}
                  <Time value={rest.withdrawnAt} timeZone={timeZone} /> by {rest.withdrawal.recordedBy}.
                </p>
              )}
              {rest.overrides > 0 && (
                <p className="text-ink-faint">
                  {rest.overrides === 1 ? '1 message' : `${rest.overrides} messages`} left because of it,
                  although the number was on the national registry.
                </p>
              )}
              {rest.isInForce && (
                <IfMay may="opt-outs.change">
                  <div className="pt-1.5">
                    <WithdrawButton msisdn={msisdn} today={today} withdraw={withdraw} />
                  </div>
                </IfMay>
              )}
            </li>
          ))}
        </ol>
      )}
      <IfMay may="opt-outs.change">
        <div className="border-t border-line px-4 py-3">
          <ButtonLink href={`/messages/consents?number=${msisdn}`} size="small">
            Record a consent
          </ButtonLink>
        </div>
      </IfMay>
    </Card>
  );
}

function describeEnd({
  isInForce,
  withdrawnAt,
  withdrawal,
}: Pick<ConsentRecord, 'isInForce' | 'withdrawnAt' | 'withdrawal'>): string {
  if (withdrawal) return 'Withdrawn ';
  if (withdrawnAt !== null) return 'Ended by an opt-out ';
  return isInForce ? 'In force.' : 'A later consent took its place.';
}
