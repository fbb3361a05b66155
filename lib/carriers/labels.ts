import type { CarrierState } from './schema';

export const carrierStateLabels: Record<CarrierState, string> = {
  ACTIVE: 'Active',
  PAUSED: 'Paused',
  DRAINING: 'Draining',
};

export const carrierKindLabels = { SIMULATOR: 'Simulator', KANNEL: 'Kannel' } as const;

/** The numbers of a route, in words. */
export function describePrefix(prefix: string): string {
  return prefix === '' ? 'Every number' : `+${prefix}…`;
}
