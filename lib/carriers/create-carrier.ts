import type { Pool } from 'pg';
import { env } from '@/lib/env';
import type { Carrier } from '@/lib/messages/carrier';
import { createKannelCarrier } from './kannel/kannel-carrier';
import type { ConfiguredCarrier } from './registry';
import { createSimulatorCarrier } from './simulator';

/** The adapter of a carrier; a text says to staff why there can be none. */
export function createCarrier(
  pool: Pool,
  carrier: ConfiguredCarrier,
): (Carrier & { close?(): void }) | string {
  const { kind, name, ratePerSecond, windowSize, address, username, password } = carrier;
  if (kind === 'SIMULATOR') return createSimulatorCarrier(pool, { ratePerSecond });
  if (address === null || username === null) return 'It has no address or no user name.';
  if (password === null)
    return 'Its password cannot be read, since AUTH_SECRET has changed. Type the password again.';
  return createKannelCarrier({
    name,
    ratePerSecond,
    windowSize,
    address,
    username,
    password,
    listener: env.CARRIER_LISTENER_URL,
  });
}
