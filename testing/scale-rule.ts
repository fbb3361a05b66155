import { parse } from 'libpg-query';
import { distribution, distributionKeys, type Distribution } from '@/lib/db/distribution';

/** What a statement does that a cluster refuses, or does otherwise than one PostgreSQL. */
export type ScaleFault =
  /** Names a distributed table without its key as a value: all parts of the table are asked. */
  | 'without key'
  /** Puts rows together that lie apart. */
  | 'joins apart'
  /** Locks rows of more than one account or number at a time. */
  | 'locks across'
  /** Calls pg_notify beside a table: it may fire where nobody listens. */
  | 'notifies beside'
  /** Calls a function that writes beside a table: it would be carried out where the rows are, and refused. */
  | 'writes beside'
  /** Asks for the time where each part would have to answer for itself. */
  | 'time inside'
  /** Inserts what a query gives, without "on conflict": it may be committed apart from the rest. */
  | 'bare insert'
  /** Finds rows by ctid, which is a place on one machine. */
  | 'by place'
  /** Asks all parts of a table for rows without a column ("exists (select from …)"). */
  | 'no column'
  /** Inserts rows of expressions, and compares them with a table in the same query. */
  | 'insert beside'
  /** Inserts into a small table what is read of small ones: each is locked whole, in a second step. */
  | 'reads where it writes'
  /** "case f(x) when y", "case x when $1": a cluster may send its machines "case x when x = y". */
  | 'case of a value'
  /** Asks which transactions have ended elsewhere than on the one machine where the rows in question lie. */
  | 'horizon elsewhere'
  /** A part reads a table that an earlier part of the same statement writes: a cluster finds that, too. */
  | 'reads what it wrote';

type Tree = Readonly<Record<string, unknown>>;

/** A table as one query names it. */
interface Named {
  table: string;
  /** What the query calls it. */
  alias: string;
  distribution: Distribution;
}

/** What a column is held to be equal to: one value, or one of a list. */
type Pin = 'one' | 'many';
/** For "alias.column" of a query. */
type Pins = (column: string) => Pin | null;

interface Outer {
  /** Expressions of "with" that stand for tables. */
  names: readonly string[];
  /** What is known of the columns outside, by the queries that PostgreSQL makes joins of. */
  joined: Map<unknown, Pins>;
  /** How the keys of all tables that lie apart are held, as they are found. */
  held: (Pin | null)[];
}

const queries = ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'];
const times = ['now', 'transaction_timestamp', 'statement_timestamp', 'clock_timestamp', 'timeofday'];
/** What these say is true of the machine that is asked. */
const horizons = ['pg_current_xact_id', 'pg_current_snapshot', 'txid_current', 'txid_current_snapshot'];
/** These an update asks each part for, wherever they stand. */
const volatile = ['clock_timestamp', 'timeofday'];
/** What is added to a time: a day of summer time may be an hour longer, so each part would work that out. */
const spans = ['make_interval'];

/**
 * What of a statement breaks the rule that makes it run on a cluster (docs/decisions/0051-a-cluster.md): by
 * its parsed form, without a database. Each fault once.
 */
export async function findScaleFaults(text: string): Promise<ScaleFault[]> {
  const { stmts = [] } = (await parse(text)) as { stmts?: { stmt?: unknown }[] };
  const faults = new Set<ScaleFault>();
  for (const { stmt } of stmts) {
    const names = new Set<string>();
    if (calls(stmt, 'pg_notify') && namesTable(stmt, names)) faults.add('notifies beside');
    if (calls(stmt, 'erase_history') && namesTable(stmt, names)) faults.add('writes beside');
    const held: Outer['held'] = [];
    checkWithin(stmt, { names: [], joined: new Map(), held }, faults);
    if (readsWhatItWrote(stmt)) faults.add('reads what it wrote');
    const isOfOne = held.length > 0 && held.every((pin) => pin === 'one');
    if (!isOfOne && horizons.some((name) => calls(stmt, name))) faults.add('horizon elsewhere');
  }
  return [...faults].sort();
}

/** Looks for queries in a part of one; what names they may use of "with" comes from outside. */
function checkWithin(part: unknown, outer: Outer, faults: Set<ScaleFault>): void {
  if (Array.isArray(part)) {
    for (const one of part) checkWithin(one, outer, faults);
    return;
  }
  if (!isTree(part)) return;
  for (const [kind, value] of Object.entries(part)) {
    // a set operation holds its sides bare, without the name of their kind
    const isSide = (kind === 'larg' || kind === 'rarg') && isTree(value) && 'limitOption' in value;
    if (isTree(value) && (queries.includes(kind) || isSide)) {
      checkQuery(isSide ? 'SelectStmt' : kind, value, outer, faults);
    } else checkWithin(value, outer, faults);
  }
}

function checkQuery(kind: string, query: Tree, outer: Outer, faults: Set<ScaleFault>): void {
  const names = [...outer.names, ...listExpressions(query)];
  const from = [query.fromClause, query.usingClause];
  const changed = kind === 'SelectStmt' ? [] : listNamed([{ RangeVar: query.relation }], []);
  const read = listNamed(from, names);
  // A row that is inserted says itself where it goes.
  const found = kind === 'InsertStmt' ? read : [...changed, ...read];
  const distributed = found.filter((one) => isDistributed(one.distribution));
  const pins = findPins(found, [query.whereClause, ...from], outer.joined.get(query));
  const pinOf = (one: Named) => pins(`${one.alias}.${keyOf(one)}`);
  outer.held.push(...distributed.map(pinOf));

  if (distributed.some((one) => pinOf(one) === null)) {
    faults.add('without key');
    if (kind === 'SelectStmt' && !query.targetList) faults.add('no column');
  }
  if (distributed.length > 0 && namesColumn(query, 'ctid')) faults.add('by place');
  const places = listNamed(
    [query.fromClause, query.usingClause, query.whereClause, query.targetList],
    names,
    true,
  );
  const groups = new Set([...changed, ...places].map((one) => one.distribution));
  groups.delete('reference');
  if (kind !== 'InsertStmt' && groups.size > 1) faults.add('joins apart');
  if (query.lockingClause && distributed.some((one) => pinOf(one) !== 'one')) faults.add('locks across');

  const target = changed.find((one) => isDistributed(one.distribution));
  if (kind === 'InsertStmt' && target && isFromQuery(query) && !query.onConflictClause) {
    faults.add('bare insert');
  }
  if (kind === 'InsertStmt' && isComparedBeside(query, names)) faults.add('insert beside');
  if (
    kind === 'InsertStmt' &&
    isReference(changed) &&
    isReference(listNamed(query.selectStmt, names, true))
  ) {
    faults.add('reads where it writes');
  }
  if (hasCaseOfValue(query)) faults.add('case of a value');
  if (target) {
    const isSpread = kind === 'UpdateStmt' && pinOf(target) !== 'one';
    const own = Object.fromEntries(Object.entries(query).filter(([name]) => name !== 'withClause'));
    if (asksTime(own, isSpread)) faults.add('time inside');
  }
  const joined = new Map(outer.joined);
  for (const within of listJoined(query.whereClause)) joined.set(within, pins);
  checkWithin(query, { names, joined, held: outer.held }, faults);
}

/**
 * Whether a part names a table that one before it has written: a cluster carries out the expressions of
 * "with" one after the other, and what a later one reads has what an earlier one wrote. One that is named
 * once and could be carried out there is read where it is named.
 */
function readsWhatItWrote(stmt: unknown): boolean {
  const [[kind, query]] = Object.entries(stmt as Tree) as [[string, Tree]];
  if (!queries.includes(kind)) return false;
  const { ctes = [] } = (query.withClause ?? {}) as { ctes?: { CommonTableExpr: Tree }[] };
  const names = listExpressions(query);
  const parts = [
    ...ctes.map(({ CommonTableExpr: one }) => {
      const [[ofPart, own]] = Object.entries(one.ctequery as Tree) as [[string, Tree]];
      return {
        name: String(one.ctename),
        kind: ofPart,
        own,
        isFirst: one.ctematerialized === 'CTEMaterializeAlways',
      };
    }),
    { name: '', kind, own: { ...query, withClause: undefined }, isFirst: true },
  ];
  const uses = parts.map(({ own }) => listRelations(own));
  const written = new Set<string>();
  const moved = new Map<string, string[]>();
  return parts.some((part, place) => {
    const used = uses[place] as string[];
    const tables = used.flatMap((name) => (names.includes(name) ? (moved.get(name) ?? []) : [name]));
    const isOnce = uses.flat().filter((name) => name === part.name).length === 1;
    if (part.kind === 'SelectStmt' && !part.isFirst && !part.own.lockingClause && isOnce) {
      moved.set(part.name, tables);
      return false;
    }
    // what is inserted into is written, not read
    const target = part.kind === 'SelectStmt' ? null : String((part.own.relation as Tree).relname);
    const read = part.kind === 'InsertStmt' ? without(tables, target as string) : tables;
    if (read.some((table) => written.has(table))) return true;
    if (target !== null && isSpread(target)) written.add(target);
    return false;
  });
}

/** Whether its rows do not lie on the coordinator alone. */
function isSpread(table: string): boolean {
  return distribution[table] !== undefined && distribution[table] !== 'local';
}

/** All but the first that is it. */
function without(names: readonly string[], name: string): string[] {
  const place = names.indexOf(name);
  return names.filter((_, index) => index !== place);
}

/** The names of what a part of a statement reads or writes, as often as it does. */
function listRelations(part: unknown): string[] {
  if (Array.isArray(part)) return part.flatMap(listRelations);
  if (!isTree(part)) return [];
  return Object.entries(part).flatMap(([kind, value]) =>
    (kind === 'RangeVar' || kind === 'relation') && isTree(value) && 'relname' in value
      ? [String(value.relname)]
      : listRelations(value),
  );
}

/** The queries of "exists" and "not exists" among conditions that all must hold: PostgreSQL joins them. */
function listJoined(condition: unknown): unknown[] {
  if (!isTree(condition)) return [];
  const { BoolExpr: logic, SubLink: link } = condition as { BoolExpr?: Tree; SubLink?: Tree };
  if (link?.subLinkType === 'EXISTS_SUBLINK') return [(link.subselect as Tree).SelectStmt];
  return logic && logic.boolop !== 'OR_EXPR' ? (logic.args as unknown[]).flatMap(listJoined) : [];
}

function isDistributed(one: Distribution): one is keyof typeof distributionKeys {
  return one === 'account' || one === 'recipient';
}

function isReference(tables: readonly Named[]): boolean {
  return tables.some((one) => one.distribution === 'reference');
}

function keyOf(one: Named): string {
  return isDistributed(one.distribution) ? distributionKeys[one.distribution] : '';
}

/** The names of the expressions that a query begins with ("with … as"). */
function listExpressions(query: Tree): string[] {
  const { ctes = [] } = (query.withClause ?? {}) as { ctes?: Tree[] };
  return ctes.map((one) => String((one.CommonTableExpr as Tree).ctename));
}

/**
 * The tables that are named in parts of a query.
 *
 * @param names that stand for something else: expressions of "with"
 * @param isDeep also those that queries within it name, but for its expressions of "with"
 */
function listNamed(parts: unknown, names: readonly string[], isDeep = false): Named[] {
  if (Array.isArray(parts)) return parts.flatMap((one) => listNamed(one, names, isDeep));
  if (!isTree(parts)) return [];
  return Object.entries(parts).flatMap(([kind, value]) => {
    if (kind === 'RangeVar' && isTree(value)) {
      const table = String(value.relname);
      // what is no table of the program is an expression of a query within, or a library's
      const how = distribution[table];
      if (value.schemaname !== undefined || names.includes(table) || how === undefined) return [];
      const alias = isTree(value.alias) ? String(value.alias.aliasname) : table;
      return [{ table, alias, distribution: how }];
    }
    if (kind === 'withClause' || (!isDeep && queries.includes(kind))) return [];
    return listNamed(value, names, isDeep);
  });
}

/**
 * What the columns of a query's tables are held to be equal to, by conditions that all must hold: a value, a
 * list of values, or another column of which that is known.
 *
 * @param outside of the query that this one is joined to
 */
function findPins(found: readonly Named[], conditions: unknown, outside?: Pins): Pins {
  const groups = new Map<string, string>();
  const pinned = new Map<string, Pin>();
  const rootOf = (name: string): string => {
    const next = groups.get(name);
    return next === undefined || next === name ? name : rootOf(next);
  };
  const namesOf = (fields: string[]): string[] => {
    const [alias, column] = fields;
    if (column !== undefined) return [`${alias}.${column}`];
    return found.filter((one) => keyOf(one) === alias).map((one) => `${one.alias}.${alias}`);
  };
  const equate = (one: string, other: string) => groups.set(rootOf(one), rootOf(other));
  const pin = (fields: string[], how: Pin) => {
    for (const name of namesOf(fields)) pinned.set(name, pinned.get(name) === 'one' ? 'one' : how);
  };

  visitConditions(conditions, {
    using: (column) => {
      const [first, ...others] = namesOf([column]);
      for (const other of others) equate(first as string, other);
    },
    equal: (left, right) => {
      const [one, other] = [readColumn(left), readColumn(right)];
      if (one && other) {
        for (const name of namesOf(one)) for (const same of namesOf(other)) equate(name, same);
        for (const [column, place] of [
          [one, other],
          [other, one],
        ] as const) {
          const known = found.some(({ alias }) => alias === place[0]) ? null : outside?.(place.join('.'));
          if (known) pin(column, known);
        }
      } else if (one && isValue(right)) pin(one, 'one');
      else if (other && isValue(left)) pin(other, 'one');
    },
    among: (left, right) => {
      const column = readColumn(left);
      if (column && isValue(right)) pin(column, 'many');
    },
  });
  return (column) => {
    const same = [...pinned].filter(([name]) => rootOf(name) === rootOf(column)).map(([, how]) => how);
    return same.includes('one') ? 'one' : (same[0] ?? null);
  };
}

interface ConditionVisitor {
  using(column: string): void;
  equal(left: unknown, right: unknown): void;
  among(left: unknown, right: unknown): void;
}

/** The conditions that all must hold: of "where", of joins, and what those join by name. */
function visitConditions(part: unknown, visitor: ConditionVisitor): void {
  if (Array.isArray(part)) {
    for (const one of part) visitConditions(one, visitor);
    return;
  }
  if (!isTree(part)) return;
  const [kind, value] = Object.entries(part)[0] ?? [];
  if (!isTree(value)) return;
  if (kind === 'JoinExpr') {
    for (const one of (value.usingClause as Tree[] | undefined) ?? []) visitor.using(readText(one));
    visitConditions([value.larg, value.rarg, value.quals], visitor);
  } else if (kind === 'BoolExpr' && value.boolop === 'AND_EXPR') {
    visitConditions(value.args, visitor);
  } else if (kind === 'A_Expr' && readText((value.name as unknown[])[0]) === '=') {
    if (value.kind === 'AEXPR_OP') visitor.equal(value.lexpr, value.rexpr);
    if (value.kind === 'AEXPR_OP_ANY') visitor.among(value.lexpr, value.rexpr);
  } else if (kind === 'A_Expr' && value.kind === 'AEXPR_IN') {
    const { items = [] } = ((value.rexpr as Tree).List ?? {}) as { items?: unknown[] };
    for (const one of items) visitor.among(value.lexpr, one);
  }
}

function readColumn(part: unknown): string[] | null {
  const { fields } = ((part as Tree | undefined)?.ColumnRef ?? {}) as { fields?: unknown[] };
  return fields ? fields.map(readText) : null;
}

/** Whether it is given with the statement, or written in it. */
function isValue(part: unknown): boolean {
  if (!isTree(part)) return false;
  if ('ParamRef' in part || 'A_Const' in part) return true;
  if (isTree(part.TypeCast)) return isValue(part.TypeCast.arg);
  return isTree(part.List) && (part.List.items as unknown[]).every(isValue);
}

function isFromQuery(insert: Tree): boolean {
  const source = insert.selectStmt as Tree | undefined;
  return isTree(source?.SelectStmt) && source.SelectStmt.valuesLists === undefined;
}

/** Whether what is inserted comes from expressions alone, and is compared with a table that is spread. */
function isComparedBeside(insert: Tree, names: readonly string[]): boolean {
  const { SelectStmt: source } = (insert.selectStmt ?? {}) as { SelectStmt?: Tree };
  if (!source?.fromClause || listNamed(source.fromClause, names, true).length > 0) return false;
  return listNamed(source.whereClause, names, true).some((one) => isDistributed(one.distribution));
}

function hasCaseOfValue(part: unknown): boolean {
  if (Array.isArray(part)) return part.some(hasCaseOfValue);
  if (!isTree(part)) return false;
  return Object.entries(part).some(
    ([kind, value]) =>
      (kind === 'CaseExpr' && isTree(value) && isCaseOfValue(value)) || hasCaseOfValue(value),
  );
}

/** A column that is compared with what is written in the statement comes through unharmed. */
function isCaseOfValue({ arg, args }: Tree): boolean {
  if (!isTree(arg)) return false;
  const values = (args as { CaseWhen: { expr: Tree } }[]).map(({ CaseWhen: { expr } }) => expr);
  return !('ColumnRef' in arg && values.every((value) => 'A_Const' in value));
}

/** @param isInside the whole is such a place: "case", "coalesce", "returning", "do update" */
function asksTime(part: unknown, isInside: boolean): boolean {
  if (Array.isArray(part)) return part.some((one) => asksTime(one, isInside));
  if (!isTree(part)) return false;
  return Object.entries(part).some(([kind, value]) => {
    if (kind === 'withClause') return false;
    if (kind === 'FuncCall' && (isInside ? [...times, ...spans] : volatile).includes(nameOfCall(value)))
      return true;
    if (isInside && kind === 'SQLValueFunction' && /DATE|TIME/.test(String((value as Tree).op))) return true;
    const places = ['CaseExpr', 'CoalesceExpr', 'returningClause', 'returningList', 'onConflictClause'];
    return asksTime(value, isInside || places.includes(kind));
  });
}

function namesColumn(part: unknown, column: string): boolean {
  if (Array.isArray(part)) return part.some((one) => namesColumn(one, column));
  if (!isTree(part)) return false;
  return Object.entries(part).some(([kind, value]) => {
    if (kind === 'withClause') return false;
    return (kind === 'ColumnRef' && readColumn(part)?.at(-1) === column) || namesColumn(value, column);
  });
}

function nameOfCall(call: unknown): string {
  return readText(((call as Tree).funcname as unknown[]).at(-1));
}

function calls(part: unknown, name: string): boolean {
  if (Array.isArray(part)) return part.some((one) => calls(one, name));
  if (!isTree(part)) return false;
  return Object.entries(part).some(
    ([kind, value]) => (kind === 'FuncCall' && nameOfCall(value) === name) || calls(value, name),
  );
}

/** Whether a statement names a table; what stands for an expression of its own is none. */
function namesTable(part: unknown, names: Set<string>): boolean {
  if (Array.isArray(part)) return part.some((one) => namesTable(one, names));
  if (!isTree(part)) return false;
  for (const name of listExpressions(part)) names.add(name);
  return Object.entries(part).some(([kind, value]) => {
    if (isTree(value) && (kind === 'RangeVar' || kind === 'relation'))
      return !names.has(String(value.relname));
    return namesTable(value, names);
  });
}

function readText(part: unknown): string {
  const { String: text } = (part ?? {}) as { String?: { sval?: string } };
  return text?.sval ?? '';
}

function isTree(part: unknown): part is Tree {
  return typeof part === 'object' && part !== null && !Array.isArray(part);
}

/** What of a migration a database that is spread over a cluster refuses. */
export type MigrationFault = 'unique without key' | 'set storage' | 'trigger';

/**
 * What of a migration could not be applied to tables that are spread already. Of tables that it makes itself
 * all is well: they are spread after it (lib/db/migrate.ts).
 */
export async function findMigrationFaults(sql: string): Promise<MigrationFault[]> {
  const { stmts = [] } = (await parse(sql)) as { stmts?: { stmt?: Tree }[] };
  const faults = new Set<MigrationFault>();
  const made = new Set<string>();
  const isSpread = (relation: unknown) => {
    const { relname } = (relation ?? {}) as { relname?: string };
    const how = relname === undefined ? undefined : distribution[relname];
    return how !== undefined && isDistributed(how) && !made.has(String(relname))
      ? distributionKeys[how]
      : null;
  };
  for (const { stmt = {} } of stmts) {
    const {
      CreateStmt: table,
      IndexStmt: index,
      CreateTrigStmt: trigger,
      AlterTableStmt: change,
    } = stmt as Record<string, Tree | undefined>;
    if (table) made.add(String((table.relation as Tree).relname));
    if (trigger && isSpread(trigger.relation) !== null) faults.add('trigger');
    const indexKey = isSpread(index?.relation);
    if (index?.unique && indexKey !== null) {
      const columns = (index.indexParams as Tree[]).map((one) => (one.IndexElem as Tree).name);
      if (!columns.includes(indexKey)) faults.add('unique without key');
    }
    const key = isSpread(change?.relation);
    if (!change || key === null) continue;
    for (const { AlterTableCmd: command } of change.cmds as { AlterTableCmd: Tree }[]) {
      if (command.subtype === 'AT_SetStorage') faults.add('set storage');
      const { Constraint: constraint } = (command.def ?? {}) as { Constraint?: Tree };
      const isUnique = ['CONSTR_UNIQUE', 'CONSTR_PRIMARY'].includes(String(constraint?.contype));
      if (isUnique && !((constraint?.keys ?? []) as Tree[]).map(readText).includes(key)) {
        faults.add('unique without key');
      }
    }
  }
  return [...faults].sort();
}
