import { PublicShell } from '@/components/shell/public-shell';
import { EmptyState } from '@/components/ui/empty-state';
import { Link } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import { staffTimeZone } from '@/lib/lists/schema';
import type { KeptEmail } from '@/lib/notices/schema';
import { MailRefresh } from './mail-refresh';

interface DemoMailPageProps {
  emails: readonly KeptEmail[];
  /** Of one address alone; null: of all. */
  to: string | null;
  /** What its own links begin with. */
  appUrl: string;
}

/** The e-mails that a demo without a mail server keeps, newest first, with their links. */
export function DemoMailPage({ emails, to, appUrl }: DemoMailPageProps) {
  return (
    <PublicShell isWide>
      <MailRefresh />
      <h1 className="text-lg font-semibold">E-mails of this demo</h1>
      <p className="mt-1 mb-5 text-sm text-pretty text-ink-soft">
        No mail server is set up, so nothing leaves this machine. What was sent
        {to !== null && (
          <>
            {' '}
            to <strong className="font-medium wrap-anywhere text-ink">{to}</strong>
          </>
        )}{' '}
        stands here, the newest first.
        {to !== null && (
          <>
            {' '}
            <Link href="/simulator/mail" className="rounded-sm text-accent-text underline underline-offset-4">
              Show all
            </Link>
          </>
        )}
      </p>
      {emails.length === 0 ? (
        <div className="rounded-xl border border-line bg-surface">
          <EmptyState kind="nothing-yet" title="No e-mails yet">
            One that is on its way comes within seconds, without a reload.
          </EmptyState>
        </div>
      ) : (
        <ul className="grid gap-4">
          {emails.map((email) => (
            <li key={`${email.accountId}-${email.id}`}>
              <Email email={email} appUrl={appUrl} />
            </li>
          ))}
        </ul>
      )}
    </PublicShell>
  );
}

function Email({ email, appUrl }: { email: KeptEmail; appUrl: string }) {
  return (
    <article className="rounded-xl border border-line bg-surface p-5">
      <h2 className="font-semibold">{email.subject}</h2>
      <p className="mt-0.5 flex flex-wrap justify-between gap-x-4 text-xs text-ink-soft">
        <span className="break-all">To {email.recipient}</span>
        <Time value={email.createdAt} timeZone={staffTimeZone} />
      </p>
      <div className="mt-3 border-t border-line pt-3 text-sm wrap-anywhere whitespace-pre-wrap">
        {email.text.split(/(https?:\/\/\S+)/).map((part, index) =>
          part.startsWith(`${appUrl}/`) ? (
            <Link
              key={index}
              href={part.slice(appUrl.length)}
              prefetch={false}
              className="rounded-sm break-all text-accent-text underline underline-offset-4"
            >
              {part}
            </Link>
          ) : (
            part
          ),
        )}
      </div>
    </article>
  );
}
