import { formatCount } from './format-count';

interface CutNoteProps {
  /** What is shown of it. */
  text: string;
  /** How many characters it has; null: all of them are shown. */
  wholeLength: number | null;
  /** Where the whole of it is, as a file. */
  href: string;
}

/** Below the beginning of a long text: that it is one, and the way to the rest. */
export function CutNote({ text, wholeLength, href }: CutNoteProps) {
  if (wholeLength === null) return null;
  return (
    <p className="mt-1 text-xs text-ink-soft">
      Cut here: the first {formatCount([...text].length)} of {formatCount(wholeLength)} characters.{' '}
      <a href={href} download className="text-accent-text underline underline-offset-4">
        Download the whole text
      </a>
    </p>
  );
}
