import type { Pool } from 'pg';
import { seal, unseal } from '@/lib/auth/seal';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, selectSql, statement } from '@/lib/db/statement';
import type { Env } from '@/lib/env';
import { log } from '@/lib/log';
import type { Route } from '@/lib/messages/routes';
import { tellOfCarriers } from './facts';

/** A carrier as it is configured, with what opens it: never for a page. */
export interface ConfiguredCarrier {
  /** `[a-z0-9-]{1,20}`: in the addresses of its doors, too. */
  name: string;
  kind: 'SIMULATOR' | 'KANNEL';
  /** PAUSED: nothing leaves to it. DRAINING: nothing new does, and what comes from it is still taken. */
  state: 'ACTIVE' | 'PAUSED' | 'DRAINING';
  /** The most messages that are handed over to it in a second. */
  ratePerSecond: number;
  /** How many of them may be without an answer at a time. */
  windowSize: number;
  /** Of Kannel: its sendsms service. */
  address: string | null;
  username: string | null;
  /** Null: it has none, or AUTH_SECRET has changed since. */
  password: string | null;
}

const sealUse = 'carrier password';

/** Encrypts the password of a carrier. */
export function sealPassword(carrier: string, password: string): string {
  return seal(sealUse, carrier, password);
}

const carrierColumns = columnsOf(
  'Carrier',
  'name',
  'kind',
  'state',
  'ratePerSecond',
  'windowSize',
  'address',
  'username',
  'sealedPassword',
);

const selectCarriers = statement({
  name: 'read-carriers',
  columns: carrierColumns,
  sql: () => `select ${selectSql(carrierColumns)} from carrier order by name`,
});

/** All carriers, by name. */
export async function readCarriers(pool: Pool): Promise<ConfiguredCarrier[]> {
  const rows = await selectCarriers.all(pool, {});
  return rows.map(({ sealedPassword, ...carrier }) => ({
    ...carrier,
    password: sealedPassword === null ? null : unseal(sealUse, carrier.name, sealedPassword),
  }));
}

const routeColumns = columnsOf('CarrierRoute', 'prefix', 'priority', 'weight');

const selectRoutes = statement({
  name: 'read-carrier-routes',
  columns: { ...routeColumns, carrier: 'CarrierRoute.carrierName' },
  sql: () => 'select prefix, carrier, priority, weight from carrier_route order by prefix, priority, carrier',
});

/** Which carrier takes which numbers, by prefix. */
export async function readRoutes(pool: Pool): Promise<Route[]> {
  return selectRoutes.all(pool, {});
}

/** How old what {@link findCarrier} knows may be. */
const knownForMs = 2_000;
const known = new WeakMap<Pool, { at: number; carriers: Promise<ConfiguredCarrier[]> }>();

/**
 * A carrier that replies and receipts may come from, whatever its state; undefined when there is none of this
 * name. Reads the table at most every two seconds. Throws when the database is away and nothing is known yet.
 */
export async function findCarrier(pool: Pool, name: string): Promise<ConfiguredCarrier | undefined> {
  let entry = known.get(pool);
  if (!entry || performance.now() - entry.at > knownForMs) {
    const before = entry?.carriers;
    const carriers = readCarriers(pool).catch((error: unknown) => {
      if (!before) {
        known.delete(pool);
        throw error;
      }
      // A database that is away changes nothing about who the carriers are.
      log.warn({ err: error }, 'The carriers could not be read; those known before are still taken');
      return before;
    });
    entry = { at: performance.now(), carriers };
    known.set(pool, entry);
  }
  return (await entry.carriers).find((carrier) => carrier.name === name);
}

/** What the environment says of the first carrier. */
type EnvironmentCarrier = Pick<
  Env,
  | 'CARRIER'
  | 'CARRIER_RATE_PER_SECOND'
  | 'CARRIER_WINDOW'
  | 'KANNEL_SENDSMS_URL'
  | 'KANNEL_USERNAME'
  | 'KANNEL_PASSWORD'
>;

const lockCarriers = statement({
  name: 'lock-carriers',
  sql: () => 'lock table carrier in share row exclusive mode',
});

const putCarrier = statement({
  name: 'put-environment-carrier',
  values: {
    name: 'text',
    kind: 'CarrierKind',
    ratePerSecond: 'int4',
    windowSize: 'int4',
    address: 'text?',
    username: 'text?',
    sealedPassword: 'text?',
    isCorrected: 'bool',
  },
  sql: ($) => `
    insert into carrier (name, kind, rate_per_second, window_size, address, username, sealed_password, from_environment,
      created_at)
    values (${$.name}, ${$.kind}::carrier_kind, ${$.ratePerSecond}, ${$.windowSize}, ${$.address}, ${$.username},
      ${$.sealedPassword}, true, now())
    on conflict (name) do update set kind = excluded.kind, rate_per_second = excluded.rate_per_second,
      window_size = excluded.window_size, address = excluded.address, username = excluded.username,
      sealed_password = excluded.sealed_password, from_environment = true,
      -- it is back, or what stopped it was a mistake in what has now been changed
      state = case when not carrier.from_environment or carrier.problem is not null and ${$.isCorrected} then 'ACTIVE'
        else carrier.state end,
      problem = case when ${$.isCorrected} then null else carrier.problem end,
      problem_at = case when ${$.isCorrected} then null else carrier.problem_at end`,
});

const retireOthers = statement({
  name: 'retire-environment-carriers',
  values: { name: 'text' },
  columns: columnsOf('Carrier', 'name'),
  sql: ($) => `
    update carrier set from_environment = false, state = 'DRAINING'
    where from_environment and name <> ${$.name} returning name`,
});

const moveRoutes = statement({
  name: 'move-carrier-routes',
  values: { from: 'text[]', to: 'text' },
  sql: ($) => `
    with moved as (
      delete from carrier_route where carrier = any (${$.from}) returning prefix, priority, weight
    )
    insert into carrier_route (prefix, carrier, priority, weight)
    select prefix, ${$.to}, min(priority), max(weight) from moved group by prefix
    on conflict do nothing`,
});

const putFirstRoute = statement({
  name: 'put-first-route',
  values: { carrier: 'text' },
  sql: ($) => `
    insert into carrier_route (prefix, carrier) select '', ${$.carrier} where not exists (select from carrier_route)
    on conflict do nothing`,
});

/**
 * Makes the carrier that the environment names, or brings it up to date; for each worker as it starts. When
 * the environment names another one than before, the routes of that one are now this one's, and it drains:
 * its receipts and replies are still taken.
 */
export async function putEnvironmentCarrier(pool: Pool, given: EnvironmentCarrier): Promise<void> {
  const name = given.CARRIER;
  const isKannel = name === 'kannel';
  const next = {
    address: isKannel ? (given.KANNEL_SENDSMS_URL ?? null) : null,
    username: isKannel ? (given.KANNEL_USERNAME ?? null) : null,
    password: isKannel ? (given.KANNEL_PASSWORD ?? null) : null,
  };
  await withTransaction(pool, async (client) => {
    // Workers that start at the same moment do this one after another.
    await lockCarriers.run(client, {});
    const before = (await selectCarriers.all(client, {})).find((carrier) => carrier.name === name);
    const password = before?.sealedPassword ? unseal(sealUse, name, before.sealedPassword) : null;
    const isCorrected =
      before !== undefined &&
      (before.address !== next.address || before.username !== next.username || password !== next.password);
    await putCarrier.run(client, {
      name,
      kind: isKannel ? 'KANNEL' : 'SIMULATOR',
      ratePerSecond: given.CARRIER_RATE_PER_SECOND,
      windowSize: given.CARRIER_WINDOW,
      address: next.address,
      username: next.username,
      sealedPassword: next.password === null ? null : sealPassword(name, next.password),
      isCorrected,
    });
    const retired = (await retireOthers.all(client, { name })).map((carrier) => carrier.name);
    await moveRoutes.run(client, { from: retired, to: name });
    await putFirstRoute.run(client, { carrier: name });
    await tellOfCarriers(client);
  });
}
