import 'server-only';
import type { Env } from '@/lib/env';
import { KannelBox } from './kannel/box';
import type { CarrierLease } from './leases';
import { takeFromBox, type KannelTools } from './kannel/door';

/**
 * What takes replies and receipts from the bearerbox of the first carrier, where one is named; not begun yet.
 */
export function makeKannelBox(
  tools: KannelTools,
  { CARRIER: carrier, KANNEL_BOX_ADDRESS: address }: Pick<Env, 'CARRIER' | 'KANNEL_BOX_ADDRESS'>,
): KannelBox | null {
  if (carrier !== 'kannel' || address === undefined) return null;
  const at = address.lastIndexOf(':');
  return new KannelBox({
    host: address.slice(0, at).replace(/^\[(.*)\]$/, '$1'),
    port: Number(address.slice(at + 1)),
    take: (sms, signal) => takeFromBox(tools, carrier, sms, signal),
  });
}

/**
 * Whether a worker is to be a box of its carrier's Kannel: not while another one hands over to that carrier,
 * so that what arrives together is recorded together. While nobody does (the carrier is paused, or away) all
 * are, as it still brings what it has.
 */
export function isBoxWanted(leases: readonly CarrierLease[], carrier: string): boolean {
  return !leases.some((lease) => lease.carrier === carrier && !lease.isOurs && lease.leftMs > 0);
}
