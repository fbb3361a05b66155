'use client';

import { useEffect, useRef, useState } from 'react';
import { Button } from '@/components/ui/button';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import {
  listCostlyCharacters,
  nameInvisible,
  planReplacement,
  splitCostlyCharacters,
  type CostlyCharacter,
  type Replacement,
} from '@/lib/sms/costly-characters';
import { maxTextLength } from '@/lib/sms/segments';

const shownCharacters = 8;
/** Beyond this nothing can be sent, so nothing is shown of it. */
const shownLength = 2 * maxTextLength;

interface CostlyCharactersProps {
  text: string;
  onReplace: (text: string) => void;
  /** How many the text goes to, and pays for; 0 where it costs nothing. */
  recipients?: number;
}

/**
 * What halves the room of a text: each by name, marked in the text, and replaced with one press where that
 * loses nothing.
 */
export function CostlyCharacters({ text, onReplace, recipients = 0 }: CostlyCharactersProps) {
  const [replaced, setReplaced] = useState<{ from: string; to: string; count: number } | null>(null);
  const done = useRef<HTMLParagraphElement>(null);
  const isReplaced = replaced !== null && replaced.to === text;
  const characters = listCostlyCharacters(text.slice(0, shownLength));

  // The button that was pressed is gone; the keyboard goes on from what it did.
  useEffect(() => {
    if (replaced) done.current?.focus();
  }, [replaced]);

  function replace({ text: to, count }: Replacement) {
    setReplaced({ from: text, to, count });
    onReplace(to);
  }

  return (
    <div className="grid gap-2 text-xs empty:hidden">
      {isReplaced && (
        <p
          ref={done}
          tabIndex={-1}
          role="status"
          className="flex flex-wrap items-center gap-2 text-ink-soft outline-none"
        >
          {formatNumberOf(replaced.count, 'character')} replaced.
          <Button size="small" variant="quiet" onClick={() => onReplace(replaced.from)}>
            Undo
          </Button>
        </p>
      )}
      {characters.length > 0 && (
        <CostlyText text={text} characters={characters} recipients={recipients} onReplace={replace} />
      )}
    </div>
  );
}

interface CostlyTextProps {
  text: string;
  characters: readonly CostlyCharacter[];
  recipients: number;
  onReplace: (replacement: Replacement) => void;
}

function CostlyText({ text, characters, recipients, onReplace }: CostlyTextProps) {
  const plan = planReplacement(text);
  const rest = characters.length - shownCharacters;
  return (
    <div
      role="group"
      aria-label="Characters that make this text dearer"
      className="rounded-md bg-warn-soft p-3"
    >
      <p className="text-warn-text">
        Not in the GSM alphabet, so that a segment holds 70 characters instead of 160:
      </p>
      <ul className="mt-1.5 flex flex-wrap gap-x-3 gap-y-1 text-ink">
        {characters.slice(0, shownCharacters).map(({ character, name, count, place }) => (
          <li key={character}>
            <strong className="font-semibold">{name}</strong>,{' '}
            {count > 1 ? `${formatCount(count)} times, first ` : ''}
            {place}
          </li>
        ))}
        {rest > 0 && <li>and {formatCount(rest)} more</li>}
      </ul>
      <div
        // Scrolled by the keyboard, too.
        tabIndex={0}
        role="group"
        aria-label="Where they are in the text"
        className="mt-2 max-h-32 overflow-y-auto rounded border border-line bg-surface px-2.5 py-1.5 wrap-anywhere whitespace-pre-wrap text-ink-soft"
      >
        {splitCostlyCharacters(text.slice(0, shownLength)).map((piece, index) =>
          piece.costly ? (
            <mark key={index} className="rounded bg-warn-soft px-0.5 font-semibold text-warn-text">
              {nameInvisible(piece.text) ? `[${nameInvisible(piece.text)}]` : piece.text}
            </mark>
          ) : (
            piece.text
          ),
        )}
      </div>
      {plan && (
        <div className="mt-2.5 flex flex-wrap items-center gap-x-3 gap-y-2">
          <Button size="small" onClick={() => onReplace(plan)}>
            Replace {formatNumberOf(plan.count, 'character')}
          </Button>
          <span className="text-ink-soft">{describeSaving(plan, recipients)}</span>
        </div>
      )}
    </div>
  );
}

function describeSaving({ before, after, staysUcs2 }: Replacement, recipients: number): string {
  const saved = before - after;
  if (saved > 0) {
    const credits = recipients > 0 ? `: ${formatNumberOf(saved * recipients, 'credit')} less` : '';
    return `${formatNumberOf(before, 'segment')} become${before === 1 ? 's' : ''} ${formatCount(after)}${credits}.`;
  }
  return staysUcs2
    ? 'Saves nothing while the others are there.'
    : 'Still ' + formatNumberOf(after, 'segment') + ', with more room in it.';
}
