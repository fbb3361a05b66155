import { maxTextLength, measureText } from '@/lib/sms/segments';
import type { SendRefusal } from './schema';

/**
 * A text as it is kept and sent, and the segments that it takes to each recipient; or why there is none to
 * send.
 */
export function readText(
  typed: string,
): { ok: true; text: string; segments: number } | { ok: false; reason: SendRefusal; message: string } {
  const text = typed.replaceAll('\r\n', '\n').replaceAll('\0', '').toWellFormed();
  if (text.trim() === '') {
    return { ok: false, reason: 'empty-text', message: 'Write a message before you send it.' };
  }
  if (text.length > maxTextLength) {
    return {
      ok: false,
      reason: 'text-too-long',
      message: `The message has ${text.length} characters. Shorten it to ${maxTextLength} or fewer.`,
    };
  }
  return { ok: true, text, segments: measureText(text).segments };
}
