import type { ReceiptStatus } from '@/lib/messages/receipts';
import { decodePairs, decodeText, keepStorable } from '../requests';
import type { BoxSms } from './box-messages';
import { readReceiptText } from './receipt-text';

/** What Kannel says of a message. */
export interface KannelReceipt {
  status: ReceiptStatus;
  /** For people, when it failed. */
  reason: string | null;
  /** The network's own id of the message, once it has one. */
  networkId?: string;
}

/** SMPP 3.4 has 65 characters for it. */
const maxNetworkIdLength = 65;

/** By `%d`: one bit of `dlr-mask` each. */
const statuses: ReadonlyMap<string, ReceiptStatus> = new Map([
  ['1', 'delivered'],
  ['2', 'failed'],
  ['4', 'waiting'],
  ['8', 'accepted'],
  ['16', 'refused'],
]);

/**
 * Reads a receipt from the query that {@link composeReceiptUrl} asks for; whose it is, its signature says.
 *
 * @param query what stands behind the question mark, as it came
 * @returns null for a status that Kannel has not got
 */
export function readKannelReceipt(query: string): KannelReceipt | null {
  const fields = new Map(decodePairs(query).map(({ name, bytes }) => [name, bytes]));
  const read = (name: string) => decodeText(fields.get(name) ?? Buffer.alloc(0)).text;
  return readSaid({ status: read('status').trim(), answer: read('answer'), network: read('network') });
}

/** {@link readKannelReceipt} of a receipt that bearerbox itself hands over. */
export function readBoxReceipt({ receiptStatus, content, networkId }: BoxSms): KannelReceipt | null {
  return readSaid({
    status: String(receiptStatus),
    answer: decodeText(content).text,
    network: networkId,
  });
}

function readSaid(said: { status: string; answer: string; network: string }): KannelReceipt | null {
  const status = statuses.get(said.status);
  if (!status) return null;
  const answer = keepStorable(said.answer).trim();
  const network = keepStorable(said.network).trim();
  const named = network !== '' && network.length <= maxNetworkIdLength ? { networkId: network } : {};
  // The network's own words, of a receipt that it sent; Kannel takes a word that it does not know for a
  // failure, "DELIVERED" among them.
  const told = readReceiptText(answer);
  if (told && (status === 'failed' || status === 'refused'))
    return { ...named, status: told.status, reason: told.reason };
  if (status === 'refused') return { ...named, status, reason: describeRefusal(answer) };
  return { ...named, status, reason: status === 'failed' ? 'It could not be delivered.' : null };
}

/** "NACK/11/Invalid Destination Address": what the network answered when it was handed the message. */
function describeRefusal(answer: string): string {
  const words = /^NACK\/(?:[^/]{0,20}\/)?(.{1,100})/s.exec(answer)?.[1]?.replace(/\s+/g, ' ').trim();
  return words ? `The network refused it: ${words}.` : 'The network refused it.';
}
