import { expect, test } from 'vitest';
import { isBoxWanted } from './kannel-box';
import type { CarrierLease } from './leases';

const lease = (carrier: string, isOurs: boolean, leftMs = 1_500): CarrierLease => ({
  carrier,
  isOurs,
  leftMs,
  condition: 'usable',
});

test.each<[what: string, leases: CarrierLease[], isWanted: boolean]>([
  ['we hand over to the carrier', [lease('kannel', true)], true],
  ['another worker does', [lease('kannel', false)], false],
  ['another one did, and has died', [lease('kannel', false, 0)], true],
  ['nobody does', [], true],
  ['another worker has another carrier', [lease('mtn', false)], true],
])('a worker is a box where %s: %#', (_, leases, isWanted) => {
  expect(isBoxWanted(leases, 'kannel')).toBe(isWanted);
});
