'use client';

import { Send } from 'lucide-react';
import { useDeferredValue, useEffect, useRef, useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { DraftNotice } from '@/components/actions/draft-notice';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft } from '@/components/actions/use-draft';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Dialog } from '@/components/ui/dialog';
import { Field, Textarea } from '@/components/ui/field';
import { RadioCards } from '@/components/ui/radio-cards';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import type { Done, Refused } from '@/lib/auth/schema';
import { maxRecipients, type Leaving, type MessagePurpose, type SendResult } from '@/lib/messages/schema';
import type { InvitingKeyword } from '@/lib/sms/invited-words';
import { findMarketingSign } from '@/lib/sms/looks-like-marketing';
import { maxTextLength } from '@/lib/sms/segments';
import { CostlyCharacters } from './costly-characters';
import { countRecipients } from './count-recipients';
import { createIdempotencyKey } from './idempotency-key';
import { LeavingTimes } from './leaving-times';
import { MarketingEndings } from './marketing-endings';
import { PurposeChoice } from './purpose-choice';
import { RecipientResults, SendSummary } from './send-result';
import { SendPreview } from './send-preview';
import { TextMeter } from './text-meter';
import { TimeFields } from './time-fields';

interface SendFormProps {
  /** A server action. */
  send: ServerAction<[Typed], SendResult>;
  /** Whole credits the account has. */
  credits: number;
  /** Opt-outs of the other accounts of the family count too. */
  honoursAll: boolean;
  /** Who is speaking: the account's name, and others that it trades under. */
  names: readonly [string, ...string[]];
  /** Marketing without one of them, or without a way to opt out, is not sent. */
  refusesTexts: boolean;
  /** The account's, in which a time is chosen. */
  timeZone: string;
  /** What the account's messages are for, unless somebody says otherwise. */
  defaultPurpose: MessagePurpose;
  /** All that opt out whoever replies with them to this account. */
  keywords: readonly InvitingKeyword[];
}

type Typed = {
  recipients: string;
  text: string;
  /** Of the message as it stands, once it has been tried to send it; kept with it, as it may have arrived. */
  idempotencyKey: string;
  when: 'now' | 'lawful' | 'at';
  /** "2026-12-24" and "09:30" in the account's time zone; of `at` alone. */
  date: string;
  time: string;
  purpose: MessagePurpose;
  /** Whether marketing may wait for lawful hours, once that was said of the message as it stands. */
  waiting: 'ask' | 'wait';
  /** The text of which it was asked whether it is marketing; it is not asked twice. */
  askedOf: string;
};

const empty = {
  recipients: '',
  text: '',
  idempotencyKey: '',
  when: 'now',
  date: '',
  time: '',
  waiting: 'ask',
  askedOf: '',
} satisfies Omit<Typed, 'purpose'>;

const whenOptions: readonly { value: Typed['when']; label: string }[] = [
  { value: 'now', label: 'Now' },
  { value: 'lawful', label: 'At the next lawful hour' },
  { value: 'at', label: 'At a time you choose' },
];

/** The same message with the same key is never sent twice, so a lost answer can safely be asked for again. */
const words = {
  undone: 'Nothing was sent or charged.',
  unsure:
    'We do not know whether it was sent. Try again: a message that did arrive is not sent or charged twice.',
};

export function SendForm(props: SendFormProps) {
  const { send, credits, honoursAll, names, refusesTexts, timeZone, keywords, defaultPurpose } = props;
  const draft = useDraft<Typed>('send', { ...empty, purpose: defaultPurpose });
  const { recipients, text, when, date, time, purpose, askedOf } = draft.value;
  const [isAsking, setIsAsking] = useState(false);
  const [wouldWait, setWouldWait] = useState<readonly Leaving[] | null>(null);
  const [missing, setMissing] = useState<Readonly<Record<string, string | undefined>>>({});
  const [result, setResult] = useState<Done<SendResult> | Refused<SendResult> | null>(null);
  const { run, isPending, problem, clear } = useAction(words);
  const recipientsInput = useRef<HTMLTextAreaElement>(null);
  const answer = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (result) answer.current?.focus();
  }, [result]);

  // A thousand numbers are read in a few milliseconds, but not between two key presses.
  const count = countRecipients(useDeferredValue(recipients));
  const sign = purpose === 'SERVICE' ? findMarketingSign(text) : null;

  /** Another text, or other recipients, is another message. */
  function edit(change: Partial<Typed>) {
    setMissing({});
    clear();
    draft.change({ ...draft.value, ...change, idempotencyKey: '', waiting: 'ask' });
  }

  function onSubmit(event: SubmitEvent) {
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
      date: when === 'at' && date === '' ? 'Choose a day.' : undefined,
      time: when === 'at' && time === '' ? 'Choose a time.' : undefined,
    };
    setMissing(found);
    if (found.recipients ?? found.text ?? found.date ?? found.time) return;
    if (sign !== null && askedOf !== text) {
      draft.change({ ...draft.value, askedOf: text });
      setIsAsking(true);
    } else deliver(draft.value);
  }

  function deliver(typed: Typed) {
    const message = { ...typed, idempotencyKey: typed.idempotencyKey || createIdempotencyKey() };
    draft.change(message);
    run(
      prepareCall(send, message),
      (sent) => {
        setResult(sent);
        draft.clear();
      },
      {
        onRefused: (refusal) => {
          // What is wrong with the time stands at the time; whether it may wait is a question.
          if ('fields' in refusal && refusal.fields) setMissing(refusal.fields);
          else if ('waiting' in refusal && refusal.waiting) setWouldWait(refusal.waiting);
          else setResult(refusal);
          return undefined;
        },
      },
    );
  }

  function startOver() {
    setResult(null);
    draft.clear();
    requestAnimationFrame(() => recipientsInput.current?.focus());
  }

  if (result?.ok) {
    return (
      <div ref={answer} tabIndex={-1} className="scroll-mt-20 outline-none">
        <SendSummary result={result} timeZone={timeZone} onStartOver={startOver} />
      </div>
    );
  }

  /** The answer to the question: sends at once. */
  function answerPurpose(answer: MessagePurpose) {
    setIsAsking(false);
    const isAnother = answer !== purpose;
    deliver({ ...draft.value, purpose: answer, ...(isAnother && { idempotencyKey: '' }) });
  }

  return (
    <>
      <Dialog open={isAsking} onClose={() => setIsAsking(false)} title="Is this marketing?">
        <div className="grid gap-4 px-5 pb-5">
          <div className="space-y-2 text-sm text-ink-soft">
            <p>
              “{sign}” reads like an offer, and you have chosen Service. Service is for what the recipient has
              asked for, bought or arranged, and nothing else.
            </p>
            <p>You are asked once for this text.</p>
          </div>
          <div className="flex flex-wrap justify-end gap-2 max-sm:*:grow">
            <Button onClick={() => answerPurpose('SERVICE')}>Send as service</Button>
            <Button variant="primary" data-autofocus onClick={() => answerPurpose('MARKETING')}>
              Send as marketing
            </Button>
          </div>
        </div>
      </Dialog>
      <Dialog
        open={wouldWait !== null}
        onClose={() => setWouldWait(null)}
        title={when === 'at' ? 'That is outside lawful hours' : 'Marketing has to wait now'}
      >
        <div className="grid gap-4 px-5 pb-5">
          <div className="space-y-2 text-sm text-ink-soft">
            <p>
              Marketing leaves only at lawful hours of the recipient’s day, and never on Sundays and public
              holidays.
            </p>
            {wouldWait && <LeavingTimes times={wouldWait} timeZone={timeZone} />}
            <p>Nothing has been sent. What waits can be cancelled until it leaves.</p>
          </div>
          <div className="flex flex-wrap justify-end gap-2 max-sm:*:grow">
            <Button onClick={() => setWouldWait(null)}>Do not send</Button>
            <Button
              variant="primary"
              data-autofocus
              onClick={() => {
                setWouldWait(null);
                deliver({ ...draft.value, waiting: 'wait' });
              }}
            >
              Let it wait
            </Button>
          </div>
        </div>
      </Dialog>
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
              {'recipients' in result && result.recipients.length > 0 && (
                <RecipientResults recipients={result.recipients} />
              )}
            </div>
          )}
          {draft.isBack && (
            <DraftNotice>
              {draft.value.idempotencyKey
                ? 'It may not have been sent. Send it again: a message that did arrive is not sent or charged twice.'
                : 'It has not been sent.'}
            </DraftNotice>
          )}
          <ProblemCallout problem={problem} />
          <Field
            label="Recipients"
            aside={count.entered > 0 && `${formatCount(count.entered)} of ${formatCount(maxRecipients)}`}
            error={missing.recipients}
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
            <Field label="Message" error={missing.text} hint={<TextMeter text={text} />}>
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
            {purpose === 'MARKETING' && (
              <MarketingEndings
                text={text}
                names={names}
                isRequired={refusesTexts}
                onReplace={(whole) => edit({ text: whole })}
              />
            )}
          </div>
          <PurposeChoice value={purpose} sign={sign} onChange={(next) => edit({ purpose: next })} />
          <div className="grid gap-3">
            <RadioCards
              legend="When"
              name="when"
              value={when}
              onChange={(next) => edit({ when: next })}
              options={whenOptions}
              className="sm:grid-cols-3"
            />
            {when === 'lawful' && (
              <p className="text-sm text-ink-soft">
                Direct marketing may be sent on weekdays from 08:00 to 20:00 and on Saturdays from 09:00 to
                13:00, unless your provider says otherwise. Within these hours it leaves at once.
              </p>
            )}
            {when === 'at' && (
              <TimeFields
                date={date}
                time={time}
                timeZone={timeZone}
                problems={missing}
                onChange={(change) => edit(change)}
              />
            )}
          </div>
        </div>
        <SendPreview
          count={count}
          text={text}
          credits={credits}
          honoursAll={honoursAll}
          keywords={keywords}
          button={
            <Button type="submit" variant="primary" size="large" pending={isPending} className="w-full">
              {!isPending && <Send aria-hidden="true" className="size-4" />}
              {isPending ? 'Sending' : when === 'at' ? 'Schedule' : 'Send'}
            </Button>
          }
        />
      </form>
    </>
  );
}
