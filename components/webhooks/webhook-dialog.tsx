'use client';

import { useState, type SubmitEvent } from 'react';
import { prepareCall } from '@/components/actions/call-action';
import { DraftNotice } from '@/components/actions/draft-notice';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { NewSecret } from '@/components/api-keys/new-secret';
import { createIdempotencyKey } from '@/components/messages/idempotency-key';
import { Button } from '@/components/ui/button';
import { Checkbox } from '@/components/ui/checkbox';
import { Dialog } from '@/components/ui/dialog';
import { Field, Input } from '@/components/ui/field';
import { choiceLabels } from '@/lib/webhooks/labels';
import { maxUrlLength, webhookChoices, type WebhookRow } from '@/lib/webhooks/schema';
import type { AddWebhook, ChangeWebhook } from './actions';

interface WebhookDialogProps {
  /** As it was when the dialog was opened; null: a new one. */
  webhook: WebhookRow | null;
  open: boolean;
  /** `isDone`: it was added or changed. */
  onClose: (isDone: boolean) => void;
  add: AddWebhook;
  change: ChangeWebhook;
}

type Typed = {
  url: string;
  /** Those chosen, separated by spaces. */
  events: string;
  withTexts: boolean;
  inOrder: boolean;
  /** Once it has been tried: the same form is the same webhook. */
  handle: string;
};

/** Adds a webhook, then shows its secret; or changes one. */
export function WebhookDialog({ webhook, open, onClose, add, change }: WebhookDialogProps) {
  const draft = useDraft<Typed>(webhook ? `change webhook ${webhook.id}` : 'add a webhook', {
    url: webhook?.url ?? '',
    events: (webhook?.events ?? webhookChoices).join(' '),
    withTexts: webhook?.withTexts ?? false,
    inOrder: webhook?.inOrder ?? true,
    handle: '',
  });
  const typed = draft.value;
  const chosen = webhookChoices.filter((choice) => typed.events.split(' ').includes(choice));
  const [secret, setSecret] = useState<string | null>(null);
  const { run, isPending, problem, fieldProblems, clear } = useAction(
    webhook
      ? {
          undone: 'The webhook is as it was.',
          unsure: 'We do not know whether the webhook was changed. Try again: that does no harm.',
        }
      : {
          undone: 'No webhook was added.',
          unsure: 'We do not know whether the webhook was added. Try again: it is added once.',
        },
    ['url', 'events'],
  );

  function edit(part: Partial<Typed>) {
    clear();
    draft.change({ ...typed, ...part });
  }

  function submit(event: SubmitEvent) {
    event.preventDefault();
    const { url, withTexts, inOrder } = typed;
    const input = { url, events: chosen, withTexts, inOrder };
    if (webhook) {
      run(prepareCall(change, { id: webhook.id, ...input }), () => {
        draft.clear();
        onClose(true);
      });
      return;
    }
    const handle = typed.handle || createIdempotencyKey();
    draft.change({ ...typed, handle });
    run(prepareCall(add, { handle, ...input }), (answer) => {
      setSecret(answer.secret);
      draft.clear();
    });
  }

  const close = () => onClose(secret !== null);
  return (
    <Dialog
      open={open}
      onClose={close}
      isWide
      title={
        secret !== null ? 'The secret of your webhook' : webhook ? 'Change the webhook' : 'Add a webhook'
      }
      description={secret !== null ? 'With it your program checks that a delivery is from us.' : undefined}
    >
      {secret !== null ? (
        <NewSecret secret={secret} isShown={open} copyLabel="Copy the secret" onDone={close} />
      ) : (
        <form onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
          {draft.isBack && (
            <DraftNotice>
              {webhook ? 'This change may not have been made.' : 'This webhook may not have been added.'}
            </DraftNotice>
          )}
          <Field label="Address" error={fieldProblems.url} hint="Where your program listens, by https.">
            {(control) => (
              <Input
                {...control}
                data-autofocus
                type="url"
                inputMode="url"
                value={typed.url}
                maxLength={maxUrlLength}
                placeholder="https://shop.example/hooks"
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => edit({ url: event.target.value })}
              />
            )}
          </Field>
          <fieldset>
            <legend className="mb-1 text-sm font-medium">It is told of</legend>
            {webhookChoices.map((choice) => (
              <Checkbox
                key={choice}
                checked={chosen.includes(choice)}
                hint={choiceLabels[choice].description}
                onChange={(event) =>
                  edit({
                    events: webhookChoices
                      .filter((one) => (one === choice ? event.target.checked : chosen.includes(one)))
                      .join(' '),
                  })
                }
              >
                {choiceLabels[choice].label}
              </Checkbox>
            ))}
            {fieldProblems.events && (
              <p role="alert" className="mt-1 text-sm text-bad-text">
                {fieldProblems.events}
              </p>
            )}
          </fieldset>
          <fieldset>
            <legend className="mb-1 text-sm font-medium">How</legend>
            <Checkbox
              checked={typed.withTexts}
              hint="What recipients wrote, and the reasons that people gave. Without, your program gets numbers and ids alone."
              onChange={(event) => edit({ withTexts: event.target.checked })}
            >
              With texts
            </Checkbox>
            <Checkbox
              checked={typed.inOrder}
              hint="What happens to a number waits until your program has taken what happened to it before."
              onChange={(event) => edit({ inOrder: event.target.checked })}
            >
              In order for each number
            </Checkbox>
          </fieldset>
          <ProblemCallout problem={problem} />
          <div className="flex justify-end gap-2 max-sm:*:grow">
            <Button onClick={close}>Cancel</Button>
            <Button type="submit" variant="primary" pending={isPending}>
              {webhook ? 'Save' : 'Add webhook'}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}
