import type { Pool } from 'pg';
import { statement } from '@/lib/db/statement';
import { tellOfCarriers } from './facts';

/** How a worker finds a carrier. `probing`: it was away, and is tried with one message; `out`: left alone. */
export type Condition = 'usable' | 'probing' | 'out';

/** Who hands over to a carrier. */
export interface CarrierLease {
  carrier: string;
  /** This worker does. */
  isOurs: boolean;
  /** As whoever holds it finds the carrier. */
  condition: Condition;
  /** Until it ends, in milliseconds; below 0: it has ended, and nobody has taken it yet. */
  leftMs: number;
}

/** A worker that has said nothing for so long hands over no more: another one does. */
export const usualLeaseMs = 2_000;

/** SQL of whether a lease has not ended. None is so long: of such a one the database's clock was set back. */
const isLiveSql = (heldUntil: string) =>
  `(${heldUntil} > now() and ${heldUntil} <= now() + interval '1 minute')`;

const keep = statement({
  name: 'keep-carrier-leases',
  values: { worker: 'text', leaseMs: 'int4', given: { carrier: 'text', condition: 'text' } },
  columns: { carrier: 'text', isOurs: 'bool', condition: 'text', leftMs: 'int4' },
  sql: ($) => `
    with wanted as materialized (
      select given.carrier, given.condition, ${$.worker}::text as worker,
        now() + make_interval(secs => ${$.leaseMs}::int / 1000.0) as held_until,
        lease.worker is not distinct from ${$.worker} as is_ours,
        lease.worker <> ${$.worker} and ${isLiveSql('lease.held_until')} and lease.condition <> 'out' as is_kept
      from ${$.given} left join carrier_lease as lease on lease.carrier = given.carrier
    ), claimed as (
      select * from wanted where is_ours
      union all
      -- one at a time, so that workers that begin together share the carriers
      (select * from wanted
       where not is_ours and is_kept is not true and condition <> 'out' order by carrier limit 1)
    ), held as (
      insert into carrier_lease (carrier, worker, held_until, condition)
      select carrier, worker, held_until, condition from claimed order by carrier
      on conflict (carrier) do update set worker = excluded.worker, held_until = excluded.held_until,
        condition = excluded.condition
      -- of two that see it free the first gets it
      where carrier_lease.worker = excluded.worker or not ${isLiveSql('carrier_lease.held_until')}
        or carrier_lease.condition = 'out' and excluded.condition <> 'out'
      returning carrier, worker, condition, held_until
    )
    select carrier, worker = ${$.worker} as "isOurs", condition,
      -- of one that ended long ago, milliseconds would be no integer
      (greatest(-60, least(60, extract(epoch from held_until - now()))) * 1000)::int as "leftMs"
    from (
      select carrier, worker, condition, held_until from held
      union all
      select carrier, worker, condition, held_until from carrier_lease
      where carrier not in (select carrier from held)
    ) as lease`,
});

/**
 * Keeps the leases of a worker, and takes one that is free: that nobody has, whose worker has said nothing
 * for a while, or whose worker cannot reach the carrier and this one may. It is no lock that anything rests
 * on: of two workers that both hand over, each claims other messages.
 *
 * @param wanted the carriers that this worker would hand over to, and how it finds them
 * @returns the leases of all carriers that have one
 */
export async function keepLeases(
  pool: Pool,
  worker: string,
  wanted: readonly { carrier: string; condition: Condition }[],
  leaseMs = usualLeaseMs,
): Promise<CarrierLease[]> {
  return (await keep.all(pool, { worker, leaseMs, given: wanted })) as CarrierLease[];
}

const giveBack = statement({
  name: 'give-back-carrier-leases',
  values: { worker: 'text', carriers: 'text[]' },
  sql: ($) => `delete from carrier_lease where worker = ${$.worker} and carrier = any (${$.carriers})`,
});

/** Lets others hand over to these, and tells them. */
export async function giveBackLeases(pool: Pool, worker: string, carriers: readonly string[]): Promise<void> {
  if ((await giveBack.run(pool, { worker, carriers })) > 0) await tellOfCarriers(pool);
}
