import { Callout } from '@/components/ui/callout';
import { Link } from '@/components/ui/link';

/**
 * Where an e-mail is that was just said to be on its way, in a demo without a mail server: no other mailbox
 * gets it.
 *
 * @param href of the page of kept e-mails
 * @param to whose it is, when that is known
 */
export function DemoMailHint({ href, to }: { href: string; to?: string }) {
  return (
    <Callout tone="info" title="This is a demo without a mail server">
      The e-mail does not leave this machine.{' '}
      <Link
        href={to === undefined ? href : `${href}?to=${encodeURIComponent(to)}`}
        className="rounded-sm text-accent-text underline underline-offset-4"
      >
        Read it here
      </Link>
      .
    </Callout>
  );
}
