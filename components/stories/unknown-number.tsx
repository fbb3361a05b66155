import { PageHeader } from '@/components/shell/page-header';
import { ButtonLink } from '@/components/ui/button-link';
import { EmptyState } from '@/components/ui/empty-state';

/** What no number, and one without a trace with this account, are answered with; the same for both. */
export function UnknownNumber() {
  return (
    <>
      <PageHeader
        title="Unknown number"
        above={[
          { href: '/messages', label: 'Message Logs' },
          { href: '/messages/opt-outs', label: 'Auto Opt-Outs' },
        ]}
      />
      <div className="rounded-lg border border-line bg-surface">
        <EmptyState
          kind="no-match"
          title="Nothing is known of this number"
          action={
            <ButtonLink href="/messages/opt-outs" variant="primary">
              Go to Auto Opt-Outs
            </ButtonLink>
          }
        >
          Your account has not written to it, nothing has come from it, and it is not on your list.
        </EmptyState>
      </div>
    </>
  );
}
