'use client';

import type { SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { DraftNotice } from '@/components/actions/draft-notice';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAsking } from '@/components/actions/use-asking';
import { useDraft } from '@/components/actions/use-draft';
import { VerdictBadge } from '@/components/messages/verdict-badge';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card } from '@/components/ui/card';
import { Field, Input } from '@/components/ui/field';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { RadioCards } from '@/components/ui/radio-cards';
import { Spinner } from '@/components/ui/spinner';
import { Time } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import type { KeywordTrial, PlatformKeywordRow } from '@/lib/platform/schema';
import { staffTimeZone } from '@/lib/lists/schema';
import { usePrompt } from '@/components/actions/use-prompt';

export type TypedKeyword = {
  word: string;
  match: PlatformKeywordRow['match'];
};

interface KeywordFormProps {
  /** Server actions. */
  tryOut: ServerAction<[keyword: TypedKeyword], { ok: true; trial: KeywordTrial }>;
  add: ServerAction<[keyword: TypedKeyword]>;
}

const typingPauseMs = 350;
const empty: TypedKeyword = { word: '', match: 'EXACT' };

/** A new keyword, which shows what it would have matched before it can be added. */
export function KeywordForm({ tryOut, add }: KeywordFormProps) {
  const { value: typed, change: setTyped, clear, isBack } = useDraft('platform keyword', empty);
  const isEmpty = typed.word.trim() === '';
  const { answer, isAsking, problem } = useAsking(tryOut, isEmpty ? null : typed, typingPauseMs);
  const { ask, dialog } = usePrompt();
  const trial = answer?.ok ? answer.trial : null;

  function submit(event: SubmitEvent) {
    event.preventDefault();
    if (!trial) return;
    ask({
      title: `Add “${trial.normalised}” for all accounts?`,
      children: (
        <p>
          From now on every reply that {describeMatch(typed.match)} “{trial.normalised}” is an opt-out at
          once, at every account. Replies that have come already are left as they are.
        </p>
      ),
      submitLabel: 'Add keyword',
      words: {
        undone: `“${trial.normalised}” was not added.`,
        unsure: `We do not know whether “${trial.normalised}” was added. Try again: it is added once.`,
      },
      command: () => prepareCall(add, typed),
      onDone: () => {
        showToast(`“${trial.normalised}” added`);
        clear();
      },
    });
  }

  return (
    <Card title="Add a keyword">
      <form onSubmit={submit} noValidate className="grid gap-4 p-4">
        {isBack && <DraftNotice>It has not been added.</DraftNotice>}
        <div className="grid gap-4 sm:grid-cols-2">
          <Field
            label="Word or words"
            hint="In any language. Case, spaces and punctuation around it do not matter."
          >
            {(control) => (
              <Input
                {...control}
                value={typed.word}
                maxLength={60}
                autoComplete="off"
                spellCheck={false}
                onChange={(event) => setTyped({ ...typed, word: event.target.value })}
              />
            )}
          </Field>
          <RadioCards
            legend="Matches"
            name="match"
            value={typed.match}
            onChange={(match) => setTyped({ ...typed, match })}
            options={[
              { value: 'EXACT', label: 'Exactly' },
              { value: 'PREFIX', label: 'At the start' },
            ]}
            className="grid-cols-2"
          />
        </div>
        {!isEmpty && (
          <section aria-label="The last 30 days" aria-live="polite" className="grid gap-3">
            {isAsking && (
              <p className="flex items-center gap-2 text-sm text-ink-soft">
                <Spinner /> Looking through the replies of the last 30 days
              </p>
            )}
            <ProblemCallout problem={problem} />
            {answer?.ok === false && <Callout tone="bad">{answer.message}</Callout>}
            {trial && <TrialResult trial={trial} />}
          </section>
        )}
        <div className="flex max-sm:*:grow">
          <Button type="submit" variant="primary" aria-haspopup="dialog" disabled={!trial} pending={isAsking}>
            Add keyword
          </Button>
        </div>
      </form>
      {dialog}
    </Card>
  );
}

function describeMatch(match: PlatformKeywordRow['match']): string {
  return match === 'EXACT' ? 'is exactly' : 'starts with';
}

function TrialResult({ trial }: { trial: KeywordTrial }) {
  const { matched, newlyMatched, scanned, complete, examples } = trial;
  return (
    <>
      <Callout
        tone={newlyMatched === 0 ? 'good' : 'warn'}
        title={
          matched === 0
            ? 'It would have matched nothing'
            : `It would have matched ${formatNumberOf(matched, 'reply', 'replies')}, ${newlyMatched === 0 ? 'all of them opt-outs already' : `${formatCount(newlyMatched)} of them new`}`
        }
      >
        {complete ? 'All' : 'The newest'} {formatNumberOf(scanned, 'reply', 'replies')} of the last 30 days
        were looked at{complete ? '' : '; there are more'}.
        {newlyMatched > 0 && ' The new ones would have been blocked at once.'}
      </Callout>
      {examples.length > 0 && (
        <ul aria-label="Examples" className="divide-y divide-line rounded-md border border-line text-sm">
          {examples.map((example, index) => (
            <li key={index} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-3 py-2">
              <span className="min-w-40 grow truncate">{example.text}</span>
              <VerdictBadge verdict={example.verdict} />
              <span className="text-xs text-ink-faint tabular-nums">W{example.accountId}</span>
              <span className="text-xs text-ink-soft">
                <Time value={example.receivedAt} timeZone={staffTimeZone} />
              </span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
