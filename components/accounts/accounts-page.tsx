import { PageHeader } from '@/components/shell/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { formatCount } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { AccountSearch, NoAccountMatches } from './account-search';
import { AccountStatusBadge } from './account-status-badge';

export interface AccountLine {
  id: number;
  name: string;
  status: 'ACTIVE' | 'SUSPENDED';
  optOuts: number;
  credits: number;
  /** Of a trial: the one number it writes to. */
  trialMsisdn: string | null;
}

interface AccountsPageProps {
  accounts: readonly AccountLine[];
  /** The pages on either side; null where there is none. */
  firstHref: string | null;
  nextHref: string | null;
}

export function AccountsPage({ accounts, firstHref, nextHref }: AccountsPageProps) {
  return (
    <>
      <PageHeader
        title="Accounts"
        description="Find an account, look into it, suspend it, or correct one of its opt-outs."
      />
      <section aria-label="Accounts" className="rounded-lg border border-line bg-surface">
        <div className="flex border-b border-line p-3">
          <AccountSearch />
        </div>
        {accounts.length === 0 ? (
          <NoAccountMatches />
        ) : (
          <table id="accounts" className="w-full text-sm">
            <caption className="sr-only">Accounts</caption>
            <thead className="text-xs whitespace-nowrap text-ink-faint">
              <tr className="*:border-b *:border-line *:px-4 *:py-2 *:text-left *:font-medium">
                <th scope="col">Account</th>
                <th scope="col" className="max-sm:hidden">
                  Status
                </th>
                <th scope="col" className="text-right!">
                  Opt-outs
                </th>
                <th scope="col" className="text-right!">
                  Credits
                </th>
              </tr>
            </thead>
            <tbody>
              {accounts.map((account) => (
                <tr
                  key={account.id}
                  className="relative *:border-line *:px-4 *:py-2.5 not-last:*:border-b hover:bg-canvas"
                >
                  <th scope="row" className="text-left font-normal">
                    <Link
                      href={`/admin/accounts/${account.id}`}
                      className="font-medium after:absolute after:inset-0 focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-accent-text"
                    >
                      {account.name}
                    </Link>{' '}
                    <span className="text-ink-faint tabular-nums max-sm:block">W{account.id}</span>{' '}
                    {account.status === 'SUSPENDED' && (
                      <span className="sm:hidden">
                        <AccountStatusBadge status={account.status} />
                      </span>
                    )}
                  </th>
                  <td className="max-sm:hidden">
                    <AccountStatusBadge status={account.status} />
                  </td>
                  <td className="text-right tabular-nums">{formatCount(account.optOuts)}</td>
                  <td className="text-right tabular-nums">{formatCount(account.credits)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {(firstHref ?? nextHref) && (
          <nav aria-label="Pages" className="flex justify-end gap-2 border-t border-line px-4 py-2">
            {firstHref && (
              <ButtonLink size="small" href={firstHref}>
                First
              </ButtonLink>
            )}
            {nextHref && (
              <ButtonLink size="small" href={nextHref}>
                Next
              </ButtonLink>
            )}
          </nav>
        )}
      </section>
    </>
  );
}
