'use client';

import type { ReactNode } from 'react';
import { useState } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { PublicShell } from '@/components/shell/public-shell';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Callout } from '@/components/ui/callout';
import type { ActionResult } from '@/lib/auth/schema';
import { PublicCard } from './public-card';

interface ConfirmLinkPageProps {
  title: string;
  intro: ReactNode;
  token: string;
  button: string;
  /** A server action. To open the page changes nothing: mail programs follow links by themselves. */
  confirm: ServerAction<[token: string], ActionResult>;
  /** What is said once it is done, unless the action leads on. */
  done?: { title: string; text: string; href: string; label: string };
  undone: string;
}

/** Behind the link of an e-mail that confirms something with one press. */
export function ConfirmLinkPage(props: ConfirmLinkPageProps) {
  const { title, intro, token, button, confirm, done, undone } = props;
  const [isDone, setIsDone] = useState(false);
  const { run, isPending, problem } = useAction({
    undone,
    unsure: 'We do not know whether this was confirmed. Try again: that does no harm.',
  });
  return (
    <PublicShell isWide>
      {isDone && done ? (
        <PublicCard takesFocus title={done.title} intro={done.text}>
          <ButtonLink href={done.href} variant="primary" size="large">
            {done.label}
          </ButtonLink>
        </PublicCard>
      ) : (
        <PublicCard title={title} intro={intro}>
          <ProblemCallout problem={problem} />
          <Button
            variant="primary"
            size="large"
            pending={isPending}
            onClick={() => {
              run(prepareCall(confirm, token), () => {
                setIsDone(true);
                return undefined;
              });
            }}
            className="w-full"
          >
            {button}
          </Button>
        </PublicCard>
      )}
    </PublicShell>
  );
}

/** Behind a link that leads nowhere: why, and where to go on. */
export function DeadLinkPage({ problem, href, label }: { problem: string; href: string; label: string }) {
  return (
    <PublicShell isWide>
      <PublicCard title="This link cannot be used">
        <Callout tone="warn">{problem}</Callout>
        <div className="flex flex-wrap gap-2 max-sm:*:grow">
          <ButtonLink href={href} variant="primary">
            {label}
          </ButtonLink>
          <ButtonLink href="/sign-in">Sign in</ButtonLink>
        </div>
      </PublicCard>
    </PublicShell>
  );
}
