'use client';

import { Download } from 'lucide-react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { CopyButton } from '@/components/ui/copy-button';

interface RecoveryCodesProps {
  codes: readonly string[];
  /** Of whoever they are. */
  username: string;
  onDone: () => void;
  doneLabel: string;
}

/** The one time that they are shown. */
export function RecoveryCodes({ codes, username, onDone, doneLabel }: RecoveryCodesProps) {
  function download() {
    const text = `Client Zone: recovery codes of ${username}\nEach works once, in place of a code of the app or a passkey.\n\n${codes.join('\n')}\n`;
    const url = URL.createObjectURL(new Blob([text], { type: 'text/plain' }));
    const link = document.createElement('a');
    link.href = url;
    link.download = 'client-zone-recovery-codes.txt';
    link.click();
    URL.revokeObjectURL(url);
  }

  return (
    <div className="grid gap-4">
      <Callout tone="warn" title="Keep these recovery codes now">
        They are shown this once. Should you lose your phone, one of them lets you in: print them, or put them
        where you keep your passwords, but not on the phone itself.
      </Callout>
      <ul
        aria-label="Recovery codes"
        className="grid grid-cols-1 gap-x-6 gap-y-1 rounded-md border border-line bg-raised p-4 font-mono text-sm min-[22rem]:grid-cols-2"
      >
        {codes.map((code) => (
          <li key={code} className="whitespace-nowrap">
            {code}
          </li>
        ))}
      </ul>
      <div className="flex flex-wrap items-center justify-end gap-2 max-sm:*:grow">
        <CopyButton text={codes.join('\n')} label="Copy the codes" />
        <Button onClick={download}>
          <Download aria-hidden="true" className="size-4" />
          Download
        </Button>
        <Button variant="primary" onClick={onDone} data-autofocus>
          {doneLabel}
        </Button>
      </div>
    </div>
  );
}
