import { readFileSync } from 'node:fs';
import path from 'node:path';
import { types as pgTypes, type Pool, type PoolClient } from 'pg';
import { toSqlType } from '@/lib/db/sql-types';
import type { RegisteredStatement } from '@/lib/db/statement';
import { describeStatement, type DescribedStatement } from './describe-statement';

/** What statements are compared with: the types and the columns of a migrated database. */
export interface Catalogue {
  /** By number: "int4", "text[]", "opt_out_kind". */
  types: Map<number, string>;
  /** "portal_user.created_at", by "number of the table.number of the column". */
  columns: Map<string, string>;
  /** The type of each, by "portal_user.created_at". */
  columnTypes: Map<string, string>;
}

export async function readCatalogue(pool: Pool): Promise<Catalogue> {
  const types = await pool.query<{ id: number; name: string }>(
    `select type.oid::int as id, coalesce(element.typname || '[]', type.typname) as name
     from pg_type as type left join pg_type as element on element.oid = type.typelem and type.typcategory = 'A'`,
  );
  const columns = await pool.query<{ place: string; name: string; type: number }>(
    `select attrelid::int || '.' || attnum as place, relname || '.' || attname as name, atttypid::int as type
     from pg_attribute join pg_class on pg_class.oid = attrelid
     where relnamespace = 'public'::regnamespace and relkind = 'r' and attnum > 0 and not attisdropped`,
  );
  const typeNames = new Map(types.rows.map(({ id, name }) => [id, name]));
  return {
    types: typeNames,
    columns: new Map(columns.rows.map(({ place, name }) => [place, name])),
    columnTypes: new Map(columns.rows.map(({ name, type }) => [name, typeNames.get(type) ?? String(type)])),
  };
}

/** The columns of all models, "User.createdAt", as PostgreSQL has them, "portal_user.created_at". */
export function readModelColumns(): Map<string, string> {
  const schema = readFileSync(path.join(process.cwd(), 'prisma', 'schema.prisma'), 'utf8');
  const columns = new Map<string, string>();
  for (const [, model, body = ''] of schema.matchAll(/^model (\w+) \{\n(.*?)^\}/gms)) {
    const table = /^\s*@@map\("(\w+)"\)/m.exec(body)?.[1] ?? model;
    for (const [, field = '', rest = ''] of body.matchAll(/^ {2}(\w+) +(.*)$/gm)) {
      columns.set(`${model}.${field}`, `${table}.${/@map\("(\w+)"\)/.exec(rest)?.[1] ?? field}`);
    }
  }
  return columns;
}

/** What a statement says of itself that PostgreSQL does not; nothing when it is right. */
export async function findFaults(
  client: PoolClient,
  catalogue: Catalogue,
  { name, texts, columns, unused }: RegisteredStatement,
): Promise<string[]> {
  const faults = unused.map((value) => `its value "${value}" is not used`);
  for (const { text, types } of texts) {
    try {
      faults.push(...(await findFaultsOfText(client, catalogue, text, types, columns)));
    } catch (error) {
      faults.push(`PostgreSQL refuses it: ${(error as Error).message}`);
    }
  }
  return [...new Set(faults)].map((fault) => `${name}: ${fault}`);
}

async function findFaultsOfText(
  client: PoolClient,
  catalogue: Catalogue,
  text: string,
  types: readonly string[],
  columns: RegisteredStatement['columns'],
): Promise<string[]> {
  const faults: string[] = [];
  const described = await describeStatement(client, text);
  described.parameters.forEach((number, index) => {
    const actual = catalogue.types.get(number);
    const told = toSqlType(types[index] ?? 'nothing');
    if (told !== actual) faults.push(`$${index + 1} is ${actual}, not ${told}`);
  });

  return [...faults, ...findColumnFaults(catalogue, described, columns)];
}

/** What of the columns of an answer is told otherwise than PostgreSQL has it. */
export function findColumnFaults(
  catalogue: Catalogue,
  described: DescribedStatement,
  columns: Readonly<Record<string, string>>,
): string[] {
  const faults: string[] = [];
  const modelColumns = readModelColumns();
  const fields = described.fields.filter(({ dataTypeID }) => catalogue.types.get(dataTypeID) !== 'void');
  for (const { name } of fields) {
    if (!(name in columns)) faults.push(`it answers with a column "${name}" that is not among its columns`);
  }
  for (const [name, told] of Object.entries(columns)) {
    const field = fields.find((one) => one.name === name);
    if (!field) {
      faults.push(`it has no column "${name}"`);
      continue;
    }
    const actual = catalogue.types.get(field.dataTypeID);
    // a declared list names columns as PostgreSQL does
    const plain = told.replace(/\?$/, '');
    const column = modelColumns.get(plain) ?? (catalogue.columnTypes.has(plain) ? plain : undefined);
    const expected = column === undefined ? toSqlType(told) : catalogue.columnTypes.get(column);
    if (actual !== expected) faults.push(`"${name}" is ${actual}, not ${told}`);
    // pg would make a moment of it, in the time zone of the process
    if (actual === 'date') faults.push(`"${name}" is a date: select it as text`);
    // pg reads arrays of the types that it knows, and hands on others, such as those of enums, as one text
    if (actual?.endsWith('[]') && !Array.isArray(pgTypes.getTypeParser(field.dataTypeID)('{}'))) {
      faults.push(`"${name}" is ${actual}, which comes as one text: select it as text[]`);
    }
    const origin = catalogue.columns.get(`${field.tableID}.${field.columnID}`);
    if (column !== undefined && origin !== undefined && origin !== column) {
      faults.push(`"${name}" is read from ${origin}, not ${told}`);
    }
  }
  return faults;
}
