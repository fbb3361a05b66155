import type { Client } from 'pg';
import { withClient } from '@/lib/db/with-client';

/*
 * Two users of the database (docs/decisions/0038-privacy.md): the owner, who migrates, and the program's,
 * which reads and writes rows. The second cannot take away what protects the histories: their triggers,
 * their tables, the rows in them.
 */

/** Tables whose rows stay as they were written: those with the trigger that refuses changes. */
const historiesSql = `
  select distinct tgrelid::regclass::text as name from pg_trigger
  where tgfoid = to_regproc('refuse_change')::oid and not tgisinternal order by 1`;

/** Tables of the job queue let nobody but their owner see a row. */
const closedTablesSql = `
  select oid::regclass::text as name from pg_class
  where relnamespace = to_regnamespace('graphile_worker') and relrowsecurity
    and not exists (
      select from pg_policy
      where polrelid = pg_class.oid and polname = 'client_zone_program' and polroles = array[to_regrole($1)::oid])
  order by 1`;

/**
 * Lets a user do what web and worker do, and no more: every start does it, so that a new table is covered,
 * and a new history closed.
 *
 * @param client of the owner, who has migrated
 * @param user whom web and worker sign in as
 */
export async function grantToProgram(client: Client, user: string): Promise<void> {
  const { rows } = await client.query<{ isOwner: boolean }>('select current_user = $1 as "isOwner"', [user]);
  if (rows[0]?.isOwner) return;
  const role = client.escapeIdentifier(user);
  const list = async (sql: string, values: string[] = []) =>
    (await client.query<{ name: string }>(sql, values)).rows.map(({ name }) => name);
  const schemas = 'public, graphile_worker';
  await client.query('begin');
  try {
    await client.query(`
      revoke all on all tables in schema ${schemas} from ${role};
      grant usage on schema ${schemas} to ${role};
      grant select, insert, update, delete on all tables in schema ${schemas} to ${role};
      grant usage, select on all sequences in schema ${schemas} to ${role};
      grant execute on all functions in schema ${schemas} to ${role};
      revoke insert, update, delete on _prisma_migrations, graphile_worker.migrations from ${role};
      alter default privileges in schema public grant select, insert, update, delete on tables to ${role};
      alter default privileges in schema public grant usage, select on sequences to ${role};
      alter default privileges in schema public grant execute on functions to ${role}`);
    for (const table of await list(historiesSql)) {
      await client.query(`revoke update, delete on ${table} from ${role}`);
    }
    for (const table of await list(closedTablesSql, [role])) {
      await client.query(`drop policy if exists client_zone_program on ${table};
        create policy client_zone_program on ${table} to ${role} using (true) with check (true)`);
    }
    await client.query('commit');
  } catch (error) {
    await client.query('rollback').catch(() => undefined);
    throw error;
  }
}

/** Whom an address signs in as: the name in it need not be the one the database knows. */
export async function readUser(url: string): Promise<string> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ name: string }>('select current_user as name');
    return String(rows[0]?.name);
  });
}

/**
 * What a user could do that the program's must not, in words that follow "it"; nothing when all is as it
 * should be. For a database that has been migrated.
 */
export async function listExcessRights(url: string): Promise<string[]> {
  return withClient(url, async (client) => {
    const { rows } = await client.query<{ superuser: boolean; owner: boolean; create: boolean }>(`
      select (select rolsuper from pg_roles where rolname = current_user) as superuser,
        exists (
          select from pg_class
          where relnamespace = 'public'::regnamespace and relkind = 'r' and pg_has_role(relowner, 'USAGE')
        ) as owner,
        has_schema_privilege('public', 'CREATE') as "create"`);
    const { superuser, owner, create } = rows[0] ?? {};
    if (superuser) return ['is a superuser'];
    return [owner && 'owns the tables', create && 'may make tables'].filter(
      (right) => typeof right === 'string',
    );
  });
}

/** Makes the user of the embedded database's program, or gives it its password anew. */
export async function ensureProgramUser(url: string, user: string, password: string): Promise<void> {
  await withClient(url, async (client) => {
    const role = client.escapeIdentifier(user);
    const { rowCount } = await client.query('select from pg_roles where rolname = $1', [user]);
    if (rowCount === 0) await client.query(`create role ${role}`);
    await client.query(
      `alter role ${role} login nosuperuser nocreatedb nocreaterole password ${client.escapeLiteral(password)}`,
    );
  });
}
