import type { Pool, PoolClient } from 'pg';
import { recordAudit } from '@/lib/audit/commands';
import type { StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, statement } from '@/lib/db/statement';
import { tellOfCarriers } from './facts';
import { outstandingSql } from './outstanding-sql';
import { sealPassword } from './registry';
import type { CarrierInput, CarrierState, RouteInput } from './schema';

type Result = { ok: true } | { ok: false; message: string; fields?: Record<string, string> };

const gone = { ok: false, message: 'This carrier has been removed meanwhile. Reload the page.' } as const;

const nameTarget = (name: string) => `Carrier ${name}`;

const findCarrierForChange = statement({
  name: 'find-carrier-for-change',
  values: { name: 'text' },
  columns: columnsOf('Carrier', 'state', 'kind', 'fromEnvironment', 'problem', 'address', 'username'),
  sql: ($) => `
    select state, kind, from_environment as "fromEnvironment", problem, address, username
    from carrier where name = ${$.name} for update`,
});

const putState = statement({
  name: 'set-carrier-state',
  values: { name: 'text', state: 'CarrierState' },
  sql: ($) => `
    update carrier set state = ${$.state}::carrier_state,
      problem = case when ${$.state} = 'ACTIVE' then null else problem end,
      problem_at = case when ${$.state} = 'ACTIVE' then null else problem_at end
    where name = ${$.name}`,
});

/** Pauses, drains or resumes a carrier; every worker is told, and follows. */
export async function setCarrierState(
  pool: Pool,
  scope: StaffScope,
  { name, state }: { name: string; state: CarrierState },
): Promise<Result> {
  return withTransaction(pool, async (client): Promise<Result> => {
    const before = await findCarrierForChange.one(client, { name });
    if (!before) return gone;
    // Pressed twice, or by two people: it is as they wished.
    if (before.state === state) return { ok: true };
    await putState.run(client, { name, state });
    await tell(client, scope, 'carrier.set-state', nameTarget(name), { before: before.state, after: state });
    return { ok: true };
  });
}

const insertCarrier = statement({
  name: 'insert-carrier',
  values: {
    name: 'text',
    address: 'text',
    username: 'text',
    sealedPassword: 'text',
    ratePerSecond: 'int4',
    windowSize: 'int4',
  },
  sql: ($) => `
    insert into carrier (name, kind, address, username, sealed_password, rate_per_second, window_size, created_at)
    values (${$.name}, 'KANNEL', ${$.address}, ${$.username}, ${$.sealedPassword}, ${$.ratePerSecond}, ${$.windowSize},
      now())
    on conflict do nothing`,
});

/** Adds a carrier of Kannel's. It gets messages once it has a route. */
export async function addCarrier(pool: Pool, scope: StaffScope, input: CarrierInput): Promise<Result> {
  const { password, ...rest } = input;
  if (password === '')
    return { ok: false, message: 'Type the password.', fields: { password: 'Type the password.' } };
  return withTransaction(pool, async (client): Promise<Result> => {
    const sealedPassword = sealPassword(rest.name, password);
    if ((await insertCarrier.run(client, { ...rest, sealedPassword })) === 0) {
      const message = 'There is a carrier of this name already.';
      return { ok: false, message, fields: { name: message } };
    }
    await tell(client, scope, 'carrier.save', nameTarget(rest.name), { after: rest });
    return { ok: true };
  });
}

const updateCarrier = statement({
  name: 'update-carrier',
  values: {
    name: 'text',
    address: 'text',
    username: 'text',
    sealedPassword: 'text?',
    ratePerSecond: 'int4',
    windowSize: 'int4',
  },
  sql: ($) => `
    update carrier set address = ${$.address}, username = ${$.username}, rate_per_second = ${$.ratePerSecond},
      window_size = ${$.windowSize}, sealed_password = coalesce(${$.sealedPassword}, sealed_password)
    where name = ${$.name}`,
});

/**
 * Changes a carrier of Kannel's. One that the program has paused stays so until somebody has it go on.
 */
export async function changeCarrier(pool: Pool, scope: StaffScope, input: CarrierInput): Promise<Result> {
  const { password, ...rest } = input;
  return withTransaction(pool, async (client): Promise<Result> => {
    const before = await findCarrierForChange.one(client, { name: rest.name });
    if (!before || before.kind !== 'KANNEL') return gone;
    if (before.fromEnvironment) return ofEnvironment;
    const sealedPassword = password === '' ? null : sealPassword(rest.name, password);
    await updateCarrier.run(client, { ...rest, sealedPassword });
    const { address, username } = before;
    await tell(client, scope, 'carrier.save', nameTarget(rest.name), {
      before: { address, username },
      after: rest,
      ...(sealedPassword && { password: 'changed' }),
    });
    return { ok: true };
  });
}

const ofEnvironment = {
  ok: false,
  message:
    'This carrier is set by the environment of the program. Change it there and start the workers again.',
} as const;

const hasUnfinished = statement({
  name: 'has-carrier-unfinished-messages',
  values: { name: 'text' },
  columns: { has: 'bool' },
  sql: ($) => `
    select ${outstandingSql($.name)
      .map((where) => `exists (select 1 from message where ${where})`)
      .join(' or ')} as has`,
});

const deleteCarrier = statement({
  name: 'delete-carrier',
  values: { name: 'text' },
  sql: ($) => `
    with facts as (
      delete from carrier_worker where carrier = ${$.name}
    ), lease as (
      delete from carrier_lease where carrier = ${$.name}
    ), minutes as (
      delete from carrier_minute where carrier = ${$.name}
    )
    delete from carrier where name = ${$.name}`,
});

/** Removes a carrier with its routes, once it drains or is paused and nothing is with it any more. */
export async function removeCarrier(
  pool: Pool,
  scope: StaffScope,
  { name }: { name: string },
): Promise<Result> {
  return withTransaction(pool, async (client): Promise<Result> => {
    const carrier = await findCarrierForChange.one(client, { name });
    if (!carrier) return gone;
    if (carrier.fromEnvironment) return ofEnvironment;
    if (carrier.state === 'ACTIVE') return { ok: false, message: 'Drain it first, so that nothing is lost.' };
    if ((await hasUnfinished.only(client, { name })).has) {
      return {
        ok: false,
        message: 'Messages that are with it still wait for their receipts. Try again later.',
      };
    }
    await deleteCarrier.run(client, { name });
    await tell(client, scope, 'carrier.remove', nameTarget(name), { state: carrier.state });
    return { ok: true };
  });
}

const nameRoute = ({ prefix, carrier }: { prefix: string; carrier: string }) =>
  `Route ${prefix === '' ? 'of every number' : prefix} by ${carrier}`;

const putRoute = statement({
  name: 'put-route',
  values: { prefix: 'text', carrier: 'text', priority: 'int4', weight: 'int4' },
  sql: ($) => `
    insert into carrier_route (prefix, carrier, priority, weight)
    values (${$.prefix}, ${$.carrier}, ${$.priority}, ${$.weight})
    on conflict (prefix, carrier) do update set priority = excluded.priority, weight = excluded.weight`,
});

/** Adds a route, or changes the one of this prefix and carrier. */
export async function saveRoute(pool: Pool, scope: StaffScope, route: RouteInput): Promise<Result> {
  return withTransaction(pool, async (client): Promise<Result> => {
    if (!(await findCarrierForChange.one(client, { name: route.carrier }))) return gone;
    await putRoute.run(client, route);
    await tell(client, scope, 'route.save', nameRoute(route), { ...route });
    return { ok: true };
  });
}

const deleteRoute = statement({
  name: 'delete-route',
  values: { prefix: 'text', carrier: 'text' },
  sql: ($) => `delete from carrier_route where prefix = ${$.prefix} and carrier = ${$.carrier}`,
});

/** Removes a route; whoever removed it first has done it. */
export async function removeRoute(
  pool: Pool,
  scope: StaffScope,
  route: { prefix: string; carrier: string },
): Promise<Result> {
  return withTransaction(pool, async (client): Promise<Result> => {
    if ((await deleteRoute.run(client, route)) === 0) return { ok: true };
    await tell(client, scope, 'route.remove', nameRoute(route), { ...route });
    return { ok: true };
  });
}

async function tell(
  client: PoolClient,
  scope: StaffScope,
  action: 'carrier.set-state' | 'carrier.save' | 'carrier.remove' | 'route.save' | 'route.remove',
  target: string,
  details: Record<string, unknown>,
): Promise<void> {
  await recordAudit(client, scope, { action, target, accountId: null, details });
  await tellOfCarriers(client);
}
