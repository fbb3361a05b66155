import type { Readable } from 'node:stream';
import type { Pool } from 'pg';
import { to as copyTo } from 'pg-copy-streams';
import { askReplicaForFile } from './ask-replica';
import { byteOrderMark, composeCsvCopy, writeDescribedHeadings } from './csv';
import type { DownloadFormat } from './download-format';
import type { FileQuery } from './file-query';
import { writeXlsx } from './xlsx';
import { composeXlsxCopy, readCopyRows } from './xlsx-query';

const highWaterMark = 256 * 1024;

/**
 * Streams a query as a file. Rows are pulled from the database only as fast as the reader reads; a reader who
 * goes away ends the query. The first rows are awaited: an error of the query is thrown here, before any
 * response has begun.
 */
export async function streamFile(
  pool: Pool,
  file: FileQuery,
  format: DownloadFormat,
  sheetName: string,
): Promise<ReadableStream<Uint8Array>> {
  if (format.type === 'csv')
    return streamCsv(pool, composeCsvCopy(file, format), writeDescribedHeadings(file, format));
  const copy = await openCopy(pool, composeXlsxCopy(file));
  const workbook = writeXlsx(readCopyRows(copy.pieces), {
    sheetName,
    columns: file.columns.map((column) => ({ ...column, label: column.heading ?? column.label })),
  });
  return streamToWeb(workbook, copy.release);
}

/**
 * Answers with a query as a file, from the pool of the downloads, or of a replica's. One that has begun is
 * read to its end from where it began.
 *
 * @param name without its ending, as of {@link composeFileHeaders}
 */
export async function respondFile(
  query: FileQuery,
  format: DownloadFormat,
  { name, sheet }: { name: string; sheet: string },
): Promise<Response> {
  const rows = await askReplicaForFile((pool) => streamFile(pool, query, format, sheet));
  return new Response(rows, { headers: composeFileHeaders(name, format.type) });
}

/** Straight from COPY; it begins with a byte-order mark, so that spreadsheets read it as UTF-8. */
async function streamCsv(
  pool: Pool,
  statement: string,
  headings: string,
): Promise<ReadableStream<Uint8Array>> {
  const { pieces, release } = await openCopy(pool, statement);
  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => controller.enqueue(Buffer.from(byteOrderMark + headings)),
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          controller.error(error);
        }
      },
      cancel: release,
    },
    new ByteLengthQueuingStrategy({ highWaterMark }),
  );
}

/** A Node stream as a response's body; `release` frees what it reads from once the reader has gone. */
export function streamToWeb(
  source: Readable,
  release: () => void = () => undefined,
): ReadableStream<Uint8Array> {
  const pieces: AsyncIterator<Buffer> = source.iterator({ destroyOnReturn: true });
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await pieces.next();
          if (done) controller.close();
          else controller.enqueue(value);
        } catch (error) {
          release();
          controller.error(error);
        }
      },
      cancel() {
        source.destroy();
        release();
      },
    },
    new ByteLengthQueuingStrategy({ highWaterMark }),
  );
}

interface OpenCopy {
  /** The first piece has been read; the connection goes back once the last one has been. */
  pieces: AsyncGenerator<Buffer, void, undefined>;
  /** Ends the query, whatever of it is still to come. */
  release: () => void;
}

async function openCopy(pool: Pool, statement: string): Promise<OpenCopy> {
  const client = await pool.connect();
  // A connection that breaks fails the stream below; without a listener it would end the process as well.
  const ignore = () => undefined;
  client.on('error', ignore);
  let open = true;
  // A connection in the middle of a COPY cannot be used again: it is closed, which ends the query.
  const close = (broken: boolean) => {
    if (!open) return;
    open = false;
    if (!broken) client.off('error', ignore);
    client.release(broken);
  };
  try {
    const iterator: AsyncIterator<Buffer> = client.query(copyTo(statement))[Symbol.asyncIterator]();
    const first = await iterator.next();
    return { pieces: readPieces(iterator, first, close), release: () => close(true) };
  } catch (error) {
    close(true);
    throw error;
  }
}

async function* readPieces(
  iterator: AsyncIterator<Buffer>,
  first: IteratorResult<Buffer>,
  close: (broken: boolean) => void,
): AsyncGenerator<Buffer, void, undefined> {
  let isWhole = false;
  try {
    for (let piece = first; !piece.done; piece = await iterator.next()) yield piece.value;
    isWhole = true;
  } finally {
    close(!isWhole);
  }
}

const contentTypes = {
  csv: 'text/csv; charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  pdf: 'application/pdf',
};

/**
 * The headers of a file. Its name is made of words of ours, numbers and dates: one in which a user's text
 * could stand, which would have to be escaped, is a mistake and throws a `RangeError`.
 *
 * @param name without its ending
 */
export function composeFileHeaders(name: string, type: keyof typeof contentTypes): Record<string, string> {
  if (!/^[A-Za-z0-9-]+$/.test(name)) throw new RangeError('A file’s name holds more than words of ours.');
  return {
    'content-type': contentTypes[type],
    'content-disposition': `attachment; filename="${name}.${type}"`,
    'cache-control': 'private, no-store',
    // proxies pass rows on as they come
    'x-accel-buffering': 'no',
  };
}
