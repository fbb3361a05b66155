'use client';

import { useState } from 'react';
import { ProblemCallout } from '@/components/actions/problem-callout';
import type { ActionCall } from '@/components/actions/call-action';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { showToast } from '@/components/ui/toast';
import { useSecondsLeft } from '@/components/review/use-seconds-left';
import type { ActionResult } from '@/lib/auth/schema';

interface ResendButtonProps {
  /** How long until another one may be asked for. */
  waitSeconds: number;
  compose: () => ActionCall<ActionResult>;
}

const codePauseMs = 60_000;

const words = {
  undone: 'No code was sent.',
  unsure: 'We do not know whether a code was sent. Wait for it for a minute, then try again.',
};

/** Asks for another code, once a minute; counts down until then. */
export function ResendButton({ waitSeconds, compose }: ResendButtonProps) {
  const [begun] = useState(() => Date.now());
  const [until, setUntil] = useState(begun + waitSeconds * 1000);
  const { run, isPending, problem } = useAction(words);
  const left = useSecondsLeft(until, begun) ?? 0;
  return (
    <div className="grid gap-3">
      <div>
        {/* Server and browser have their own clocks. */}
        <Button
          pending={isPending}
          disabled={left > 0}
          suppressHydrationWarning
          onClick={() => {
            run(compose(), () => {
              setUntil(Date.now() + codePauseMs);
              showToast('Another code is on its way');
              return undefined;
            });
          }}
        >
          {left > 0 ? `Another code in ${left} s` : 'Send another code'}
        </Button>
      </div>
      <ProblemCallout problem={problem} />
    </div>
  );
}
