import type { ComponentProps } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { FactorsSections } from './factors-sections';
import { SessionsSection } from './sessions-section';

type SecurityPageProps = ComponentProps<typeof FactorsSections> & ComponentProps<typeof SessionsSection>;

/** How one signs in, and where one is signed in. */
export function SecurityPage(props: SecurityPageProps) {
  const { username, factors, allowsPasskeys, timeZone, actions } = props;
  const { sessions, endSession, endOtherSessions, signOut } = props;
  return (
    <>
      <PageHeader
        title="Security"
        description={`How you sign in as ${username}, and where you are signed in.`}
      />
      <FactorsSections
        username={username}
        factors={factors}
        allowsPasskeys={allowsPasskeys}
        timeZone={timeZone}
        actions={actions}
      />
      <SessionsSection
        sessions={sessions}
        timeZone={timeZone}
        endSession={endSession}
        endOtherSessions={endOtherSessions}
        signOut={signOut}
      />
    </>
  );
}
