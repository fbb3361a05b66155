import 'server-only';
import type { Env } from '@/lib/env';
import { KannelBox } from './kannel/box';
import { takeFromBox, type KannelTools } from './kannel/door';

/**
 * Begins to take replies and receipts from the bearerbox of the first carrier, where one is named; each
 * worker does, whichever hands over to that carrier, and bearerbox shares them out.
 */
export function startKannelBox(
  tools: KannelTools,
  { CARRIER: carrier, KANNEL_BOX_ADDRESS: address }: Pick<Env, 'CARRIER' | 'KANNEL_BOX_ADDRESS'>,
): KannelBox | null {
  if (carrier !== 'kannel' || address === undefined) return null;
  const at = address.lastIndexOf(':');
  const box = new KannelBox({
    host: address.slice(0, at).replace(/^\[(.*)\]$/, '$1'),
    port: Number(address.slice(at + 1)),
    take: (sms) => takeFromBox(tools, carrier, sms),
  });
  box.start();
  return box;
}
