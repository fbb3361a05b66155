'use client';

import type { ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAsking } from '@/components/actions/use-asking';
import { useDraft } from '@/components/actions/use-draft';
import { VerdictBadge } from '@/components/messages/verdict-badge';
import { Callout } from '@/components/ui/callout';
import { Field, Input } from '@/components/ui/field';
import type { KeywordMatch, ReviewPolicy, TryAnswer } from '@/lib/settings/schema';
import { describeRule } from '@/lib/opt-outs/labels';
import type { StoredVerdict } from '@/lib/replies/schema';

/** A server action; changes nothing. */
export type TryReplyAction = ServerAction<
  [{ text: string; draft: { word: string; match: KeywordMatch } | null }],
  TryAnswer
>;

interface TryReplyProps {
  /** The keyword that is being typed; it counts here before it is added. */
  draft: { word: string; match: KeywordMatch } | null;
  /** Whether it stands below the field of a new keyword. */
  isBelowWord: boolean;
  reviewPolicy: ReviewPolicy;
  tryReply: TryReplyAction;
}

/** After the last key press; a word a second is slow typing. */
const pauseMs = 250;
const longestReply = 1000;

const verdicts: Record<TryAnswer['verdict'], StoredVerdict> = {
  'opt-out': 'OPT_OUT',
  review: 'REVIEW',
  none: 'NONE',
};

/** A box to type a reply in, and at once what would come of it. */
export function TryReply({ draft, isBelowWord, reviewPolicy, tryReply }: TryReplyProps) {
  const { value: text, change: setText } = useDraft<string>('try a reply', '');
  const question = text.trim() === '' ? null : { text, draft };
  const { answer, lastAnswer, problem } = useAsking(tryReply, question, pauseMs);
  const result = answer ?? lastAnswer;
  return (
    <div className="rounded-b-lg border-t border-line bg-canvas p-4 sm:p-5">
      <Field
        label="Try a reply"
        hint={
          isBelowWord
            ? 'Nothing is sent or blocked. The word that you are typing above counts here already.'
            : 'Nothing is sent or blocked.'
        }
      >
        {(control) => (
          <Input
            {...control}
            name="try"
            value={text}
            maxLength={longestReply}
            autoComplete="off"
            placeholder="Stop, please"
            onChange={(event) => setText(event.target.value)}
          />
        )}
      </Field>
      <div role="status" className="mt-3 min-h-16 text-sm">
        {problem ? (
          <ProblemCallout problem={problem} />
        ) : (
          result &&
          (result.ok ? (
            <Outcome result={result} isOld={answer === null} reviewPolicy={reviewPolicy} />
          ) : (
            <Callout tone="bad">{result.message}</Callout>
          ))
        )}
      </div>
    </div>
  );
}

interface OutcomeProps {
  result: TryAnswer;
  /** Of what stood there before the last key press. */
  isOld: boolean;
  reviewPolicy: ReviewPolicy;
}

function Outcome({ result, isOld, reviewPolicy }: OutcomeProps) {
  return (
    <div className={isOld ? 'opacity-60' : undefined}>
      <p className="flex flex-wrap items-center gap-2">
        <VerdictBadge verdict={verdicts[result.verdict]} />
        <span className="font-medium">{result.rule ? describeRule(result.rule) : 'No rule matches'}</span>
      </p>
      <p className="mt-1.5 text-pretty text-ink-soft">{explain(result, reviewPolicy)}</p>
      {result.verdict !== 'none' && result.normalised !== '' && (
        <p className="mt-0.5 text-xs wrap-anywhere text-ink-faint">Compared as “{result.normalised}”.</p>
      )}
    </div>
  );
}

function explain({ verdict, rule }: TryAnswer, reviewPolicy: ReviewPolicy): string {
  switch (verdict) {
    case 'opt-out':
      return 'The number is blocked at once and gets the confirmation.';
    case 'review':
      return `${explainReview(rule)} ${
        reviewPolicy === 'BLOCK'
          ? 'As you have chosen below, the number is blocked at once and gets the confirmation.'
          : 'Nothing is blocked until one of you decides under Replies to review.'
      }`;
    case 'none':
      return 'It is stored and listed with your replies. Nothing is blocked.';
  }
}

function explainReview(rule: string | null): string {
  switch (rule) {
    case 'review:keyword-with-words':
      return 'A word that opts out stands in it, with others around it.';
    case 'review:slip':
      return 'One letter more, less or other, and it would be a word that opts out.';
    case 'review:stop-sign':
      return 'It is nothing but a stop sign.';
    default:
      return 'It asks to hear no more, in words of its own.';
  }
}
