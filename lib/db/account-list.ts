import type { AccountScope } from '@/lib/auth/scope';
import { inlineValues } from '@/lib/http/csv-download';

/** What the lists of an account have in common: whose they are, how they are ordered and searched. */
export interface AccountListSource {
  table: string;
  /** The column that orders the list, newest first, before `id`. */
  at: string;
  /** The column that a search looks into, beside the number. */
  text: string;
}

export interface AccountListFilter {
  /** Part of a number however it is typed, or of the text. Empty: everything. */
  search: string;
}

export interface AccountListQuery {
  from: string;
  where: string[];
  values: (string | number)[];
  at: string;
  id: string;
}

/** The rows of a list: what its page and its file are both made of, so that the two agree. */
export function describeAccountList(
  { table, at, text }: AccountListSource,
  scope: AccountScope,
  { search }: AccountListFilter,
): AccountListQuery {
  const where = [`${table}.account_id = $1`];
  const values: (string | number)[] = [scope.accountId];
  // PostgreSQL knows no NUL; whoever seeks one finds what the rest finds.
  const sought = search.replaceAll('\0', '').trim();
  if (sought !== '') {
    values.push(`%${escapeLike(sought)}%`);
    const alternatives = [`${table}.${text} ilike $2`];
    const number = toNumberPattern(sought);
    if (number !== null) {
      values.push(number);
      alternatives.push(`${table}.msisdn like $3`);
    }
    where.push(`(${alternatives.join(' or ')})`);
  }
  return { from: table, where, values, at: `${table}.${at}`, id: `${table}.id` };
}

/** A file's query: all rows of a list, newest first, its values written in, as COPY takes no parameters. */
export function composeListDownload(list: AccountListQuery, columns: readonly string[]): string {
  return inlineValues(
    `select ${columns.join(', ')} from ${list.from} where ${list.where.join(' and ')}
     order by ${list.at} desc, ${list.id} desc`,
    list.values,
  );
}

/**
 * A LIKE pattern that finds part of a number however it is typed: "082 123" and "+27 82 123" find 2782123….
 *
 * @returns null when what is sought cannot be part of a number
 */
export function toNumberPattern(sought: string): string | null {
  if (/[^\d\s()+.-]/.test(sought)) return null;
  const digits = sought.replace(/\D/g, '');
  if (digits === '') return null;
  if (sought.startsWith('+') || digits.startsWith('00')) return `${digits.replace(/^00/, '')}%`;
  return digits.startsWith('0') ? `27${digits.slice(1)}%` : `%${digits}%`;
}

/** Escapes what LIKE would take for a wildcard. */
function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
