'use client';

import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { CopyButton } from '@/components/ui/copy-button';

interface NewSecretProps {
  secret: string;
  /** Whether the dialog is open: closed, it is on the page still, and the secret is not to be. */
  isShown: boolean;
  /** What the button that copies it is called. */
  copyLabel?: string;
  onDone: () => void;
}

/** The one time that a secret is shown. */
export function NewSecret({ secret, isShown, copyLabel = 'Copy the key', onDone }: NewSecretProps) {
  return (
    <div className="grid gap-4 px-5 pt-1 pb-5">
      <Callout tone="warn" announce title="Copy it now">
        It is shown this once. Keep it where your program keeps its passwords, and never in its code.
      </Callout>
      <p className="flex items-start gap-2 rounded-md border border-line bg-surface p-3">
        <code className="min-w-0 grow font-mono text-sm break-all select-all">{isShown && secret}</code>
        {isShown && <CopyButton text={secret} label={copyLabel} />}
      </p>
      <div className="flex justify-end max-sm:*:grow">
        <Button variant="primary" onClick={onDone}>
          I have copied it
        </Button>
      </div>
    </div>
  );
}
