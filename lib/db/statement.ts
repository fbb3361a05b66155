import type { Pool, PoolClient } from 'pg';
import { toArrayLiteral } from '@/lib/db/array-literal';
import { composeTexts, isOfOneServer } from '@/lib/db/one-server';
import {
  toSnakeCase,
  toSqlType,
  type ColumnType,
  type ColumnValue,
  type FieldName,
  type GivenType,
  type GivenValue,
  type ModelName,
} from '@/lib/db/sql-types';

/** Whoever can run a statement: a pool, or the connection of a transaction. */
export type Connection = Pick<Pool | PoolClient, 'query'>;

/**
 * A set of rows that goes in: its columns. "position" is not given, it counts the rows from 1.
 */
type SetColumns = Record<string, GivenType | 'position'>;
export type Given = GivenType | SetColumns;

type GivenRow<Columns> = {
  readonly [Name in keyof Columns as Columns[Name] extends 'position' ? never : Name]: GivenValue<
    Columns[Name]
  >;
};
export type Values<Givens> = {
  readonly [Name in keyof Givens]: Givens[Name] extends GivenType
    ? GivenValue<Givens[Name]>
    : readonly GivenRow<Givens[Name]>[];
};
/** A row with these columns. */
export type Row<Columns> = { -readonly [Name in keyof Columns]: ColumnValue<Columns[Name]> };

/**
 * SQL of each value: `$1`; of a set of rows: `unnest(…) as name (…)`, with the columns' names in snake case.
 */
export type Places<Givens> = { readonly [Name in keyof Givens]: string };

interface Description<Givens, Columns> {
  /** Of all statements of the program; what the log of slow statements and the tests know it by. */
  name: string;
  values?: Givens;
  /** What comes back, by the names that the SQL gives them. Left out: nothing that is read. */
  columns?: Columns;
  /**
   * Plan it anew each time instead of preparing it once for each connection: for a plan that depends on the
   * values, such as an account's size.
   */
  planEachTime?: true;
}

export interface Statement<Givens, Columns, Parts extends unknown[] = []> {
  all(connection: Connection, values: Values<Givens>, ...parts: Parts): Promise<Row<Columns>[]>;
  /** The first row, if there is one. */
  one(connection: Connection, values: Values<Givens>, ...parts: Parts): Promise<Row<Columns> | undefined>;
  /** The row that is always there; throws when it is not. */
  only(connection: Connection, values: Values<Givens>, ...parts: Parts): Promise<Row<Columns>>;
  /** How many rows were written or, of a select, found. */
  run(connection: Connection, values: Values<Givens>, ...parts: Parts): Promise<number>;
}

/** What a test compares with the database. */
export interface RegisteredStatement {
  name: string;
  /** More than one when it has variants. */
  texts: { text: string; types: string[] }[];
  columns: Record<string, ColumnType>;
  /** Values that no text uses. */
  unused: string[];
}

const registered: (() => RegisteredStatement)[] = [];

/**
 * @internal All statements of the modules that were imported, for the test that compares them with the
 *   schema.
 */
export function listStatements(): RegisteredStatement[] {
  return registered.map((describe) => describe());
}

/**
 * @internal The newest one, which a test has described and which is none of the program's: other tests of the
 *   same process do not find it.
 */
export function takeBackStatement(): RegisteredStatement | undefined {
  return registered.pop()?.();
}

/** The type of a statement's rows. */
export type RowOf<Source> = Source extends { all: (...given: never[]) => Promise<(infer One)[]> }
  ? One
  : never;

/**
 * SQL written by hand, with what goes in and what comes out: the one way to run any
 * (docs/decisions/0004-prisma-and-sql.md). Its rows are typed by `columns`; that these and the types of its
 * values are what PostgreSQL says is tested for every statement (testing/statements.test.ts).
 *
 * @example
 * const findKeyword = statement({
 *   name: 'find-keyword',
 *   values: { accountId: 'int4', words: 'text[]' },
 *   columns: { ...columnsOf('AccountKeyword', 'id', 'createdAt'), isLong: 'bool' },
 *   sql: ($) => `select id, created_at as "createdAt", length(word) > 10 as "isLong"
 *     from account_keyword where account_id = ${$.accountId} and word = any (${$.words})`,
 * });
 * const keyword = await findKeyword.one(pool, { accountId, words });
 */
export function statement<
  const Givens extends Record<string, Given> = Record<never, never>,
  const Columns extends Record<string, ColumnType> = Record<never, never>,
>(
  description: Description<Givens, Columns> & { sql: ($: Places<Givens>) => string },
): Statement<Givens, Columns> {
  const { name, columns, sql, planEachTime } = description;
  const composed = compose(description.values, (places) => sql(places as Places<Givens>));
  register(name, description.values, columns, () => [composed]);
  const { oneServerText } = composed;
  const query = (connection: Connection, values: object) => {
    const isShort = oneServerText !== composed.text && isOfOneServer(connection);
    return connection.query<Row<Columns> & object>({
      // A connection that has only just answered may have prepared the other text.
      ...(planEachTime ? {} : { name: isShort ? `${name}-on-one-server` : name }),
      text: isShort ? oneServerText : composed.text,
      values: composed.encode(values),
    });
  };
  return makeStatement(name, query);
}

/**
 * A statement whose text depends on what is asked, such as filters. It has no one plan, and is prepared under
 * no name.
 *
 * @param description `variants`: what can be asked, one for each text that the test is to look at
 */
export function statementOf<
  Parts,
  const Givens extends Record<string, Given>,
  const Columns extends Record<string, ColumnType>,
>(
  description: Omit<Description<Givens, Columns>, 'planEachTime'> & {
    variants: readonly Parts[];
    sql: ($: Places<Givens>, parts: Parts) => string;
  },
): Statement<Givens, Columns, [parts: Parts]> {
  const { name, values: givens, columns, sql, variants } = description;
  const composeFor = (parts: Parts) =>
    compose(givens, (places) => sql(places as Places<Givens>, parts), true);
  register(name, givens, columns, () => variants.map(composeFor));
  return makeStatement(name, (connection, values, parts) => {
    const { text, oneServerText, encode } = composeFor(parts);
    return connection.query<Row<Columns> & object>({
      text: isOfOneServer(connection) ? oneServerText : text,
      values: encode(values),
    });
  });
}

/** Columns of a table, for `columns`; null: they may be null though the table's are not. */
export function columnsOf<Model extends ModelName, const Field extends FieldName<Model>>(
  model: Model,
  ...fields: readonly Field[]
): { [Name in Field]: `${Model}.${Name}` } {
  return Object.fromEntries(fields.map((field) => [field, `${model}.${field}`])) as {
    [Name in Field]: `${Model}.${Name}`;
  };
}

/**
 * SQL that selects columns of one table under the names of their fields: `id, created_at as "createdAt"`.
 *
 * @param alias of the table, where the statement has others beside it
 */
export function selectSql(columns: Record<string, string>, alias?: string): string {
  return Object.entries(columns)
    .map(([name, type]) => {
      const column = toSnakeCase(type.replace(/^.*\./, '').replace(/\?$/, ''));
      const place = alias === undefined ? column : `${alias}.${column}`;
      return column === name ? place : `${place} as "${name}"`;
    })
    .join(', ');
}

function makeStatement<Givens, Columns, Parts extends unknown[]>(
  name: string,
  query: (
    connection: Connection,
    values: object,
    ...parts: Parts
  ) => Promise<{ rows: Row<Columns>[]; rowCount: number | null }>,
): Statement<Givens, Columns, Parts> {
  return {
    all: async (connection, values, ...parts) => (await query(connection, values, ...parts)).rows,
    one: async (connection, values, ...parts) => (await query(connection, values, ...parts)).rows[0],
    only: async (connection, values, ...parts) => {
      const [row] = (await query(connection, values, ...parts)).rows;
      if (row === undefined) throw new Error(`The statement ${name} found no row.`);
      return row;
    },
    run: async (connection, values, ...parts) => (await query(connection, values, ...parts)).rowCount ?? 0,
  };
}

function register(
  name: string,
  givens: Record<string, Given> | undefined,
  columns: Record<string, ColumnType> | undefined,
  composeTexts: () => Composed[],
): void {
  registered.push(() => {
    const composed = composeTexts();
    const used = new Set(composed.flatMap((one) => one.used));
    return {
      name,
      texts: composed.map(({ text, types }) => ({ text, types })),
      columns: columns ?? {},
      unused: Object.keys(givens ?? {}).filter((given) => !used.has(given)),
    };
  });
}

interface Composed {
  text: string;
  /** As one PostgreSQL is sent it, that is no cluster's. */
  oneServerText: string;
  /** Of $1, $2, …, as they were described. */
  types: string[];
  /** The values that the text uses. */
  used: string[];
  encode: (values: object) => unknown[];
}

/**
 * Writes the text. Values are $1, $2, … in the order in which they were described; of variants, in which they
 * are used, so that one that does not use a value does not send it.
 */
function compose(
  givens: Record<string, Given> | undefined,
  write: (places: Record<string, string>) => string,
  isVariant = false,
): Composed {
  const types: string[] = [];
  const encoders: ((values: Record<string, unknown>) => unknown)[] = [];
  const places = new Map<string, string>();

  const place = (name: string): string => {
    const given = givens?.[name];
    if (given === undefined) throw new Error(`The statement has no value "${name}".`);
    if (typeof given === 'string') {
      types.push(given);
      encoders.push((values) => encodeValue(given, values[name]));
      return `$${types.length}`;
    }
    return placeSet(name, given);
  };

  const placeSet = (name: string, set: SetColumns): string => {
    const columns = Object.entries(set).filter(([, type]) => type !== 'position');
    const lists = columns.map(([column, type]) => {
      types.push(`${type.replace(/\?$/, '')}[]`);
      encoders.push((values) =>
        encodeList(
          type,
          (values[name] as Record<string, unknown>[]).map((row) => row[column]),
        ),
      );
      return `$${types.length}::${toSqlType(type)}[]`;
    });
    const position = Object.entries(set).find(([, type]) => type === 'position');
    const names = [...columns, ...(position ? [position] : [])].map(([column]) => toSnakeCase(column));
    return `unnest(${lists.join(', ')})${position ? ' with ordinality' : ''} as ${toSnakeCase(name)} (${names.join(', ')})`;
  };

  const findPlace = (name: string): string => {
    const known = places.get(name) ?? place(name);
    places.set(name, known);
    return known;
  };
  if (!isVariant) for (const name of Object.keys(givens ?? {})) findPlace(name);
  const used = new Set<string>();
  const get = (_: unknown, name: string) => {
    used.add(name);
    return findPlace(name);
  };
  const { anywhere, oneServer } = composeTexts(write(new Proxy<Record<string, string>>({}, { get })));
  return {
    text: anywhere,
    oneServerText: oneServer,
    types,
    used: [...used],
    encode: (values) => encoders.map((encode) => encode(values as Record<string, unknown>)),
  };
}

function encodeValue(type: string, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (type.replace(/\?$/, '').endsWith('[]'))
    return encodeList(type.replace(/\[\]\??$/, ''), value as unknown[]);
  return isJson(type) ? JSON.stringify(value) : value;
}

function encodeList(type: string, values: readonly unknown[]): string {
  if (isJson(type)) {
    return toArrayLiteral(
      values.map((value) => (value === null || value === undefined ? null : JSON.stringify(value))),
    );
  }
  // JSON.stringify asks each moment for its text by a call of its own
  const plain = type.startsWith('timestamptz')
    ? values.map((value) => (value instanceof Date ? value.toISOString() : value))
    : values;
  return toArrayLiteral(plain as (string | number | boolean | null)[]);
}

function isJson(type: string): boolean {
  return /^jsonb?\??$/.test(type);
}
