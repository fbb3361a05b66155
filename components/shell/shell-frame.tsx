import type { ReactNode } from 'react';
import { PermissionsProvider } from '@/components/permissions/permissions';
import { DraftOwner } from '@/components/actions/draft-owner';
import { Link } from '@/components/ui/link';
import type { Permission } from '@/lib/auth/schema';
import { Brand } from './brand';
import { NavDrawer } from './nav-drawer';
import { UserMenu, type ShellUser, type SignOut } from './user-menu';

interface ShellFrameProps {
  area: 'customer' | 'staff';
  permissions: readonly Permission[];
  nav: ReactNode;
  homeHref: '/' | '/admin';
  /** Who or what one works for: under the brand. */
  identity: ReactNode;
  /** Above the user menu, and at the right of the top bar. */
  balance?: ReactNode;
  /** Beside the brand, and at the right end of the top bar. */
  tools?: ReactNode;
  user: ShellUser;
  signOut: SignOut;
  children: ReactNode;
}

/** A sidebar on wide windows; a top bar with a drawer on narrow ones. */
export function ShellFrame(props: ShellFrameProps) {
  const { area, permissions, homeHref, nav, identity, balance, tools, user, signOut, children } = props;
  const rest = (
    <>
      <div className="pb-4">{identity}</div>
      {nav}
      <div className="mt-auto space-y-2 pt-6">
        {balance && <div className="rounded-md border border-line bg-surface px-3 py-2">{balance}</div>}
        <UserMenu
          user={user}
          signOut={signOut}
          detailsHref={area === 'staff' ? '/admin/details' : '/details'}
          securityHref={area === 'staff' ? '/admin/account/security' : '/account/security'}
        />
      </div>
    </>
  );
  return (
    <PermissionsProvider permissions={permissions}>
      <div className="lg:grid lg:min-h-dvh lg:grid-cols-[15rem_minmax(0,1fr)]">
        <a
          href="#content"
          className="sr-only focus:not-sr-only focus:fixed focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-accent focus:px-4 focus:py-2 focus:text-sm focus:font-medium focus:text-on-accent"
        >
          Skip to content
        </a>
        <header className="sticky top-0 z-20 flex h-14 items-center gap-2 border-b border-line bg-canvas px-3 lg:hidden">
          <NavDrawer>{rest}</NavDrawer>
          <Link href={homeHref} aria-label="Client Zone, home" className="flex rounded-md">
            <Brand />
          </Link>
          <div className="ml-auto flex items-center gap-2">
            {balance}
            {tools}
          </div>
        </header>
        <header className="sticky top-0 flex h-dvh flex-col overflow-y-auto border-r border-line px-3 py-4 max-lg:hidden">
          <div className="mb-4 flex min-h-8 items-center justify-between">
            <Link href={homeHref} aria-label="Client Zone, home" className="flex rounded-md px-2.5">
              <Brand />
            </Link>
            {tools}
          </div>
          {rest}
        </header>
        <main
          id="content"
          tabIndex={-1}
          className="min-w-0 px-4 pt-5 pb-12 outline-none sm:px-6 lg:px-8 lg:pt-7"
        >
          <div className="mx-auto max-w-7xl">
            <DraftOwner username={user.username}>{children}</DraftOwner>
          </div>
        </main>
      </div>
    </PermissionsProvider>
  );
}
