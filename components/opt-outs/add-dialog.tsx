'use client';

import { Check, CircleX, Copy, CopyCheck, History, type LucideIcon } from 'lucide-react';
import { useDeferredValue, useEffect, useRef, useState, type SubmitEvent } from 'react';
import { prepareCall } from '@/components/actions/call-action';
import { DraftNotice } from '@/components/actions/draft-notice';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useDraft, type Draft } from '@/components/actions/use-draft';
import { countRecipients } from '@/components/messages/count-recipients';
import { Badge, type Tone } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { copyText } from '@/components/ui/copy-text';
import { Dialog } from '@/components/ui/dialog';
import { Field, Textarea } from '@/components/ui/field';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { showToast } from '@/components/ui/toast';
import { maxNumbersAtATime, type AddOptOutResult } from '@/lib/opt-outs/schema';
import type { AddOptOuts } from './actions';
import { composeResultsText, explainResult, nameResult, outcomeLabels } from './add-results';

interface AddDialogProps {
  open: boolean;
  /** `isDone`: the results were seen, so what was typed is needed no more. */
  onClose: (isDone: boolean) => void;
  add: AddOptOuts;
  timeZone: string;
}

/** Add Opt-Out Number: one or many, then what became of each. */
export function AddDialog({ open, onClose, add, timeZone }: AddDialogProps) {
  const draft = useDraft<string>('add opt-outs', '');
  const [results, setResults] = useState<AddOptOutResult[] | null>(null);
  const close = () => onClose(results !== null);
  return (
    <Dialog
      open={open}
      onClose={close}
      isWide
      title="Add Opt-Out Number"
      description={
        results ? undefined : 'From then on, messages from your account to these numbers are blocked.'
      }
    >
      {results ? (
        <Results
          results={results}
          timeZone={timeZone}
          onClose={close}
          onAgain={(text) => {
            draft.change(text);
            setResults(null);
          }}
        />
      ) : (
        <AddForm
          draft={draft}
          add={add}
          onCancel={close}
          onAdded={(added) => {
            draft.clear();
            setResults(added);
          }}
        />
      )}
    </Dialog>
  );
}

interface AddFormProps {
  draft: Draft<string>;
  add: AddOptOuts;
  onAdded: (results: AddOptOutResult[]) => void;
  onCancel: () => void;
}

const words = {
  undone: 'No number was added.',
  unsure: 'We do not know whether the numbers were added. Try again: what was added is not added twice.',
};

function AddForm({ draft, add, onAdded, onCancel }: AddFormProps) {
  const typed = draft.value;
  const { run, isPending, problem, clear } = useAction(words);
  const numbers = useRef<HTMLTextAreaElement>(null);
  useEffect(() => numbers.current?.focus(), []);

  // A thousand numbers are read in a few milliseconds, but not between two key presses.
  const { entered, usable, duplicates, invalid } = countRecipients(useDeferredValue(typed));
  const isTooMuch = entered > maxNumbersAtATime;

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (isPending || countRecipients(typed).entered > maxNumbersAtATime) return;
    run(prepareCall(add, typed), (answer) => {
      onAdded(answer.results);
    });
  }

  return (
    <form
      onSubmit={submit}
      noValidate
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit();
      }}
      className="grid gap-4 px-5 pt-1 pb-5"
    >
      {draft.isBack && <DraftNotice>These numbers may not have been added.</DraftNotice>}
      <Field
        label="Numbers"
        aside={entered > 0 && `${formatCount(entered)} of ${formatCount(maxNumbersAtATime)}`}
        error={
          isTooMuch
            ? `These are ${formatCount(entered)} numbers; ${formatCount(maxNumbersAtATime)} can be added at a time. Import them as a file instead.`
            : null
        }
        hint="In any format; one to a line, or separated by commas or semicolons."
      >
        {(control) => (
          <Textarea
            {...control}
            ref={numbers}
            data-autofocus
            rows={6}
            value={typed}
            placeholder={'082 123 4567\n+27 83 765 4321'}
            autoComplete="off"
            spellCheck={false}
            onChange={(event) => {
              draft.change(event.target.value);
              clear();
            }}
            className="max-h-[45vh] tabular-nums"
          />
        )}
      </Field>
      <ProblemCallout problem={problem} />
      <p role="status" className="min-h-5 text-sm text-ink-soft tabular-nums">
        {entered > 0 &&
          [
            `${formatNumberOf(usable, 'number')} to add`,
            duplicates > 0 && `${formatCount(duplicates)} twice`,
            invalid.length > 0 && `${formatCount(invalid.length)} not usable`,
          ]
            .filter(Boolean)
            .join(' · ')}
      </p>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-3">
        <span className="text-sm text-ink-soft">
          More than that?{' '}
          <Link
            href="/messages/opt-outs/import"
            className="font-medium text-accent-text underline underline-offset-4"
          >
            Import a file
          </Link>
        </span>
        <span className="flex gap-2 max-sm:w-full max-sm:*:grow">
          <Button onClick={onCancel}>Cancel</Button>
          <Button type="submit" variant="primary" pending={isPending} disabled={isTooMuch}>
            {usable > 1 ? `Add ${formatNumberOf(usable, 'number')}` : 'Add number'}
          </Button>
        </span>
      </div>
    </form>
  );
}

const looks: Record<AddOptOutResult['outcome'], { tone: Tone; icon: LucideIcon }> = {
  added: { tone: 'good', icon: Check },
  'already-there': { tone: 'neutral', icon: History },
  invalid: { tone: 'bad', icon: CircleX },
  duplicate: { tone: 'neutral', icon: CopyCheck },
};

interface ResultsProps {
  results: readonly AddOptOutResult[];
  timeZone: string;
  onClose: () => void;
  /** Back to the numbers, with these typed in already. */
  onAgain: (typed: string) => void;
}

function Results({ results, timeZone, onClose, onAgain }: ResultsProps) {
  const summary = useRef<HTMLDivElement>(null);
  useEffect(() => summary.current?.focus(), []);
  const wrong = results.filter(({ outcome }) => outcome === 'invalid');
  const count = (outcome: AddOptOutResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  const added = count('added');
  const rest = [
    count('already-there') > 0 && `${formatCount(count('already-there'))} already there`,
    count('duplicate') > 0 && `${formatCount(count('duplicate'))} twice in the paste`,
    wrong.length > 0 && `${formatCount(wrong.length)} not usable`,
  ].filter(Boolean);

  return (
    <div className="grid gap-4 px-5 pt-1 pb-5">
      <div ref={summary} tabIndex={-1} className="outline-none">
        <Callout
          announce
          tone={wrong.length > 0 ? 'warn' : added > 0 ? 'good' : 'info'}
          title={added > 0 ? `${formatNumberOf(added, 'number')} added` : 'No number was added'}
        >
          {rest.length > 0 && `${rest.join(', ')}.`}
        </Callout>
      </div>
      <ul
        aria-label="Results"
        tabIndex={0}
        className="max-h-[45vh] divide-y divide-line overflow-y-auto rounded-lg border border-line text-sm"
      >
        {results.map((result, index) => {
          const explanation = explainResult(result, timeZone);
          return (
            <li
              key={index}
              className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-4 gap-y-0.5 px-3.5 py-2"
            >
              <span className="truncate font-medium tabular-nums">{nameResult(result)}</span>
              <Badge {...looks[result.outcome]}>{outcomeLabels[result.outcome]}</Badge>
              {explanation && <span className="col-span-2 wrap-anywhere text-ink-soft">{explanation}</span>}
            </li>
          );
        })}
      </ul>
      <div className="flex flex-wrap justify-end gap-2 max-sm:*:grow">
        <Button
          variant="quiet"
          className="sm:mr-auto sm:-ml-2"
          onClick={async () => {
            if (await copyText(composeResultsText(results, timeZone))) showToast('Results copied');
          }}
        >
          <Copy aria-hidden="true" className="size-4" />
          Copy results
        </Button>
        {wrong.length > 0 ? (
          <Button onClick={() => onAgain(wrong.map(({ input }) => input).join('\n'))}>
            Correct {formatNumberOf(wrong.length, 'number')}
          </Button>
        ) : (
          <Button onClick={() => onAgain('')}>Add more</Button>
        )}
        <Button variant="primary" onClick={onClose}>
          Done
        </Button>
      </div>
    </div>
  );
}
