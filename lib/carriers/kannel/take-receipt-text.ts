import type { Pool } from 'pg';
import { log } from '@/lib/log';
import { findByNetworkId } from '@/lib/messages/find-by-network-id';
import type { ReceiptIntake } from '@/lib/messages/receipt-intake';
import type { IncomingReply } from '@/lib/replies/schema';
import { readReceiptText } from './receipt-text';

/**
 * Takes a receipt that came as a text for what it is.
 *
 * @returns false when it is of no message that is known by the network's id: it is then kept among the
 *   replies that are nobody's, for the staff
 */
export async function takeReceiptText(
  { pool, receipts }: { pool: Pool; receipts: ReceiptIntake },
  { text, from, carrier, carrierMessageId }: IncomingReply,
): Promise<boolean> {
  const receipt = readReceiptText(text);
  if (!receipt) return false;
  const { networkId, status, reason } = receipt;
  const message = await findByNetworkId(pool, from, writings(networkId));
  if (!message) {
    log.warn(
      { carrier, carrierMessageId },
      'A delivery receipt came as a text, of a message that is not known',
    );
    return false;
  }
  await receipts.submit({ ...message, status, reason, carrier });
  return true;
}

/** A network may name a message in decimal digits where it answered in hexadecimal ones, or the other way. */
function writings(id: string): string[] {
  const others = [
    /^\d{1,20}$/.test(id) ? BigInt(id).toString(16) : null,
    /^[\da-f]{1,16}$/i.test(id) ? BigInt(`0x${id}`).toString() : null,
  ];
  const forms = [id, ...others.flatMap((other) => (other === null ? [] : [other, other.toUpperCase()]))];
  return [...new Set(forms)];
}
