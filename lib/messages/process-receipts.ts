import 'server-only';
import { getPool } from '@/lib/db/client';
import { createReceiptIntake, type ReceiptIntake } from './receipt-intake';

const kept = globalThis as typeof globalThis & { clientZoneReceiptIntake?: ReceiptIntake };

/** The intake of this web process: all its requests gather in one. */
export function getReceiptIntake(): ReceiptIntake {
  return (kept.clientZoneReceiptIntake ??= createReceiptIntake(getPool()));
}
