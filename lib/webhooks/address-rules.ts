import { env, type Env } from '@/lib/env';
import type { AddressRules } from './address';

/** What this installation allows. */
export function readAddressRules(
  settings: Pick<Env, 'NODE_ENV' | 'WEBHOOKS_ALLOW_HTTP' | 'WEBHOOKS_ALLOW_LOOPBACK'> = env,
): AddressRules {
  return {
    allowLoopback: settings.WEBHOOKS_ALLOW_LOOPBACK,
    allowHttp: settings.WEBHOOKS_ALLOW_HTTP ?? settings.NODE_ENV !== 'production',
  };
}
