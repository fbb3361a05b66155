import type { ComponentProps, ReactNode } from 'react';
import { ShownAccount } from '@/components/actions/shown-account';
import { LiveRefresh } from '@/components/live/live-indicator';
import { LiveViewerProvider } from '@/components/live/viewer';
import { NoticeBell } from '@/components/notices/notice-bell';
import type { Permission } from '@/lib/auth/schema';
import { formatCount } from '@/components/ui/format-count';
import { AccountMenu } from './account-menu';
import { CustomerNav } from './customer-nav';
import { ShellFrame } from './shell-frame';
import type { ShellUser, SignOut } from './user-menu';

interface CustomerShellProps {
  account: {
    id: number;
    name: string;
    /** As shown: "W58324". */
    number: string;
    /** Whole credits. */
    credits: number;
  };
  /** Replies that wait for a person, at most 100. */
  toReview: number;
  unreadNotices: number;
  /** The other accounts of whoever looks. */
  otherAccounts: ComponentProps<typeof AccountMenu>['others'];
  switchTo: ComponentProps<typeof AccountMenu>['switchTo'];
  /** What the role of who looks lets them do. */
  permissions: readonly Permission[];
  user: ShellUser;
  /** For its event stream (components/live). */
  viewer: string;
  signOut: SignOut;
  children: ReactNode;
}

/** Around every page of a customer. */
export function CustomerShell(props: CustomerShellProps) {
  const {
    account,
    toReview,
    unreadNotices,
    otherAccounts,
    switchTo,
    permissions,
    user,
    viewer,
    signOut,
    children,
  } = props;
  return (
    <ShellFrame
      area="customer"
      permissions={permissions}
      homeHref="/"
      nav={<CustomerNav counts={{ '/messages/review': toReview }} />}
      identity={<AccountMenu account={account} others={otherAccounts} switchTo={switchTo} />}
      balance={
        <p className="flex items-baseline justify-between gap-2 text-sm">
          <span className="text-ink-soft">Credits</span>
          <span className="font-semibold tabular-nums">{formatCount(account.credits)}</span>
        </p>
      }
      tools={<NoticeBell unread={unreadNotices} />}
      user={user}
      signOut={signOut}
    >
      <LiveViewerProvider source="account" viewer={viewer}>
        <ShownAccount id={account.id} />
        <LiveRefresh topics={['credits', 'replies', 'notices']} />
        {children}
      </LiveViewerProvider>
    </ShellFrame>
  );
}
