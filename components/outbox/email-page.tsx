import type { ReactNode } from 'react';
import { Detail, DetailList } from '@/components/data-table/detail-list';
import { PageHeader } from '@/components/shell/page-header';
import { Card } from '@/components/ui/card';
import { formatCount } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import type { EmailDetail } from '@/lib/notices/schema';
import { EmailStateBadge } from './email-state-badge';
import { FailedEmail, type TryAgain } from './failed-email';
import { staffTimeZone } from '@/lib/lists/schema';

/**
 * One e-mail. Its HTML is shown as source: the content security policy lets no styles of an e-mail through, a
 * frame inherits it, and the plain text says the same words.
 */
export function EmailPage({ email, tryAgain }: { email: EmailDetail; tryAgain: TryAgain }) {
  return (
    <>
      <PageHeader
        title={email.subject}
        above={[{ href: '/admin/outbox', label: 'Outbox' }]}
        aside={<EmailStateBadge state={email.state} />}
      />
      {email.state === 'FAILED' && <FailedEmail email={email} tryAgain={tryAgain} />}
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_24rem]">
        <div className="grid gap-4">
          <Card title="Text">
            <Body>{email.text}</Body>
          </Card>
          <Card>
            <details>
              <summary className="px-4 py-3 text-sm font-medium">HTML source</summary>
              <div className="border-t border-line">
                <Body isCode>{email.html}</Body>
              </div>
            </details>
          </Card>
        </div>
        <Card title="Delivery">
          <DetailList>
            <Detail name="To">
              <span className="break-all">{email.recipient}</span>
            </Detail>
            <Detail name="Account">
              <Link
                href={`/admin/accounts/${email.accountId}`}
                className="text-accent-text tabular-nums underline-offset-4 hover:underline"
              >
                W{email.accountId}
              </Link>
            </Detail>
            <Detail name="Attempts">{formatCount(email.attempts)}</Detail>
            {email.reason && (
              <Detail name={email.state === 'KEPT' ? 'Kept in' : 'Reason'}>
                <span className="wrap-anywhere">{email.reason}</span>
              </Detail>
            )}
            <Detail name="Written">
              <Moment value={email.createdAt} />
            </Detail>
            {email.nextAttemptAt && (
              <Detail name="Next attempt">
                <Moment value={email.nextAttemptAt} />
              </Detail>
            )}
            {email.finishedAt && (
              <Detail name="Finished">
                <Moment value={email.finishedAt} />
              </Detail>
            )}
          </DetailList>
        </Card>
      </div>
    </>
  );
}

function Moment({ value }: { value: string }) {
  return <Time value={value} timeZone={staffTimeZone} />;
}

function Body({ isCode = false, children }: { isCode?: boolean; children: ReactNode }) {
  return (
    <pre
      className={`px-4 py-3 wrap-anywhere whitespace-pre-wrap ${isCode ? 'font-mono text-xs text-ink-soft' : 'font-sans text-base'}`}
    >
      {children}
    </pre>
  );
}
