'use client';

import { RotateCw } from 'lucide-react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { IfMay } from '@/components/permissions/permissions';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { showToast } from '@/components/ui/toast';
import type { EmailDetail } from '@/lib/notices/schema';

/** A server action. */
export type TryAgain = ServerAction<[email: { accountId: number; emailId: string }]>;

const words = {
  undone: 'The e-mail was not sent again.',
  unsure: 'We do not know whether the e-mail is sent again. Try again: it goes out once.',
};

/** What staff can do about an e-mail that failed. */
export function FailedEmail({ email, tryAgain }: { email: EmailDetail; tryAgain: TryAgain }) {
  const { isPending, problem, run } = useAction(words);
  const send = () =>
    run(prepareCall(tryAgain, { accountId: email.accountId, emailId: email.id }), () => {
      showToast('It is tried again now.');
    });
  return (
    <div className="mb-4 grid gap-2">
      <Callout tone="bad" title="This e-mail did not go out">
        <p>
          Put right what the reason names: the mail server (SMTP_URL, SMTP_FROM) or the address of the
          account’s owner. Then send it again; it goes to the address that the owner has by then.
        </p>
        <IfMay may="emails.send-again">
          <Button className="mt-3" pending={isPending} onClick={send}>
            <RotateCw aria-hidden="true" className="size-4" />
            Send again
          </Button>
        </IfMay>
      </Callout>
      <ProblemCallout problem={problem} tone="warn" />
    </div>
  );
}
