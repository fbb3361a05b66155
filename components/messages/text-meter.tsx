import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { findNonGsmCharacters, maxTextLength, measureText } from '@/lib/sms/segments';

const shownCharacters = 8;

/** What a text takes, while it is typed: segments, room left, and what makes it dear. */
export function TextMeter({ text }: { text: string }) {
  const { encoding, segments, unitsLeft } = measureText(text);
  return (
    <span className="flex flex-wrap justify-between gap-x-4">
      <span>
        {segments === 0 ? (
          '160 characters to a segment'
        ) : (
          <>
            {formatNumberOf(segments, 'segment')}, {formatCount(unitsLeft)} left in{' '}
            {segments === 1 ? 'it' : 'the last'} · {encoding}
          </>
        )}
      </span>
      <span className={text.length > maxTextLength ? 'font-medium text-bad-text' : undefined}>
        {formatCount(text.length)} of {maxTextLength} characters
      </span>
    </span>
  );
}

/** Which characters have halved the room, so that one can replace a curly quote and pay less. */
export function CostlyCharacters({ text }: { text: string }) {
  const characters = findNonGsmCharacters(text);
  if (characters.length === 0) return null;
  const rest = characters.length - shownCharacters;
  return (
    <p className="text-xs text-warn-text">
      {characters.slice(0, shownCharacters).map((character, index) => (
        <span key={character}>
          {index > 0 && ' '}
          <span className="rounded bg-warn-soft px-1 py-0.5 font-mono">{character}</span>
        </span>
      ))}
      {rest > 0 && ` and ${rest} more`} {characters.length === 1 ? 'is' : 'are'} not in the GSM alphabet: a
      segment then holds 70 characters instead of 160.
    </p>
  );
}
