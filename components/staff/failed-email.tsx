'use client';

import { RotateCw } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { showToast } from '@/components/ui/toast';
import type { EmailDetail } from '@/lib/notifications/schema';
import { useCommand, type CommandAnswer } from './use-command';

/** A server action. */
export type TryAgain = (email: { accountId: number; emailId: string }) => Promise<CommandAnswer>;

/** What staff can do about an e-mail that failed. */
export function FailedEmail({ email, tryAgain }: { email: EmailDetail; tryAgain: TryAgain }) {
  const { isPending, problem, run } = useCommand();
  const send = () =>
    run(
      () => tryAgain({ accountId: email.accountId, emailId: email.id }),
      () => showToast('It is tried again now.'),
    );
  return (
    <div className="mb-4 grid gap-2">
      <Callout tone="bad" title="This e-mail did not go out">
        <p>
          Put right what the reason names: the mail server (SMTP_URL, SMTP_FROM) or the address of the
          account’s owner. Then send it again; it goes to the address that the owner has by then.
        </p>
        <Button className="mt-3" pending={isPending} onClick={send}>
          <RotateCw aria-hidden="true" className="size-4" />
          Send again
        </Button>
      </Callout>
      {problem && (
        <Callout tone="warn" announce>
          {problem}
        </Callout>
      )}
    </div>
  );
}
