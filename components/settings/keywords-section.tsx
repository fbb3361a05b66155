'use client';

import { X } from 'lucide-react';
import { useId, useRef, useState, type SubmitEvent } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import type { ActionProblem } from '@/components/actions/use-action';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Field, Input } from '@/components/ui/field';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { IconButton } from '@/components/ui/icon-button';
import { To } from '@/components/help/prose';
import {
  maxOwnKeywords,
  type AddKeywordAnswer,
  type KeywordMatch,
  type KeywordMatches,
  type OwnKeyword,
  type ReviewPolicy,
} from '@/lib/settings/schema';
import { Section } from './section';
import { TryReply, type TryReplyAction } from './try-reply';
import { useSave } from './use-save';
import { useUnsaved } from './use-unsaved';

interface KeywordsSectionProps {
  userId: number;
  keywords: readonly OwnKeyword[];
  reviewPolicy: ReviewPolicy;
  /** Server actions. */
  add: ServerAction<[input: { word: string; match: KeywordMatch; isSure: boolean }], AddKeywordAnswer>;
  remove: ServerAction<[input: { id: number }]>;
  tryReply: TryReplyAction;
}

const matchLabels: Record<KeywordMatch, string> = { exact: 'is exactly', prefix: 'starts with' };

export function KeywordsSection(props: KeywordsSectionProps) {
  const { value: word, change, undo } = useUnsaved(`keyword-${props.userId}`, '');
  const [match, setMatch] = useState<KeywordMatch>('exact');
  const [matches, setMatches] = useState<KeywordMatches | null>(null);
  const adding = useSave();
  const removing = useSave();
  const input = useRef<HTMLInputElement>(null);

  function edit(nextWord: string, nextMatch: KeywordMatch) {
    adding.clear();
    setMatches(null);
    change(nextWord);
    setMatch(nextMatch);
  }

  function submit(isSure: boolean) {
    adding.save(prepareCall(props.add, { word, match, isSure }), {
      words: {
        undone: `“${word}” was not added.`,
        unsure: `We do not know whether “${word}” was added. Try again: it is added once.`,
      },
      done: () => {
        undo();
        setMatches(null);
        input.current?.focus();
        return 'Keyword added: it counts from the next reply on';
      },
      refused: (refusal) => {
        if (!('matches' in refusal)) return refusal.message;
        setMatches(refusal.matches);
      },
    });
  }

  function onSubmit(event: SubmitEvent) {
    event.preventDefault();
    submit(false);
  }

  return (
    <Section
      id="keywords"
      title="Your own keywords"
      description={
        <>
          <p>
            Words that opt out besides <To href="/help#words">the published ones</To>, in any language: those
            that your messages tell people to use. Capital letters, spaces and signs at the ends do not
            matter.
          </p>
          <p>They count from the next reply on. Removing one lets nobody back in.</p>
        </>
      }
    >
      <form onSubmit={onSubmit} noValidate className="grid gap-3 p-4 sm:p-5">
        <div className="grid items-start gap-3 sm:grid-cols-[auto_minmax(0,1fr)_auto]">
          <MatchChoice value={match} onChange={(next) => edit(word, next)} />
          <Field label="Word or words" error={isRefusal(adding.problem) ? adding.problem.message : null}>
            {(control) => (
              <Input
                {...control}
                ref={input}
                name="word"
                value={word}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
                placeholder="genoeg"
                onChange={(event) => edit(event.target.value, match)}
              />
            )}
          </Field>
          <div className="sm:pt-6.5">
            <Button type="submit" pending={adding.isPending} className="max-sm:w-full">
              Add
            </Button>
          </div>
        </div>
        {!isRefusal(adding.problem) && <ProblemCallout problem={adding.problem} />}
        {matches && <ManyMatches matches={matches} isPending={adding.isPending} onAdd={() => submit(true)} />}
        <ProblemCallout problem={removing.problem} />
        <KeywordList
          keywords={props.keywords}
          isPending={removing.isPending}
          onRemove={(keyword) =>
            removing.save(prepareCall(props.remove, { id: keyword.id }), {
              words: {
                undone: `“${keyword.word}” still counts.`,
                unsure: `We do not know whether “${keyword.word}” was removed. Try again: that does no harm.`,
              },
              done: () => `“${keyword.word}” removed`,
            })
          }
        />
      </form>
      <TryReply
        draft={word.trim() === '' ? null : { word, match }}
        isBelowWord
        reviewPolicy={props.reviewPolicy}
        tryReply={props.tryReply}
      />
    </Section>
  );
}

/** What the server says against the word itself stands at its field. */
function isRefusal(problem: ActionProblem | null): problem is ActionProblem {
  return problem !== null && !problem.tryAgain && !problem.mustReload;
}

function MatchChoice({ value, onChange }: { value: KeywordMatch; onChange: (value: KeywordMatch) => void }) {
  return (
    <fieldset>
      <legend className="mb-1.5 text-sm font-medium">The reply</legend>
      <div className="flex h-9 rounded-md border border-control bg-raised p-0.5 shadow-control max-sm:h-10">
        {(Object.keys(matchLabels) as KeywordMatch[]).map((match) => (
          <label
            key={match}
            className="flex grow items-center justify-center rounded px-2.5 text-sm font-medium text-ink-soft transition-colors hover:text-ink has-checked:bg-accent-soft has-checked:text-accent-text has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-accent-text"
          >
            <input
              type="radio"
              name="match"
              value={match}
              checked={match === value}
              onChange={() => onChange(match)}
              className="sr-only"
            />
            {matchLabels[match]}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface ManyMatchesProps {
  matches: KeywordMatches;
  isPending: boolean;
  onAdd: () => void;
}

function ManyMatches({ matches, isPending, onAdd }: ManyMatchesProps) {
  return (
    <Callout
      tone="warn"
      announce
      title={`It would have opted out ${formatCount(matches.matched)} of your last ${formatNumberOf(matches.replies, 'reply', 'replies')}`}
    >
      <p>Did all of these want to hear no more? Each would have been blocked at once.</p>
      <ul className="my-2 space-y-1">
        {matches.examples.map((example) => (
          <li key={example} className="truncate border-l-2 border-current/40 pl-2.5">
            {example}
          </li>
        ))}
      </ul>
      <Button size="small" pending={isPending} onClick={onAdd}>
        Add it all the same
      </Button>
    </Callout>
  );
}

interface KeywordListProps {
  keywords: readonly OwnKeyword[];
  isPending: boolean;
  onRemove: (keyword: OwnKeyword) => void;
}

function KeywordList({ keywords, isPending, onRemove }: KeywordListProps) {
  const titleId = useId();
  if (keywords.length === 0) {
    return <p className="text-sm text-ink-faint">No keywords of your own yet.</p>;
  }
  return (
    <div>
      <p id={titleId} className="mb-1.5 text-xs text-ink-faint tabular-nums">
        {keywords.length} of {maxOwnKeywords} keywords
      </p>
      <ul aria-labelledby={titleId} className="divide-y divide-line rounded-md border border-line">
        {keywords.map((keyword) => (
          <li key={keyword.id} className="flex items-center gap-3 py-1 pr-1.5 pl-3 text-sm">
            <span className="min-w-0 grow wrap-anywhere">
              <span className="text-ink-faint">{matchLabels[keyword.match]}</span>{' '}
              <span className="font-medium">{keyword.word}</span>
            </span>
            <IconButton
              icon={X}
              label={`Remove “${keyword.word}”`}
              aria-disabled={isPending || undefined}
              onClick={() => onRemove(keyword)}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
