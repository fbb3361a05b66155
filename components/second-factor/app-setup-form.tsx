'use client';

import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { CopyButton } from '@/components/ui/copy-button';
import type { Refusal } from '@/lib/auth/schema';
import type { AppSetup } from '@/lib/second-factor/schema';
import { CodeField } from './code-field';
import { QrCode } from './qr-code';

export type ConfirmApp = ServerAction<
  [input: { code: string }],
  { ok: true; codes: string[] | null } | Refusal
>;

interface AppSetupFormProps {
  setup: AppSetup;
  confirm: ConfirmApp;
  /** The app is set up; the recovery codes to show, if there are new ones. */
  onDone: (codes: string[] | null) => void;
  onCancel: () => void;
}

const words = {
  undone: 'The app is not set up.',
  unsure:
    'We do not know whether the app was set up. Reload the page: it says so, and you can make new recovery codes there.',
  reload: 'Reload it and begin again; the picture will be a new one.',
};

/** The picture for the app, and the first code, which shows that the app has it. */
export function AppSetupForm({ setup, confirm, onDone, onCancel }: AppSetupFormProps) {
  const [code, setCode] = useState('');
  const { run, isPending, problem, refuse } = useAction(words);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (code.trim() === '') return refuse('Type the code that the app shows.');
    run(prepareCall(confirm, { code }), ({ codes }) => {
      onDone(codes);
    });
  }

  return (
    <form onSubmit={submit} noValidate className="grid gap-4">
      <ol className="list-decimal space-y-1 pl-5 text-sm text-ink-soft">
        <li>
          Install an authenticator app on your phone, if you have none: Google Authenticator, Microsoft
          Authenticator, or the one of your password manager.
        </li>
        <li>Scan the picture with it, or type the key.</li>
        <li>Type the six digits that it shows.</li>
      </ol>
      <div className="flex flex-wrap items-start gap-x-5 gap-y-3">
        <QrCode qr={setup.qr} label="QR code for your authenticator app" />
        <div className="min-w-0 flex-1 basis-44">
          <p className="text-sm font-medium">Key to type</p>
          <p className="mt-1 flex items-start gap-1">
            <span data-testid="app-key" className="font-mono text-sm wrap-anywhere">
              {setup.secret}
            </span>
            <CopyButton text={setup.secret.replaceAll(' ', '')} label="Copy the key" />
          </p>
          <p className="mt-1 text-xs text-ink-faint">Keep it from others: whoever has it, has your codes.</p>
        </div>
      </div>
      <CodeField value={code} onChange={setCode} autoFocus />
      <ProblemCallout problem={problem} />
      <div className="flex flex-wrap justify-end gap-2 max-sm:*:grow">
        <Button onClick={onCancel}>Cancel</Button>
        <Button type="submit" variant="primary" pending={isPending}>
          Turn on
        </Button>
      </div>
    </form>
  );
}
