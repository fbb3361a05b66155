import type { ReactNode } from 'react';
import { Callout } from '@/components/ui/callout';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { findInvitedWords, type InvitedWord, type InvitingKeyword } from '@/lib/sms/invited-words';
import { measureText } from '@/lib/sms/segments';
import type { RecipientCount } from './count-recipients';

interface SendPreviewProps {
  count: RecipientCount;
  text: string;
  credits: number;
  /** Opt-outs of the other accounts of the family count too. */
  honoursAll: boolean;
  keywords: readonly InvitingKeyword[];
  button: ReactNode;
}

const shownInvalid = 5;

/** What pressing Send will do and cost. */
export function SendPreview({ count, text, credits, honoursAll, keywords, button }: SendPreviewProps) {
  const { segments } = measureText(text);
  const cost = segments * count.usable;
  const left = credits - cost;
  const invited = findInvitedWords(text, keywords);
  return (
    <section
      aria-label="Review"
      className="rounded-lg border border-line bg-surface p-4 sm:p-5 lg:sticky lg:top-6"
    >
      <dl className="grid gap-2 text-sm">
        <Line name="Recipients" value={formatCount(count.usable)} />
        <Line name="Segments each" value={formatCount(segments)} />
        <div className="my-1 border-t border-line" />
        <Line name="Cost, at most" value={formatNumberOf(cost, 'credit')} strong />
        <Line name="Balance" value={formatCount(credits)} />
        <Line name="After sending" value={left < 0 ? '–' : formatCount(left)} />
      </dl>
      <div className="mt-4 grid gap-3">
        {count.duplicates > 0 && (
          <Callout>
            {formatNumberOf(count.duplicates, 'duplicate')}: each number gets the message once.
          </Callout>
        )}
        {count.invalid.length > 0 && (
          <Callout tone="warn" title={`${formatNumberOf(count.invalid.length, 'number')} cannot be used`}>
            <ul className="space-y-1">
              {count.invalid.slice(0, shownInvalid).map(({ typed, reason }, index) => (
                <li key={`${index} ${typed}`} className="wrap-anywhere">
                  {reason}
                </li>
              ))}
            </ul>
            {count.invalid.length > shownInvalid && <p>And {count.invalid.length - shownInvalid} more.</p>}
          </Callout>
        )}
        {invited.length > 0 && <InvitedWords words={invited} />}
        {left < 0 && (
          <Callout tone="bad">
            {formatNumberOf(-left, 'credit')} short. Top up, shorten the message or send to fewer numbers.
          </Callout>
        )}
        {button}
        <p className="text-xs text-ink-faint">
          Numbers that have opted out{honoursAll && ' of this or another of your accounts'} are left out and
          cost nothing. <span className="max-lg:hidden">Ctrl + Enter sends.</span>
        </p>
      </div>
    </section>
  );
}

/** The text asks for an answer that opts out whoever gives it. */
function InvitedWords({ words }: { words: readonly InvitedWord[] }) {
  return (
    <Callout
      tone="warn"
      title={`Replies with ${words.map(({ word }) => `“${word}”`).join(' or ')} will opt out`}
      announce
    >
      <p>
        The text asks for {words.length === 1 ? 'it' : 'them'}
        {words[0]?.purpose ? ` “${words[0].purpose}”` : ' as an answer'}, but whoever sends{' '}
        {words.length === 1 ? 'it' : 'one of them'} is blocked and gets no more messages from you. Ask for
        another word, such as NO or 2.
      </p>
    </Callout>
  );
}

function Line({ name, value, strong = false }: { name: string; value: string; strong?: boolean }) {
  return (
    <div className="flex items-baseline justify-between gap-3">
      <dt className="text-ink-soft">{name}</dt>
      <dd className={strong ? 'font-semibold tabular-nums' : 'tabular-nums'}>{value}</dd>
    </div>
  );
}
