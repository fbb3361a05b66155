import type { AccountReadScope, StaffReadScope } from '@/lib/auth/scope';
import type { ListFilter, SortOrder } from './list-search';
import { chooseColumns, type FileColumn, type FileQuery } from './file-query';
import { readNumberPart } from './number-parts';

/**
 * SQL of whose list it is, for what a column looks up elsewhere: the first value of every list of an account.
 * As a value a cluster knows by it where those rows lie; as another column it asks every machine, or refuses.
 */
export const listedAccount = '$1';

/** What the lists of an account have in common: whose they are, how they are ordered and searched. */
export interface AccountListSource {
  table: string;
  /** The column that orders the list, before `id`. */
  at: string;
  /** What a search looks into, beside the number: a column, or SQL of a text in brackets. */
  text: string;
  /** Its rows are about no number, so that a search looks into the text alone. */
  hasNoNumber?: true;
  /**
   * The index paths to rows with a part of a number, or with a text, where a plain condition finds no index.
   */
  findByNumberPart?: (condition: string, fives: string) => IndexPath[];
  findByText?: (condition: string, pattern: string) => IndexPath[];
}

/**
 * How an index finds rows without reading the list: a condition; or SQL of rows of the table, of which the
 * first `limit` in the list's order are enough.
 */
export type IndexPath = string | ((part: { where: string; order: 'asc' | 'desc'; limit: number }) => string);

/** A filter's choice among the values of a column. */
export interface Choice {
  /** A column or an expression, as SQL. */
  of: string;
  type: string;
  /** Empty: any value. */
  values: readonly string[];
  /**
   * There is an index on the account, all such choices that are made and the list's order: the rows of one
   * value lie together.
   */
  isIndexed?: boolean;
}

/** The rows of a list: what its page and its file are both made of, so that the two agree. */
export interface AccountListQuery {
  table: string;
  at: string;
  sort: SortOrder;
  accountId: number;
  /** Whose; of a list that belongs to no account, "true". */
  account: string;
  /** Whose, and from when to when. */
  range: string[];
  /** When there are any, one of them is true of each row; each has an index in the list's order. */
  branches: string[];
  /** What else is true of each row. */
  conditions: string[];
  /**
   * Together the same rows as the conditions: each has an index of its own, for when there are few. None:
   * there is no such index.
   */
  whenFew: string[];
  search: {
    condition: string;
    /** Together they find the same rows. None: no index would be of use. */
    indexPaths: IndexPath[];
    /** Whether the rows are so few that an index is asked at once. */
    isSelective: boolean;
  } | null;
  /** The values of $1, $2, … */
  values: (string | number)[];
}

export function composeAccountList(
  source: AccountListSource,
  scope: AccountReadScope,
  filter: ListFilter,
  timeZone: string,
  choices: readonly Choice[] = [],
): AccountListQuery {
  return composeList(source, scope, filter, timeZone, choices);
}

/** A list of what belongs to no account, for the staff; otherwise as those of accounts. */
export function composeStaffList(
  source: AccountListSource,
  _scope: StaffReadScope,
  filter: ListFilter,
  timeZone: string,
  choices: readonly Choice[] = [],
): AccountListQuery {
  return composeList(source, null, filter, timeZone, choices);
}

function composeList(
  source: AccountListSource,
  scope: AccountReadScope | null,
  { search, from, to, sort }: ListFilter,
  timeZone: string,
  choices: readonly Choice[],
): AccountListQuery {
  const { table } = source;
  const at = `${table}.${source.at}`;
  const values: (string | number)[] = [];
  const add = (value: string | number) => `$${values.push(value)}`;
  // the first value of all: {@link listedAccount}
  const account = scope ? `${table}.account_id = ${add(scope.accountId)}` : 'true';
  const range = [account];
  if (from !== null) range.push(`${at} >= ${add(from)}::date::timestamp at time zone ${add(timeZone)}`);
  if (to !== null) range.push(`${at} < (${add(to)}::date + 1)::timestamp at time zone ${add(timeZone)}`);

  const made = choices
    .filter((choice) => choice.values.length > 0)
    .map(({ of, type, values, isIndexed }) => ({
      isIndexed,
      conditions: values.map((value) => `${of} = ${add(value)}::${type}`),
    }));
  const indexed = made.filter(({ isIndexed }) => isIndexed).map(({ conditions }) => conditions);
  return {
    table,
    at,
    sort,
    accountId: scope?.accountId ?? 0,
    account,
    range,
    branches: indexed.length > 0 ? combine(indexed) : [],
    conditions: made.filter(({ isIndexed }) => !isIndexed).map(({ conditions }) => anyOf(conditions)),
    whenFew: [],
    search: composeSearch(source, scope, search, add),
    values,
  };
}

/** Makes conditions, false those that are not asked for; `add` takes a value. */
type ComposeConditions = (add: (value: string) => string) => readonly (string | false)[];

function composeConditions(list: AccountListQuery, compose: ComposeConditions) {
  const values = [...list.values];
  const asked = compose((value) => `$${values.push(value)}`);
  return { values, conditions: asked.filter((condition) => condition !== false) };
}

/** The same list, with conditions that an index leads to: one number, moments. */
export function narrowList(list: AccountListQuery, compose: ComposeConditions): AccountListQuery {
  const { values, conditions } = composeConditions(list, compose);
  return { ...list, range: [...list.range, ...conditions], values };
}

/**
 * The same list, with conditions that no index leads to: the first rows are looked at, then all, for as long
 * as a search may take.
 */
export function filterList(list: AccountListQuery, compose: ComposeConditions): AccountListQuery {
  const { values, conditions } = composeConditions(list, compose);
  return {
    ...list,
    conditions: [...list.conditions, ...conditions],
    // these stand in the place of all conditions
    whenFew: list.whenFew.map((one) => [one, ...conditions].join(' and ')),
    values,
  };
}

/** One condition of each group, in all combinations. */
function combine(groups: readonly string[][]): string[] {
  return groups.reduce((combined, group) =>
    combined.flatMap((one) => group.map((other) => `${one} and ${other}`)),
  );
}

function composeSearch(
  {
    table,
    text,
    hasNoNumber,
    findByNumberPart = meetBoth,
    findByText = (condition) => [condition],
  }: AccountListSource,
  scope: AccountReadScope | null,
  search: string,
  add: (value: string) => string,
): AccountListQuery['search'] {
  // PostgreSQL knows no NUL; whoever seeks one finds what the rest finds.
  const sought = search.replaceAll('\0', '').trim();
  if (sought === '') return null;
  const pattern = add(`%${escapeLike(sought)}%`);
  const hasText = `${text.startsWith('(') ? text : `${table}.${text}`} ilike ${pattern}`;
  // Without three letters in a row there are no trigrams to look up.
  const textPaths = /[\p{L}\p{N}]{3}/u.test(sought) ? findByText(hasText, pattern) : null;

  const number = hasNoNumber ? null : readNumberPart(sought);
  if (number === null) return { condition: hasText, indexPaths: textPaths ?? [], isSelective: false };
  const hasNumber = `${table}.msisdn like ${add(number.pattern)}`;
  const condition = anyOf([hasNumber, hasText]);
  // "082 12" has trigrams of no text; what a text says in so few digits is found by reading.
  if (!number.isIndexed || textPaths === null) return { condition, indexPaths: [], isSelective: false };
  const numberPaths =
    number.fives === null
      ? [hasNumber]
      : findByNumberPart(hasNumber, composeFives(number.fives, table, scope?.accountId ?? 0));
  return { condition, indexPaths: [...numberPaths, ...textPaths], isSelective: number.isSelective };
}

const meetBoth = (condition: string, fives: string) => [`(${fives} and ${condition})`];

/** Digits and commas alone, so they are written as they are; other forms of the query do not have them. */
function composeFives(
  { digits, need }: { digits: string[]; need: 'all' | 'any' },
  table: string,
  accountId: number,
): string {
  const parts = digits.map((five) => accountId * 100_000 + Number(five));
  const operator = need === 'all' ? '@>' : '&&';
  return `number_parts(${table}.account_id, ${table}.msisdn) ${operator} '{${parts.join(',')}}'::bigint[]`;
}

export function anyOf(alternatives: readonly string[]): string {
  return alternatives.length === 1 ? (alternatives[0] as string) : `(${alternatives.join(' or ')})`;
}

/** A file's query: all rows of a list in its order. */
export function composeListDownload(
  list: AccountListQuery,
  columns: readonly FileColumn[],
  chosen: readonly string[] | null,
  timeZone: string,
): FileQuery {
  const where = [...list.range, ...list.conditions];
  if (list.branches.length > 0) where.push(anyOf(list.branches));
  if (list.search) where.push(composeMatches(list.search));
  const direction = list.sort === 'newest' ? 'desc' : 'asc';
  return {
    columns: chooseColumns(columns, chosen),
    source: `from ${list.table} where ${where.join(' and ')}
     order by ${list.at} ${direction}, ${list.table}.id ${direction}`,
    values: list.values,
    timeZone,
  };
}

/** What a search finds: in the form for indexes where it is one condition, else plainly. */
function composeMatches({ condition, indexPaths }: NonNullable<AccountListQuery['search']>): string {
  const conditions = indexPaths.filter((indexPath) => typeof indexPath === 'string');
  return indexPaths.length > 0 && conditions.length === indexPaths.length ? anyOf(conditions) : condition;
}

/** Escapes what LIKE would take for a wildcard. */
function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
