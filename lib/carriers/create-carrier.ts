import type { Pool } from 'pg';
import { env } from '@/lib/env';
import type { Carrier } from '@/lib/messages/carrier';
import { createSimulatorCarrier } from './simulator';

/** The carrier that CARRIER names. */
export function createCarrier(pool: Pool): Carrier {
  return createSimulatorCarrier(pool, { ratePerSecond: env.CARRIER_RATE_PER_SECOND });
}
