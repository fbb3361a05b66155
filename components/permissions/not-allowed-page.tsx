import { PageHeader } from '@/components/shell/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';

/** In place of a page that one's role does not let one see. */
export function NotAllowedPage({ role, ask, homeHref }: { role: string; ask: string; homeHref: string }) {
  return (
    <>
      <PageHeader title="Not for your role" />
      <Card>
        <EmptyState
          kind="not-allowed"
          title="Your role does not allow this"
          action={<ButtonLink href={homeHref}>Go to the home page</ButtonLink>}
        >
          Your role here is {role.toLowerCase()}. {ask}
        </EmptyState>
      </Card>
    </>
  );
}
