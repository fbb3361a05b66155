import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { programUser } from '@/lib/db/embedded/data-folder';
import { distribute } from '@/lib/db/distribute';
import { applyMigrations } from '@/lib/db/migrate';
import { dropDatabase } from './drop-database';

interface Machine {
  host: string;
  port: number;
}

/** A database server for tests: one PostgreSQL, or the machines of a cluster, the coordinator first. */
export interface TestServer {
  /** Addresses of the owner, of each machine. */
  machines: string[];
  /** The database that test files clone. */
  template: string;
  url(database: string): string;
  programUrl(database: string): string;
  stop(): Promise<void>;
}

/**
 * The Citus cluster at an address of its coordinator, with one database that is migrated and spread, for test
 * files to clone on every machine.
 *
 * @param citusUrl of a superuser, in a database that knows the cluster's machines
 * @param findWay by which address the coordinator is to reach another machine
 */
export async function prepareCitus(
  citusUrl: string,
  findWay: (machine: Machine) => Machine | Promise<Machine> = (machine) => machine,
): Promise<TestServer> {
  // of its own: a cluster may serve several runs
  const template = `template_${randomBytes(6).toString('hex')}`;
  const [{ host, port }, ...workers] = await query<Machine>(
    citusUrl,
    `select nodename as host, nodeport as port from pg_dist_node where isactive order by groupid <> 0, nodeport`,
  ).then((rows) => rows as [Machine, ...Machine[]]);
  const addressOf = (machine: Machine, database: string, user?: string) => {
    const address = new URL(citusUrl);
    address.host = `${machine.host}:${machine.port}`;
    address.pathname = `/${database}`;
    if (user !== undefined) address.username = user;
    return address.href;
  };
  const machines = [{ host, port }, ...workers];
  const servers = machines.map((machine) => addressOf(machine, 'postgres'));
  for (const server of servers) {
    await run(server, `create database ${template}`);
    await run(
      server,
      `do $$ begin create role ${programUser} login; exception when others then null; end $$`,
    );
  }
  for (const machine of machines) await run(addressOf(machine, template), 'create extension citus');
  const url = addressOf({ host, port }, template);
  await run(url, `select citus_set_coordinator_host('${host}', ${port})`);
  for (const worker of workers) {
    const way = await findWay(worker);
    await run(url, `select citus_add_node('${way.host}', ${way.port})`);
  }
  await applyMigrations(url);
  await distribute(url);
  await applyMigrations(url, { programUser });
  // Only a database that nobody is connected to can be cloned; Citus looks after each on a connection.
  for (const server of servers) {
    await run(
      server,
      `alter database ${template} allow_connections false`,
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${template}'`,
    );
  }
  return {
    machines: servers,
    url: (database) => addressOf({ host, port }, database),
    programUrl: (database) => addressOf({ host, port }, database, programUser),
    template,
    async stop() {
      for (const server of servers) await dropDatabase(server, template);
    },
  };
}

async function run(url: string, ...statements: string[]): Promise<void> {
  for (const statement of statements) await query(url, statement);
}

async function query<Row extends object>(url: string, statement: string): Promise<Row[]> {
  const client = new Client({ connectionString: url, options: '-c citus.enable_ddl_propagation=off' });
  await client.connect();
  try {
    return (await client.query<Row>(statement)).rows;
  } finally {
    await client.end();
  }
}
