import { escapeLiteral, type Pool } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { z } from 'zod';

/**
 * A field separator: one plain character. A quote or a line break would break the file; a letter, a digit or a space
 * would break its numbers and words apart; COPY takes single-byte characters only.
 */
export const separatorSchema = z
  .string('Choose a field separator.')
  .refine((value) => [...value].length === 1, 'Type exactly one character as the field separator.')
  .refine(
    (value) => !/["'\r\n]/.test(value),
    'A quote or a line break cannot separate fields. Type another character.',
  )
  .refine(
    (value) => value === '\t' || /^[!-/:-@[-`{-~]$/.test(value),
    'Type a plain sign such as , ; | ^ or ~ as the field separator; letters, digits and spaces cannot separate fields.',
  );

/**
 * A text as a CSV cell that no spreadsheet takes for a formula (OWASP, CSV injection): an apostrophe goes before
 * `= + - @`, tab and return. Never for numbers of people, which have no such beginning.
 */
export function harmlessSql(column: string): string {
  return `case when left(${column}, 1) in ('=', '+', '-', '@', e'\\t', e'\\r') then '''' || ${column} else ${column} end`;
}

/** A number as a CSV cell; as ="27821234567", spreadsheets keep it as text instead of rounding or shortening it. */
export function numberSql(column: string, asText: boolean): string {
  return asText ? `'="' || ${column} || '"'` : column;
}

/** A point in time as a CSV cell: local to the account, sortable, read as a date by spreadsheets. */
export function localTimeSql(column: string, timeZone: string): string {
  return `to_char(${column} at time zone ${escapeLiteral(timeZone)}, 'YYYY-MM-DD HH24:MI:SS')`;
}

/** Writes values into a query in place of $1, $2, …, as COPY takes no parameters. */
export function inlineValues(query: string, values: readonly (string | number | null)[]): string {
  return query.replace(/\$(\d+)/g, (_, position: string) => {
    const value = values[Number(position) - 1];
    if (value === undefined) throw new RangeError(`The query has no value for $${position}.`);
    if (value === null) return 'null';
    return typeof value === 'number' ? String(value) : escapeLiteral(value);
  });
}

/**
 * Streams a query as CSV, straight from COPY: the header is the query's column names, the file begins with a byte-order
 * mark so that spreadsheets read it as UTF-8. Rows are pulled from the database only as fast as the reader reads;
 * a reader who goes away ends the query.
 *
 * The first bytes are awaited: an error of the query is thrown here, before any response has begun.
 */
export async function streamCsv(
  pool: Pool,
  query: string,
  separator: string,
): Promise<ReadableStream<Uint8Array>> {
  const client = await pool.connect();
  // A connection that breaks fails the stream below; without a listener it would end the process as well.
  const ignore = () => undefined;
  client.on('error', ignore);
  try {
    const rows = client.query(
      copyTo(
        `copy (${query}) to stdout with (format csv, header true, delimiter ${escapeLiteral(separator)})`,
      ),
    );
    const iterator: AsyncIterator<Buffer> = rows[Symbol.asyncIterator]();
    let next = await iterator.next();
    let open = true;
    // A connection in the middle of a COPY cannot be used again: it is closed, which ends the query.
    const release = (broken: boolean) => {
      if (!open) return;
      open = false;
      if (!broken) client.off('error', ignore);
      client.release(broken);
    };
    return new ReadableStream<Uint8Array>(
      {
        start: (controller) => controller.enqueue(Buffer.from('\uFEFF')),
        async pull(controller) {
          try {
            if (next.done) {
              release(false);
              controller.close();
              return;
            }
            controller.enqueue(next.value);
            next = await iterator.next();
          } catch (error) {
            release(true);
            controller.error(error);
          }
        },
        cancel() {
          release(true);
        },
      },
      new ByteLengthQueuingStrategy({ highWaterMark: 256 * 1024 }),
    );
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/** The headers of a CSV file. */
export function describeCsv(fileName: string): Record<string, string> {
  return {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${fileName}"`,
    'cache-control': 'private, no-store',
    // proxies pass rows on as they come
    'x-accel-buffering': 'no',
  };
}
