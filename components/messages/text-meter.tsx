import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { maxTextLength, measureText } from '@/lib/sms/segments';

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
