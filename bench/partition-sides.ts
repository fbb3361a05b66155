import type { Pool } from 'pg';
import { mintAccountScope } from '@/lib/auth/scope';
import { acceptMessages } from '@/lib/messages/commands';
import type { BenchRow } from './bench-row';
import { largeAccountId } from './seed-partitions';

export const scope = mintAccountScope(largeAccountId, { system: 'bench' });
const text = 'Our winter sale starts on Friday: 20 % off everything in store. Reply STOP to opt out.';

/** The two tables, each as the program finds it. */
export interface Pools {
  plain: Pool;
  monthly: Pool;
}

/** A row that is there for information. */
export function describe(name: string, ratio: number, detail: string): BenchRow {
  return { name, against: 'the table as it is', ratio, floor: 0, goal: 0, better: 'lower', detail };
}

/** A batch of service messages of the large account. */
export async function accept(pool: Pool, recipients: readonly string[]): Promise<void> {
  const idempotencyKey = crypto.randomUUID();
  const result = await acceptMessages(pool, scope, {
    recipients: [...recipients],
    text,
    idempotencyKey,
    purpose: 'SERVICE',
  });
  if (!result.ok) throw new Error('A batch was not accepted.');
}
