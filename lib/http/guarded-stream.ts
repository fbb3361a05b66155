import { log } from '@/lib/log';

export interface StreamDeadlines {
  /** A reader who takes nothing for so long has gone, or is not going to read it. */
  unreadMs: number;
  /** After which it ends however it is read. */
  longestMs: number;
}

/**
 * Hands a file on to its reader, who has a deadline: what is not read holds a connection to the database, and
 * with it a place that others wait for. A piece is 64 kB or so, so that the deadline is a least speed as
 * well.
 *
 * When time is up the source is cancelled and the stream fails, so that the reader does not take a part for
 * the whole.
 *
 * @param onEnd called once, when it has been read, failed, was cancelled or ran out of time
 */
export function guardStream(
  source: ReadableStream<Uint8Array>,
  { unreadMs, longestMs }: StreamDeadlines,
  onEnd: () => void,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let unread: NodeJS.Timeout | undefined;
  let isOver = false;
  const finish = () => {
    if (isOver) return;
    isOver = true;
    clearTimeout(unread);
    clearTimeout(longest);
    onEnd();
  };
  let fail = (_error: Error) => {};
  const expire = (words: string) => {
    if (isOver) return;
    log.info({ unreadMs, longestMs }, words);
    const error = new Error(words);
    // A source that cannot be cancelled has failed already.
    reader.cancel(error).catch(() => undefined);
    fail(error);
    finish();
  };
  const awaitReader = () => {
    unread = setTimeout(() => expire('A file was not read on, and ended'), unreadMs);
  };
  const longest = setTimeout(() => expire('A file took too long to read, and ended'), longestMs);
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        fail = (error) => controller.error(error);
        awaitReader();
      },
      async pull(controller) {
        clearTimeout(unread);
        try {
          const { done, value } = await reader.read();
          if (isOver) return;
          if (done) {
            finish();
            controller.close();
          } else {
            controller.enqueue(value);
            awaitReader();
          }
        } catch (error) {
          finish();
          controller.error(error);
        }
      },
      cancel(reason) {
        finish();
        return reader.cancel(reason);
      },
    },
    // Nothing is read ahead: the source has a buffer of its own.
    { highWaterMark: 0 },
  );
}
