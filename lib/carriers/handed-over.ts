import { readOrBlame, UnreadableError } from '@/lib/db/content-errors';
import type { CarrierDoor } from '@/lib/db/generated/enums';
import type { BoxSms } from './kannel/box-messages';
import { readBoxReply, readKannelReply, type KannelReply } from './kannel/reply-request';
import { parseReplyRequest } from './requests';

/** A reply as a carrier handed it over: all of it, so that it can be read anew at any time. */
export interface HandedOver {
  carrier: string;
  door: CarrierDoor;
  /**
   * BOX: {@link packBoxSms}. KANNEL: what stands behind the question mark. CARRIER: the body, which
   * `contentType` goes with.
   */
  content: Buffer;
  contentType: string | null;
  receivedAt: Date;
}

/** All that bearerbox said of a reply. */
export function packBoxSms({ header, content, ...rest }: BoxSms): Buffer {
  return Buffer.from(
    JSON.stringify({ ...rest, header: header.toString('base64'), content: content.toString('base64') }),
  );
}

function unpackBoxSms(packed: Buffer): BoxSms {
  const { header, content, ...rest } = JSON.parse(packed.toString()) as Record<keyof BoxSms, never>;
  return { ...rest, header: Buffer.from(header, 'base64'), content: Buffer.from(content, 'base64') };
}

/** Reads it as its door does. Throws an {@link UnreadableError} when that cannot be done. */
export function readHandedOver({ carrier, door, content, contentType }: HandedOver, now: Date): KannelReply {
  return readOrBlame(() => {
    if (door === 'BOX') return readBoxReply(carrier, unpackBoxSms(content), now);
    if (door === 'KANNEL') return readKannelReply(carrier, content.toString('latin1'), now);
    const parsed = parseReplyRequest(carrier, contentType ?? '', content);
    if (!parsed.ok) throw new UnreadableError(parsed.problem);
    return { reply: { ...parsed.value, receivedAt: now }, lacks: [] };
  });
}
