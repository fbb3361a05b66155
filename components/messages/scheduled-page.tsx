'use client';

import { IfMay } from '@/components/permissions/permissions';
import { CalendarClock } from 'lucide-react';
import { useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { usePrompt } from '@/components/actions/use-prompt';
import { LiveRefresh } from '@/components/live/live-indicator';
import { useMay } from '@/components/permissions/permissions';
import { PageHeader } from '@/components/shell/page-header';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { Dialog } from '@/components/ui/dialog';
import { EmptyState } from '@/components/ui/empty-state';
import { Field, Textarea } from '@/components/ui/field';
import { formatNumberOf } from '@/components/ui/format-count';
import { Time } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { lawfulHoursReason, purposeLabels } from '@/lib/messages/labels';
import type { MessagePurpose, ScheduledBatch } from '@/lib/messages/schema';
import { findMarketingSign } from '@/lib/sms/looks-like-marketing';
import { measureText } from '@/lib/sms/segments';
import { CostlyCharacters } from './costly-characters';
import { LeavingTimes } from './leaving-times';
import { MessageTabs } from './message-tabs';
import { PurposeChoice } from './purpose-choice';
import { TextMeter } from './text-meter';
import { TimeFields } from './time-fields';

interface ScheduledPageProps {
  batches: readonly ScheduledBatch[];
  /** As many as are shown. */
  most: number;
  timeZone: string;
  toReview: number;
  /** Server actions. */
  cancel: ServerAction<[input: { batchId: string }], { ok: true; cancelled: number; credits: number }>;
  change: ChangeBatch;
}

type ChangeBatch = ServerAction<
  [
    input: {
      batchId: string;
      text: string | null;
      date: string;
      time: string;
      purpose: MessagePurpose | null;
    },
  ],
  { ok: true; changed: number; credits: number }
>;

/** What waits for its time, and can be changed or cancelled until then. */
export function ScheduledPage({ batches, most, timeZone, toReview, cancel, change }: ScheduledPageProps) {
  const cancelling = usePrompt<{ ok: true; cancelled: number; credits: number }>();
  const [changing, setChanging] = useState<{
    opening: number;
    batch: ScheduledBatch;
    isOpen: boolean;
  } | null>(null);
  const maySend = useMay('messages.send');

  function askToCancel({ batchId, messages, credits }: ScheduledBatch) {
    const what = formatNumberOf(messages, 'message');
    cancelling.ask({
      title: `Cancel ${what}?`,
      children: <p>They will not be sent, and {formatNumberOf(credits, 'credit')} will be given back.</p>,
      submitLabel: 'Cancel them',
      variant: 'danger',
      words: {
        undone: 'Nothing was cancelled.',
        unsure: 'We do not know whether they were cancelled. Try again: credits are given back once.',
      },
      command: () => prepareCall(cancel, { batchId }),
      onDone: (done) =>
        showToast(
          `${formatNumberOf(done.cancelled, 'message was', 'messages were')} cancelled, ${formatNumberOf(done.credits, 'credit')} given back`,
        ),
    });
  }

  return (
    <>
      <PageHeader title="Message Logs" description="What you have scheduled, until it leaves." />
      <MessageTabs current="scheduled" toReview={toReview} />
      <LiveRefresh topics={['messages']} />
      <div className="rounded-lg border border-line bg-surface">
        {batches.length === 0 ? (
          <EmptyState
            kind="nothing-yet"
            title="Nothing is scheduled"
            action={
              maySend && (
                <IfMay may="messages.send">
                  <ButtonLink href="/send" variant="primary">
                    Send a message
                  </ButtonLink>
                </IfMay>
              )
            }
          >
            Choose a day and a time on the Send page, and it waits here.
          </EmptyState>
        ) : (
          <ul aria-label="Scheduled messages" className="divide-y divide-line">
            {batches.map((batch) => (
              <li
                key={batch.batchId}
                className="flex flex-wrap items-start justify-between gap-3 px-4 py-3.5 sm:px-5"
              >
                <div className="flex min-w-0 grow basis-60 gap-3">
                  <CalendarClock aria-hidden="true" className="mt-0.5 size-4 shrink-0 text-ink-faint" />
                  <div className="min-w-0 space-y-1 text-sm">
                    <p className="font-medium">
                      <Time value={batch.scheduledAt} timeZone={timeZone} />
                    </p>
                    {batch.waitsForHours && (
                      <Badge tone="info" tip={lawfulHoursReason}>
                        Waits for lawful hours
                      </Badge>
                    )}
                    {batch.leaving.length > 1 && <LeavingTimes times={batch.leaving} timeZone={timeZone} />}
                    <p className="line-clamp-3 wrap-anywhere whitespace-pre-line">{batch.text}</p>
                    <p className="text-xs text-ink-faint">
                      {batch.purpose && `${purposeLabels[batch.purpose]}, `}
                      {formatNumberOf(batch.messages, 'message')}, {formatNumberOf(batch.credits, 'credit')}.
                      Written <Time value={batch.createdAt} timeZone={timeZone} /> by{' '}
                      {batch.createdBy ?? 'a program'}.
                    </p>
                  </div>
                </div>
                {maySend && (
                  <div className="flex gap-2 max-sm:w-full max-sm:*:grow">
                    <Button
                      size="small"
                      onClick={() =>
                        setChanging((now) => ({ opening: (now?.opening ?? 0) + 1, batch, isOpen: true }))
                      }
                    >
                      Change
                    </Button>
                    <Button size="small" variant="danger" onClick={() => askToCancel(batch)}>
                      Cancel
                    </Button>
                  </div>
                )}
              </li>
            ))}
          </ul>
        )}
        {batches.length === most && (
          <p className="border-t border-line px-4 py-3 text-sm text-ink-faint sm:px-5">
            These are the next {most}. Others follow as they leave.
          </p>
        )}
      </div>
      {cancelling.dialog}
      {changing && (
        <ChangeDialog
          key={changing.opening}
          batch={changing.batch}
          timeZone={timeZone}
          open={changing.isOpen}
          onClose={() => setChanging({ ...changing, isOpen: false })}
          change={change}
        />
      )}
    </>
  );
}

interface ChangeDialogProps {
  batch: ScheduledBatch;
  timeZone: string;
  open: boolean;
  onClose: () => void;
  change: ChangeBatch;
}

const changingWords = {
  undone: 'They leave as they were.',
  unsure: 'We do not know whether they were changed. Try again: that does no harm.',
};

type Typed = {
  text: string;
  date: string;
  time: string;
  purpose: MessagePurpose | '';
};

function ChangeDialog({ batch, timeZone, open, onClose, change }: ChangeDialogProps) {
  const { text, date, time } = batch;
  const draft = useDraft<Typed>(`change scheduled ${batch.batchId}`, {
    text,
    date,
    time,
    purpose: batch.purpose ?? '',
  });
  const typed = draft.value;
  const purpose = typed.purpose === '' ? null : typed.purpose;
  const sign = purpose === 'SERVICE' ? findMarketingSign(typed.text) : null;

  function edit(part: Partial<Typed>) {
    clear();
    draft.change({ ...typed, ...part });
  }

  const { run, isPending, problem, fieldProblems, clear } = useAction(changingWords, [
    'text',
    'date',
    'time',
  ]);

  function submit(event: SubmitEvent) {
    event.preventDefault();
    // A text that stays costs what it cost, however segments are counted by now.
    const text = typed.text === batch.text ? null : typed.text;
    run(prepareCall(change, { batchId: batch.batchId, ...typed, text, purpose }), ({ changed, credits }) => {
      draft.clear();
      onClose();
      showToast(
        formatNumberOf(changed, 'scheduled message was', 'scheduled messages were') +
          ` changed${describeDifference(credits)}`,
      );
    });
  }

  return (
    <Dialog open={open} onClose={onClose} title="Change what is scheduled">
      <form onSubmit={submit} noValidate className="grid gap-4 px-5 pt-1 pb-5">
        <div className="grid gap-2">
          <Field label="Message" error={fieldProblems.text} hint={<TextMeter text={typed.text} />}>
            {(control) => (
              <Textarea
                {...control}
                name="text"
                rows={5}
                value={typed.text}
                onChange={(event) => edit({ text: event.target.value })}
              />
            )}
          </Field>
          <CostlyCharacters
            text={typed.text}
            recipients={batch.messages}
            onReplace={(plain) => edit({ text: plain })}
          />
          <Difference batch={batch} text={typed.text} />
        </div>
        <TimeFields {...typed} timeZone={timeZone} problems={fieldProblems} onChange={edit} />
        <PurposeChoice value={purpose} sign={sign} onChange={(next) => edit({ purpose: next })} />
        <ProblemCallout problem={problem} />
        <div className="flex justify-end gap-2 max-sm:*:grow">
          <Button
            onClick={() => {
              draft.clear();
              onClose();
            }}
          >
            Close
          </Button>
          <Button type="submit" variant="primary" pending={isPending}>
            Save
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** What another text costs, while it is typed. */
function Difference({ batch, text }: { batch: ScheduledBatch; text: string }) {
  const credits = text === batch.text ? batch.credits : batch.messages * measureText(text).segments;
  return (
    <p aria-live="polite" className="text-sm text-ink-soft">
      {formatNumberOf(batch.messages, 'message')}, {formatNumberOf(credits, 'credit')}
      {describeDifference(credits - batch.credits)}
    </p>
  );
}

/** @param credits whole ones; below 0 they are given back */
function describeDifference(credits: number): string {
  if (credits === 0) return '';
  return credits > 0
    ? `, ${formatNumberOf(credits, 'credit')} more`
    : `, ${formatNumberOf(-credits, 'credit')} given back`;
}
