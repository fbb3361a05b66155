import { CutNote } from '@/components/ui/cut-note';
import { Time } from '@/components/ui/time';
import type { ReplyEvidence } from '@/lib/stories/schema';

interface QuotedReplyProps {
  evidence: ReplyEvidence;
  timeZone: string;
  /** Where the whole of it is, should it be a long one. */
  wholeHref: string;
}

/** What a recipient wrote, word for word, and the message it answered. */
export function QuotedReply({ evidence, timeZone, wholeHref }: QuotedReplyProps) {
  return (
    <figure>
      <blockquote className="border-l-2 border-accent-text pl-3.5 text-lg wrap-anywhere whitespace-pre-wrap">
        {evidence.text || <span className="text-ink-faint italic">Empty text</span>}
      </blockquote>
      <CutNote text={evidence.text} wholeLength={evidence.wholeLength} href={wholeHref} />
      {evidence.answered && (
        <figcaption className="mt-1.5 pl-4 text-sm text-ink-soft">
          Answers “{evidence.answered.text}”{' '}
          <span className="whitespace-nowrap">
            of <Time value={evidence.answered.sentAt} timeZone={timeZone} />
          </span>
        </figcaption>
      )}
    </figure>
  );
}
