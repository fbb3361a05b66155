import { clsx } from 'clsx';

/** The text of an SMS, word for word: ours at the left, the recipient's at the right. */
export function SmsBubble({ isReply = false, children }: { isReply?: boolean; children: string }) {
  return (
    <p
      className={clsx(
        'w-fit max-w-prose rounded-lg px-3 py-2 text-base wrap-anywhere whitespace-pre-wrap',
        isReply ? 'ml-auto rounded-br-sm bg-accent-soft' : 'rounded-bl-sm bg-hover',
      )}
    >
      {children || <span className="text-ink-soft italic">Empty text</span>}
    </p>
  );
}
