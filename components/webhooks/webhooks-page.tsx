'use client';

import { Webhook } from 'lucide-react';
import { prepareCall } from '@/components/actions/call-action';
import { usePrompt } from '@/components/actions/use-prompt';
import { ProgramList, useDialogOf, useNewForm } from '@/components/api-keys/program-list';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Time } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { choiceLabels } from '@/lib/webhooks/labels';
import type { WebhookRow } from '@/lib/webhooks/schema';
import type { ActOnWebhook, AddWebhook, ChangeWebhook, RotateWebhook } from './actions';
import { EndpointBadge, EndpointTrouble } from './endpoint-state';
import { RotateDialog } from './rotate-dialog';
import { WebhookDialog } from './webhook-dialog';

interface WebhooksPageProps {
  webhooks: readonly WebhookRow[];
  timeZone: string;
  /** Server actions. */
  add: AddWebhook;
  change: ChangeWebhook;
  rotate: RotateWebhook;
  pause: ActOnWebhook;
  resume: ActOnWebhook;
  remove: ActOnWebhook;
}

/** Where the account's programs are told of events. */
export function WebhooksPage(props: WebhooksPageProps) {
  const { webhooks, timeZone, add, change, rotate, pause, resume, remove } = props;
  const adding = useNewForm();
  const changing = useDialogOf<WebhookRow>();
  const rotating = useDialogOf<WebhookRow>();
  const prompt = usePrompt();

  function askToPause({ id, url }: WebhookRow) {
    prompt.ask({
      title: 'Pause the webhook?',
      children: (
        <p className="wrap-anywhere">
          {url} is sent nothing until you resume it. What happens meanwhile is kept for 30 days.
        </p>
      ),
      submitLabel: 'Pause',
      words: {
        undone: 'The webhook is not paused.',
        unsure: 'We do not know whether the webhook was paused. Try again: that does no harm.',
      },
      command: () => prepareCall(pause, { id }),
      onDone: () => showToast('The webhook is paused'),
    });
  }

  function askToResume({ id, url }: WebhookRow) {
    prompt.ask({
      title: 'Resume the webhook?',
      children: <p className="wrap-anywhere">{url} is sent all that waits for it, the oldest first.</p>,
      submitLabel: 'Resume',
      words: {
        undone: 'The webhook is still paused.',
        unsure: 'We do not know whether the webhook was resumed. Try again: that does no harm.',
      },
      command: () => prepareCall(resume, { id }),
      onDone: () => showToast('The webhook is active'),
    });
  }

  function askToRemove({ id, url }: WebhookRow) {
    prompt.ask({
      title: 'Remove the webhook?',
      children: (
        <p className="wrap-anywhere">
          {url} is told nothing any more. Its log goes too, and what waits for it.
        </p>
      ),
      submitLabel: 'Remove',
      variant: 'danger',
      words: {
        undone: 'The webhook is still there.',
        unsure: 'We do not know whether the webhook was removed. Try again: that does no harm.',
      },
      command: () => prepareCall(remove, { id }),
      onDone: () => showToast('The webhook was removed'),
    });
  }

  return (
    <>
      <ProgramList
        title="Webhooks"
        description="We tell your programs as it happens: a number is blocked, a reply has come, a message was delivered."
        addLabel="Add a webhook"
        onAdd={adding.open}
        emptyTitle="No webhooks yet"
        emptyText="Add the address of a program that is to be told."
        isEmpty={webhooks.length === 0}
      >
        {webhooks.map((webhook) => (
          <li key={webhook.id} className="grid gap-3 px-4 py-3.5 sm:px-5">
            <div className="flex min-w-0 gap-3">
              <Webhook aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ink-faint" />
              <div className="min-w-0 space-y-1 text-sm">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1">
                  <span className="font-medium break-all">{webhook.url}</span>
                  <EndpointBadge webhook={webhook} />
                </p>
                <p className="text-xs text-ink-soft">
                  {webhook.events.map((choice) => choiceLabels[choice].label).join(', ')};{' '}
                  {webhook.withTexts ? 'with texts' : 'without texts'}
                  {webhook.inOrder && ', in order for each number'}
                </p>
                <EndpointTrouble webhook={webhook} timeZone={timeZone} />
                <p className="text-xs text-ink-faint">
                  Added <Time value={webhook.createdAt} timeZone={timeZone} />
                  {webhook.createdBy && ` by ${webhook.createdBy}`}.
                </p>
                {webhook.previousUntil && (
                  <p className="text-xs text-ink-soft">
                    Signed with the old secret too until{' '}
                    <Time value={webhook.previousUntil} timeZone={timeZone} />.
                  </p>
                )}
              </div>
            </div>
            <div className="flex flex-wrap gap-2 sm:pl-7">
              <ButtonLink
                size="small"
                href={`/settings/webhooks/${webhook.id}`}
                aria-label={`Deliveries to ${webhook.url}`}
              >
                Deliveries
              </ButtonLink>
              <Button
                size="small"
                aria-label={`Change ${webhook.url}`}
                onClick={() => changing.open(webhook)}
              >
                Change
              </Button>
              <Button
                size="small"
                aria-label={`New secret for ${webhook.url}`}
                onClick={() => rotating.open(webhook)}
              >
                New secret
              </Button>
              {webhook.state === 'ACTIVE' ? (
                <Button size="small" aria-label={`Pause ${webhook.url}`} onClick={() => askToPause(webhook)}>
                  Pause
                </Button>
              ) : (
                <Button
                  size="small"
                  aria-label={`Resume ${webhook.url}`}
                  onClick={() => askToResume(webhook)}
                >
                  Resume
                </Button>
              )}
              <Button
                size="small"
                variant="danger"
                aria-label={`Remove ${webhook.url}`}
                onClick={() => askToRemove(webhook)}
              >
                Remove
              </Button>
            </div>
          </li>
        ))}
      </ProgramList>
      {adding.form > 0 && (
        <WebhookDialog
          key={adding.form}
          webhook={null}
          open={adding.isOpen}
          onClose={adding.close}
          add={add}
          change={change}
        />
      )}
      {changing.shown && (
        <WebhookDialog
          key={`change ${changing.shown.opening}`}
          webhook={changing.shown.item}
          open={changing.shown.isOpen}
          onClose={(isDone) => {
            changing.close();
            if (isDone) showToast('The webhook was changed');
          }}
          add={add}
          change={change}
        />
      )}
      {rotating.shown && (
        <RotateDialog
          key={`rotate ${rotating.shown.opening}`}
          webhook={rotating.shown.item}
          open={rotating.shown.isOpen}
          onClose={rotating.close}
          rotate={rotate}
        />
      )}
      {prompt.dialog}
    </>
  );
}
