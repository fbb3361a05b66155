import 'server-only';
import { z } from 'zod';
import type { AccountReadScope, StaffReadScope } from '@/lib/auth/scope';
import type { ColumnType as ColumnOfSql, ScalarName } from '@/lib/db/sql-types';
import { idSchema } from '@/lib/db/ids';
import { AppError } from '@/lib/http/app-error';
import {
  composeListDownload,
  composeAccountList,
  composeStaffList,
  narrowList,
  type AccountListQuery,
  type AccountListSource,
  type Choice,
} from './account-list';
import type { FileColumn, FileQuery } from './file-query';
import { labelSql } from './label-sql';
import { ListReader, type ListFilter, type ListParams, type ReadList } from './list-search';
import type { ColumnType, ColumnView, FilterView, ListView } from './schema';

/**
 * A list is declared once, in `list.ts` of its feature: its columns, filters, search and words. What its page
 * is told (`view`), what it reads of its URL, its statements (./read-list.ts) and its file follow, so that
 * they agree.
 */

/** A value as a page gets it: numbers too long for JavaScript as digits, moments as ISO 8601 in UTC. */
type Sent<Value> = Value extends bigint | Date ? string : Value;

/**
 * A column; its field is its key. By default it stands in the table, where it can be hidden, and in the file.
 */
interface ColumnDeclaration<Value = unknown> {
  /** What it is called in addresses and by the browser; by default as its field. */
  id?: string;
  label: string;
  type: ColumnType;
  /** Its value in SQL; by default the table's column of the same name. */
  sql?: string;
  /** What a row of a page holds, when that is less: the beginning of a long text. */
  shownSql?: string;
  /** Of `words`: what stands for each value. */
  words?: [Value] extends [string] ? Readonly<Record<Value, string>> : never;
  /** No page shows it. */
  isFileOnly?: true;
  table?:
    | false
    | {
        canHide?: false;
        isOrder?: true;
        /** As CSS has it: columns go by this number (0 where there is none), then as they are declared. */
        order?: number;
      };
  /** What is different in the file: what it is asked for by, its heading, its value. */
  file?: false | { id?: string; label?: string; type?: ColumnType; sql?: string; written?: string };
}

/** A column that is no column of the table: reckoned, or of another table. */
interface ComputedColumn extends ColumnDeclaration<string> {
  sql: string;
  /** It is never null. */
  isThere?: true;
}

/** A value that rows have beside their columns, for what a page says in full. */
interface ComputedField<Value> {
  sql: string;
  /** As PostgreSQL has it. */
  type: ScalarName;
  /** Carries its type; never there. */
  value?: Value;
}

export function computeField<Value>(sql: string, type: ScalarName): ComputedField<Value> {
  return { sql, type };
}

/** A choice among the values of a column, as a parameter of the URL. */
interface FilterDeclaration {
  kind: 'one' | 'several';
  /** The parameter. */
  name: string;
  label: string;
  /** The values that can be chosen, in their order, and the words for them. */
  words: Readonly<Record<string, string>>;
  /** What has the value, as SQL, and the type of it. */
  of: string;
  type: string;
  /** As of {@link Choice}; some values may have an index and others none. */
  isIndexed?: boolean | ((values: readonly string[]) => boolean);
  /**
   * With a choice in this other filter and none here, all values are asked for by name: their index wants
   * one.
   */
  allWith?: string;
  /** As of {@link AccountListQuery}: for each value the condition of an index, for when there are few. */
  whenFew?: Readonly<Record<string, string>>;
  /**
   * As of {@link AccountListQuery}: the condition of an index in the list's order that has all rows of these
   * values.
   */
  branch?: (values: readonly string[]) => string | null;
}

/** What belongs to one thing that a link names by its id, as a parameter of the URL. */
interface IdFilterDeclaration {
  kind: 'id';
  /** The parameter. */
  name: string;
  /** What the list then shows: "One batch". */
  label: string;
  /** The conditions, `id` being SQL of the bigint; one of them has an index in the list's order. */
  where: (id: string) => readonly string[];
}
type AnyFilterDeclaration = FilterDeclaration | IdFilterDeclaration;

type ColumnsFor<Model, Columns> = {
  [Field in keyof Columns]: Field extends keyof Model
    ? ColumnDeclaration<NonNullable<Sent<Model[Field]>>>
    : ComputedColumn;
};

type OrNull<Value, Column> = Column extends { isThere: true } ? Value : Value | null;

type FieldOf<Model, Field, Column> = Field extends keyof Model
  ? Column extends { words: infer Words }
    ? Extract<keyof Words, string> | Extract<Model[Field], null>
    : Sent<Model[Field]>
  : OrNull<Column extends { type: 'integer' } ? number : string, Column>;

type ShownFields<Columns> = {
  [Field in keyof Columns]: Columns[Field] extends { isFileOnly: true } ? never : Field;
}[keyof Columns];

type IdOf<Columns> = {
  [Field in ShownFields<Columns>]: Columns[Field] extends { table: false }
    ? never
    : Columns[Field] extends { id: infer Id extends string }
      ? Id
      : Field & string;
}[ShownFields<Columns>];

type Flat<Type> = { -readonly [Key in keyof Type]: Type[Key] };

type RowOfDeclaration<Model, Columns, Field extends keyof Model, Computed> = Flat<
  { id: string } & { [Key in ShownFields<Columns>]: FieldOf<Model, Key, Columns[Key]> } & {
    [Key in Field]: Sent<Model[Key]>;
  } & { [Key in keyof Computed]: Computed[Key] extends ComputedField<infer Value> ? Value : never }
>;

type ChosenOf<Filters> = {
  [Name in keyof Filters]: Filters[Name] extends { kind: infer Kind; words: infer Words }
    ? Kind extends 'several'
      ? (keyof Words & string)[]
      : (keyof Words & string) | null
    : string | null;
};

/** What a list's rows are and show. */
export interface ListColumns<Row, Id extends string = string, Control extends string = string> {
  view: ListView<Row, Id, Control>;
  /** The columns and fields of a row, as SQL. */
  select: string;
  /** What each of them is for PostgreSQL: `message.status`, or a type. */
  columns: Readonly<Record<string, ColumnOfSql>>;
  /** A row as the database gives it, as a page gets it. */
  toRow: (stored: object) => Row;
  fileColumns: readonly FileColumn[];
}

/** A list of rows that lie in one table. */
export interface List<
  Row,
  Filter,
  Scope extends AccountReadScope | StaffReadScope,
  Id extends string = string,
  Control extends string = string,
> extends ListColumns<Row, Id, Control> {
  /** What its file is called in addresses, and its sheet in a workbook. */
  file: { name: string; sheet: string };
  /** Reads its URL: q, from, to, sort, cursor and its filters. */
  readFilter: (params: ListParams) => ReadList<Filter>;
  /** What page and file read: the rows of this scope that the filter leaves, in their order. */
  describe: (scope: Scope, filter: Filter, timeZone: string) => AccountListQuery;
  /**
   * From the parameters of a URL to the query of a file: those of the list's page, and ?columns=, ids parted
   * by commas.
   *
   * @throws AppError when a filter or a column does not exist: a page shows what it can; a file that is not
   *   what was asked for helps nobody
   */
  prepareFile: (params: ListParams, scope: Scope, timeZone: string) => FileQuery;
}

export type RowOf<Declared extends { toRow: (stored: object) => unknown }> = ReturnType<Declared['toRow']>;

interface ColumnsDeclaration<Columns, Field, Computed, Control extends string> {
  /** What the browser remembers its hidden columns by. */
  name: string;
  label: string;
  /** The table; of a join, the one that has the columns without SQL of their own, and `id`. */
  from: string;
  search: { label: string; placeholder: string } | null;
  columns: Columns;
  /** Columns of the table that rows have beside. */
  fields?: readonly Field[];
  computed?: Computed;
  /** Columns that hold no value: what can be done with the row, or what the page makes of it. */
  controls?: Readonly<Record<Control, { label: string; order?: number; canHide?: true }>>;
  /** The parameters that narrow it, for a list whose filters are not declared. */
  narrowing?: readonly string[];
}

interface ListDeclaration<
  Columns,
  Field,
  Computed,
  Control extends string,
  Filters,
> extends ColumnsDeclaration<Columns, Field, Computed, Control> {
  file: { name: string; sheet: string };
  /** The column that orders the list, before `id`. */
  at: string;
  search: { label: string; placeholder: string } & Omit<AccountListSource, 'table' | 'at'>;
  /** Beside the days. */
  filters: Filters;
}

/**
 * Declares a list of what belongs to accounts, on the model of its table: a column that the table does not
 * have is an error.
 */
export function declareAccountList<Model>() {
  return declareFor<Model, AccountReadScope>(composeAccountList);
}

/** The same for what belongs to no account, for staff. */
export function declareStaffList<Model>() {
  return declareFor<Model, StaffReadScope>(composeStaffList);
}

function declareFor<Model, Scope extends AccountReadScope | StaffReadScope>(
  describeRows: (
    source: AccountListSource,
    scope: Scope,
    filter: ListFilter,
    timeZone: string,
    choices: readonly Choice[],
  ) => AccountListQuery,
) {
  return function declare<
    const Columns extends ColumnsFor<Model, Columns>,
    const Filters extends Readonly<Record<string, AnyFilterDeclaration>>,
    Field extends keyof Model & string = never,
    const Computed extends Readonly<Record<string, ComputedField<unknown>>> = Record<never, never>,
    Control extends string = never,
  >(
    declaration: ListDeclaration<Columns, Field, Computed, Control, Filters>,
  ): List<
    RowOfDeclaration<Model, Columns, Field, Computed>,
    Flat<ListFilter & ChosenOf<Filters>>,
    Scope,
    IdOf<Columns>,
    Control
  > {
    const { label, placeholder, ...sought } = declaration.search;
    const source = { table: declaration.from, at: declaration.at, ...sought };
    const filters = Object.entries<AnyFilterDeclaration>(declaration.filters);
    const columns = declareColumns<Model>()<Columns, Field, Computed, Control>({
      ...declaration,
      search: { label, placeholder },
      narrowing: ['q', ...filters.map(([, { name }]) => name), 'from', 'to'],
    });
    const describe = (scope: Scope, filter: ListFilter, timeZone: string) => {
      const { choices, whenFew, areSeveral, branches } = choose(filters, filter);
      const query = describeRows(source, scope, filter, timeZone, choices);
      const rows = {
        ...query,
        whenFew: areSeveral ? whenFew.map((one) => [one, ...query.conditions].join(' and ')) : whenFew,
        branches: [...query.branches, ...branches],
      };
      return filters.reduce((narrowed, declared) => narrowToId(narrowed, declared, filter), rows);
    };
    return {
      ...columns,
      view: {
        ...columns.view,
        filters: filters.map(([, declared]) => composeFilterView(declared)),
        hasDays: true,
      },
      file: declaration.file,
      readFilter: (params) => readFilter(params, filters) as ReadList<never>,
      describe,
      prepareFile(params, scope, timeZone) {
        // The page one is on does not matter: a file has all of them.
        const { filter, ignored } = readFilter({ ...params, cursor: undefined }, filters);
        if (ignored.length > 0) {
          const named = ignored.join(', ');
          throw new AppError('unknown-filter', `A download has filters that do not exist: ${named}.`, {
            userMessage: `This cannot be filtered by: ${named}. Choose the filters of the list again, then download.`,
          });
        }
        const chosen = [params.columns ?? ''].flat().join(',');
        return composeListDownload(
          describe(scope, filter, timeZone),
          columns.fileColumns,
          chosen === '' ? null : chosen.split(','),
          timeZone,
        );
      },
    };
  };
}

/** Declares what the rows of a list are and show, for one that is read and narrowed in a way of its own. */
export function declareColumns<Model>() {
  return function declare<
    const Columns extends ColumnsFor<Model, Columns>,
    Field extends keyof Model & string = never,
    const Computed extends Readonly<Record<string, ComputedField<unknown>>> = Record<never, never>,
    Control extends string = never,
  >(
    declaration: ColumnsDeclaration<Columns, Field, Computed, Control>,
  ): ListColumns<RowOfDeclaration<Model, Columns, Field, Computed>, IdOf<Columns>, Control> {
    const {
      name,
      label,
      from,
      search,
      fields = [],
      computed = {},
      controls = {},
      narrowing = ['q'],
    } = declaration;
    const sqlOf = (field: string) => `${from}.${nameColumn(field)}`;
    const columns = Object.entries(declaration.columns as Readonly<Record<string, ColumnDeclaration>>).map(
      ([field, column]) => ({ ...column, field, sql: column.sql ?? sqlOf(field) }),
    );
    const shown = columns.filter(({ isFileOnly }) => !isFileOnly);
    const selected = new Map<string, { sql: string; type: string }>([
      ...['id', ...fields].map((field) => [field, { sql: sqlOf(field), type: sqlOf(field) }] as const),
      ...shown.map(({ field, type, sql, shownSql = sql }) => {
        const isOfTable = shownSql === sqlOf(field);
        return [field, { sql: shownSql, type: isOfTable ? shownSql : typesOfColumns[type] }] as const;
      }),
      ...Object.entries<ComputedField<unknown>>(computed),
    ]);
    const names = [...selected.keys()];
    const fileColumns = columns.flatMap((column) => composeFileColumn(column) ?? []);
    return {
      view: {
        name,
        label,
        search,
        columns: composeTable([...shown, ...composeControls(controls)]),
        filters: [],
        hasDays: false,
        narrowing,
        fileColumns: fileColumns.map((column) => ({ id: column.id, label: column.label })),
      },
      select: [...selected].map(([field, { sql }]) => `${sql} as "${field}"`).join(', '),
      columns: Object.fromEntries([...selected].map(([field, { type }]) => [field, type as ColumnOfSql])),
      toRow: (stored) =>
        sendRow(stored as Record<string, unknown>, names) as RowOfDeclaration<
          Model,
          Columns,
          Field,
          Computed
        >,
      fileColumns,
    };
  };
}

/** What a column that is reckoned holds for PostgreSQL. */
const typesOfColumns: Record<ColumnType, ScalarName> = {
  number: 'text',
  'given-number': 'text',
  text: 'text',
  words: 'text',
  integer: 'int4',
  time: 'timestamptz',
};

type NamedColumn = ColumnDeclaration & { field: string; sql: string };

/** "senderNumber" as the database has it: "sender_number". */
function nameColumn(field: string): string {
  return field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function sendRow(stored: Record<string, unknown>, fields: readonly string[]): Record<string, unknown> {
  const row: Record<string, unknown> = {};
  for (const field of fields) {
    const value = stored[field];
    row[field] = value instanceof Date ? value.toISOString() : value;
  }
  return row;
}

type TableColumn = Pick<NamedColumn, 'field' | 'id' | 'label' | 'words' | 'table'> & {
  type: ColumnType | null;
};

function composeTable(columns: readonly TableColumn[]): ColumnView[] {
  const placed = columns.flatMap(({ field, id = field, label, type, words = null, table = {} }) => {
    if (table === false) return [];
    const { order = 0, canHide = true, isOrder = false } = table;
    return [{ order, column: { id, label, type, field, words, canHide, isOrder } }];
  });
  return placed.sort((one, other) => one.order - other.order).map(({ column }) => column);
}

function composeControls(
  controls: Readonly<Record<string, { label: string; order?: number; canHide?: true }>>,
): TableColumn[] {
  return Object.entries(controls).map(([field, { label, order, canHide }]) => ({
    field,
    label,
    type: null,
    table: { order, ...(!canHide && { canHide: false }) },
  }));
}

function composeFileColumn({
  field,
  id = field,
  label,
  type,
  sql,
  words,
  file = {},
}: NamedColumn): FileColumn | null {
  if (file === false) return null;
  return {
    id: file.id ?? id,
    label: file.label ?? label,
    type: file.type ?? type,
    sql: file.sql ?? (words ? labelSql(sql, words) : sql),
    ...(file.written !== undefined && { written: file.written }),
  };
}

function composeFilterView(declared: AnyFilterDeclaration): FilterView {
  const { kind, name, label } = declared;
  if (kind === 'id') return { kind, name, label };
  const options = Object.entries(declared.words).map(([value, word]) => ({ value, label: word }));
  return { kind, name, label, options };
}

/** The list of what belongs to one thing, where its id is asked for. */
function narrowToId(
  query: AccountListQuery,
  [field, declared]: [string, AnyFilterDeclaration],
  filter: object,
): AccountListQuery {
  const id = (filter as Record<string, unknown>)[field];
  if (declared.kind !== 'id' || typeof id !== 'string') return query;
  return narrowList(query, (add) => declared.where(`${add(id)}::bigint`));
}

function readFilter(
  params: ListParams,
  filters: readonly [string, AnyFilterDeclaration][],
): ReadList<ListFilter> {
  const reader = new ListReader(params);
  const chosen = filters.map(([field, declared]) => {
    const { kind, name } = declared;
    if (kind === 'id') return [field, reader.one(name, idSchema)];
    const values = Object.keys(declared.words);
    return [field, kind === 'several' ? reader.several(name, values) : reader.one(name, z.enum(values))];
  });
  return reader.finish(Object.fromEntries(chosen) as Record<string, unknown>);
}

/** What the values of filters come to in SQL. */
interface Chosen {
  choices: Choice[];
  whenFew: string[];
  /** Something is chosen in more than one of them. */
  areSeveral: boolean;
  branches: string[];
}

function choose(filters: readonly [string, AnyFilterDeclaration][], filter: object): Chosen {
  const readValues = (field: string): readonly string[] => {
    const value = (filter as Record<string, readonly string[] | string | null>)[field] ?? null;
    return value === null ? [] : typeof value === 'string' ? [value] : value;
  };
  const chosen: Chosen = { choices: [], whenFew: [], areSeveral: false, branches: [] };
  let count = 0;
  for (const [field, declared] of filters) {
    if (declared.kind === 'id') continue;
    const { of, type, words, isIndexed = false, allWith, whenFew, branch } = declared;
    const values = readValues(field);
    const isImplied = values.length === 0 && allWith !== undefined && readValues(allWith).length > 0;
    chosen.choices.push({
      of,
      type,
      values: isImplied ? Object.keys(words) : values,
      isIndexed: typeof isIndexed === 'function' ? isIndexed(values) : isIndexed,
    });
    // of two filters with such indexes the later one's are asked
    if (whenFew && values.length > 0) chosen.whenFew = values.map((value) => whenFew[value] as string);
    const own = values.length > 0 ? branch?.(values) : null;
    if (own) chosen.branches.push(own);
    if (values.length > 0) count += 1;
  }
  return { ...chosen, areSeveral: count > 1 };
}
