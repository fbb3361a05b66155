'use client';

import { Send } from 'lucide-react';
import { unstable_rethrow } from 'next/navigation';
import {
  startTransition,
  useActionState,
  useDeferredValue,
  useEffect,
  useRef,
  useState,
  type FormEvent,
} from 'react';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Field, Textarea } from '@/components/ui/field';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { maxRecipients, type SendResult } from '@/lib/messages/schema';
import type { InvitingKeyword } from '@/lib/sms/invited-words';
import { maxTextLength } from '@/lib/sms/segments';
import { CostlyCharacters } from './costly-characters';
import { countRecipients } from './count-recipients';
import { createIdempotencyKey } from './idempotency-key';
import { dropDraft, keepDraft, useDraft, type SendDraft } from './send-draft';
import { RecipientResults, SendSummary } from './send-result';
import { SendReview } from './send-review';
import { TextMeter } from './text-meter';

type SendAction = (previous: SendResult | null, form: FormData) => Promise<SendResult | null>;

interface SendFormProps {
  /** A server action; reads `recipients`, `text` and `idempotencyKey`. */
  send: SendAction;
  /** Whole credits the account has. */
  credits: number;
  /** All that opt out whoever replies with them to this account. */
  keywords: readonly InvitingKeyword[];
  /** Whose text it is, should it have to wait until they have signed in again. */
  userId: number;
}

/** The same message with the same key is never sent twice, so a lost answer can safely be asked for again. */
const unreachable: SendResult = {
  ok: false,
  reason: 'not-accepted',
  message:
    'The server could not be reached. Send again: a message that did arrive is not sent or charged twice.',
  recipients: [],
};

export function SendForm({ send, credits, keywords, userId }: SendFormProps) {
  const draft = useDraft(userId);
  const [typed, setTyped] = useState<SendDraft | null>(null);
  const { recipients, text } = typed ?? draft ?? { recipients: '', text: '' };
  const [problem, setProblem] = useState<{ recipients?: string; text?: string }>({});
  const [isComposing, setIsComposing] = useState(true);
  const idempotencyKey = useRef<string | null>(null);
  const recipientsInput = useRef<HTMLTextAreaElement>(null);
  const answer = useRef<HTMLDivElement>(null);

  const [result, submit, isPending] = useActionState<SendResult | null, FormData>(async (previous, form) => {
    try {
      const next = await send(previous, form);
      if (next?.ok) {
        setIsComposing(false);
        dropDraft(userId);
      }
      return next;
    } catch (error) {
      // A redirect to the sign-in page travels as an error, and is none. What was written is there again afterwards.
      keepDraft(userId, { recipients, text });
      unstable_rethrow(error);
      dropDraft(userId);
      return unreachable;
    }
  }, null);

  useEffect(() => {
    if (result) answer.current?.focus();
  }, [result]);

  // A thousand numbers are read in a few milliseconds, but not between two key presses.
  const count = countRecipients(useDeferredValue(recipients));

  /** Another text, or other recipients, is another message. */
  function edit(change: Partial<SendDraft>) {
    idempotencyKey.current = null;
    setProblem({});
    setTyped({ recipients, text, ...change });
    dropDraft(userId);
  }

  function onSubmit(event: FormEvent) {
    event.preventDefault();
    if (isPending) return;
    const entered = countRecipients(recipients).entered;
    const found = {
      recipients:
        entered === 0
          ? 'Enter at least one number.'
          : entered > maxRecipients
            ? `Send to at most ${formatCount(maxRecipients)} numbers at a time; these are ${formatCount(entered)}.`
            : undefined,
      text:
        text.trim() === ''
          ? 'Write a message.'
          : text.length > maxTextLength
            ? `Shorten the message by ${formatNumberOf(text.length - maxTextLength, 'character')}.`
            : undefined,
    };
    setProblem(found);
    if (found.recipients ?? found.text) return;
    idempotencyKey.current ??= createIdempotencyKey();
    const form = new FormData();
    form.set('recipients', recipients);
    form.set('text', text);
    form.set('idempotencyKey', idempotencyKey.current);
    startTransition(() => submit(form));
  }

  function startOver() {
    edit({ recipients: '', text: '' });
    setIsComposing(true);
    requestAnimationFrame(() => recipientsInput.current?.focus());
  }

  if (!isComposing && result?.ok) {
    return (
      <div ref={answer} tabIndex={-1} className="scroll-mt-20 outline-none">
        <SendSummary result={result} onStartOver={startOver} />
      </div>
    );
  }

  return (
    <form
      onSubmit={onSubmit}
      noValidate
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
      className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_18rem]"
    >
      <div className="grid gap-5 rounded-lg border border-line bg-surface p-4 sm:p-5">
        {result && !result.ok && (
          <div ref={answer} tabIndex={-1} className="grid scroll-mt-20 gap-3 outline-none">
            <Callout tone="bad" announce>
              {result.message}
            </Callout>
            {result.recipients.length > 0 && <RecipientResults recipients={result.recipients} />}
          </div>
        )}
        {draft && !typed && <Callout>Your session had ended, so this has not been sent yet.</Callout>}
        <Field
          label="Recipients"
          aside={count.entered > 0 && `${formatCount(count.entered)} of ${formatCount(maxRecipients)}`}
          error={problem.recipients}
          hint="One number to a line, or separated by commas or semicolons. Paste a column from a spreadsheet if you like."
        >
          {(control) => (
            <Textarea
              {...control}
              ref={recipientsInput}
              name="recipients"
              rows={5}
              value={recipients}
              placeholder={'082 123 4567\n+27 83 765 4321'}
              autoComplete="off"
              spellCheck={false}
              inputMode="text"
              onChange={(event) => edit({ recipients: event.target.value })}
              className="tabular-nums"
            />
          )}
        </Field>
        <div className="grid gap-2">
          <Field label="Message" error={problem.text} hint={<TextMeter text={text} />}>
            {(control) => (
              <Textarea
                {...control}
                name="text"
                rows={6}
                value={text}
                onChange={(event) => edit({ text: event.target.value })}
              />
            )}
          </Field>
          <CostlyCharacters
            text={text}
            recipients={count.usable}
            onReplace={(plain) => edit({ text: plain })}
          />
        </div>
      </div>
      <SendReview
        count={count}
        text={text}
        credits={credits}
        keywords={keywords}
        button={
          <Button type="submit" variant="primary" size="large" pending={isPending} className="w-full">
            {!isPending && <Send aria-hidden="true" className="size-4" />}
            {isPending ? 'Sending' : 'Send'}
          </Button>
        }
      />
    </form>
  );
}
