import { AppError } from '@/lib/http/app-error';
import type { FileColumn } from '@/lib/lists/file-query';

/** What stands in braces, and the SQL of it; `recipient` is a row with msisdn. */
const numberForms = {
  number: 'recipient.msisdn',
  '+number': `'+' || recipient.msisdn`,
  // as South Africans dial it
  'local number': `case when recipient.msisdn like '27%' then '0' || substr(recipient.msisdn, 3)
    else '00' || recipient.msisdn end`,
} as const;

/** What is the same in all rows. */
export interface FileFacts {
  /** "2026-11-30" */
  date: string;
  /** "W58324" */
  account: string;
  /** The newest registration's number; null: there is none. */
  registration: string | null;
}

const factNames = ['date', 'account', 'registration'] as const satisfies readonly (keyof FileFacts)[];
const names = [...Object.keys(numberForms), ...factNames];

const mostColumns = 10;
const longestLine = 200;

const isNumberForm = (name: string): name is keyof typeof numberForms => Object.hasOwn(numberForms, name);
const isFact = (name: string): name is keyof FileFacts => factNames.some((known) => known === name);

/** Throws an `AppError` that a person can act on. */
function refuse(message: string): never {
  throw new AppError('unreadable-description', 'The description of a file cannot be read.', {
    userMessage: message,
  });
}

/**
 * Reads how somebody describes the columns of a file of numbers: a line each, its heading, a colon and what
 * stands in it, with {number}, {+number}, {local number}, {date}, {account} and {registration} in their
 * places. Throws an `AppError` that says which line cannot be read, and why.
 *
 * @param firstPlace of the values that are the same in all rows, as $n of the file's query
 * @returns the columns, and those values in their order
 */
export function readDescribedColumns(
  description: string,
  facts: FileFacts,
  firstPlace: number,
): { columns: FileColumn[]; values: string[] } {
  const values: string[] = [];
  let hasNumber = false;
  const lines = description.split(/\r?\n/).map((line) => line.trim());
  const described = lines.flatMap((line, index) => (line === '' ? [] : [{ line, place: index + 1 }]));
  if (described.length === 0 || described.length > mostColumns)
    refuse(`Describe 1 to ${mostColumns} columns, a line each.`);

  const columns = described.map(({ line, place }, index): FileColumn => {
    const colon = line.indexOf(':');
    const [heading, content] = [line.slice(0, colon).trim(), line.slice(colon + 1).trim()];
    if (line.length > longestLine) refuse(`Line ${place} is too long: ${longestLine} characters at most.`);
    if (colon < 0 || heading === '' || content === '')
      refuse(`Line ${place} needs a heading, a colon, and what stands in the column: Number: {number}`);
    const parts = content.split(/(\{[^{}]*\})/).filter((part) => part !== '');
    const sql = parts.map((part) => {
      const name = /^\{(.*)\}$/.exec(part)?.[1];
      if (name !== undefined && isNumberForm(name)) {
        hasNumber = true;
        return `(${numberForms[name]})`;
      }
      if (name !== undefined && !isFact(name))
        refuse(
          `Line ${place}: there is no {${name}}. There are ${names.map((known) => `{${known}}`).join(', ')}.`,
        );
      const value = name === undefined ? part : facts[name];
      if (value === null)
        refuse('Your account has no registration. Enter it in Settings, or leave {registration} out.');
      return `$${firstPlace + values.push(value) - 1}::text`;
    });
    const isBareNumber = content === '{number}' || content === '{local number}';
    const type = isBareNumber ? 'number' : content === '{+number}' ? 'given-number' : 'text';
    return { id: `column-${index + 1}`, label: `Column ${index + 1}`, heading, type, sql: sql.join(' || ') };
  });
  if (!hasNumber) refuse('No column has the number. Write {number}, {+number} or {local number} in one.');
  return { columns, values };
}
