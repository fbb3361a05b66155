import { z } from 'zod';

/** How far a story has been read: what comes next is older than these. */
export interface StoryCursor {
  messageId: string;
  replyId: string;
  eventId: string;
}

const id = z.string().regex(/^\d{1,18}$/);
const cursorShape = z.tuple([id, id, id]);

export function encodeStoryCursor({ messageId, replyId, eventId }: StoryCursor): string {
  return Buffer.from(JSON.stringify([messageId, replyId, eventId])).toString('base64url');
}

/** @returns null for anything that `encodeStoryCursor` did not make: the story then starts at its latest */
export function decodeStoryCursor(encoded: string | undefined): StoryCursor | null {
  if (!encoded || encoded.length > 120) return null;
  try {
    const parsed = cursorShape.safeParse(JSON.parse(Buffer.from(encoded, 'base64url').toString('utf8')));
    if (!parsed.success) return null;
    const [messageId, replyId, eventId] = parsed.data;
    return { messageId, replyId, eventId };
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
