import type { ReactNode } from 'react';
import { Button } from '@/components/ui/button';
import { formatNumberOf } from '@/components/ui/format-count';
import {
  addReadyEnding,
  beginWithName,
  findMissingFromMarketing,
  readyEnding,
} from '@/lib/sms/marketing-text';
import { measureText } from '@/lib/sms/segments';

interface MarketingEndingsProps {
  text: string;
  /** Who is speaking: the account's name, and others that it trades under. */
  names: readonly [string, ...string[]];
  /** Without them it is not sent. */
  isRequired: boolean;
  onReplace: (text: string) => void;
}

/** What a marketing text has to say and does not, each added with one press, with what that costs. */
export function MarketingEndings({ text, names, isRequired, onReplace }: MarketingEndingsProps) {
  if (text.trim() === '') return null;
  const missing = findMissingFromMarketing(text, names);
  if (!missing.name && !missing.wayOut) return null;
  const named = beginWithName(text, names[0]);
  const ended = addReadyEnding(text);
  const whole = missing.name ? beginWithName(ended, names[0]) : ended;
  return (
    <div
      role="group"
      aria-label="What marketing has to say"
      className="grid gap-2 rounded-md border border-line px-3 py-2.5 text-xs text-ink-soft"
    >
      {isRequired && (
        <p className="font-medium text-warn-text">
          Your provider sends marketing only with what is missing here.
        </p>
      )}
      {missing.name && (
        <Missing
          button={`Begin with “${named.slice(0, named.indexOf(':') + 1)}”`}
          onAdd={() => onReplace(named)}
        >
          It does not say who is speaking: the recipient must be able to tell. {describeCost(text, named)}
        </Missing>
      )}
      {missing.wayOut && (
        <Missing button={`Add “${readyEnding}”`} onAdd={() => onReplace(ended)}>
          It does not say how to opt out. {describeCost(text, ended)}
        </Missing>
      )}
      {missing.name && missing.wayOut && (
        <Missing button="Add both" onAdd={() => onReplace(whole)}>
          Both at once. {describeCost(text, whole)}
        </Missing>
      )}
    </div>
  );
}

function Missing({ button, onAdd, children }: { button: string; onAdd: () => void; children: ReactNode }) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-2">
      <p className="min-w-0 grow basis-52 text-pretty">{children}</p>
      <Button size="small" onClick={onAdd}>
        {button}
      </Button>
    </div>
  );
}

function describeCost(from: string, to: string): string {
  const [before, after] = [measureText(from).segments, measureText(to).segments];
  return after > before
    ? `Added, it takes ${formatNumberOf(after, 'segment')} instead of ${before}.`
    : `Added, it still takes ${formatNumberOf(after, 'segment')}.`;
}
