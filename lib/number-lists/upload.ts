import { z } from 'zod';
import { composeDetails, detailsForm } from '@/lib/consents/schema';
import { env } from '@/lib/env';
import { separatorSchema } from '@/lib/lists/download-format';
import { fileEncodings, maxColumns, type FileFormat } from './schema';
import type { NewNumberList } from './commands';

/** What an upload of any kind says of its file in its address. */
export const fileParameters = {
  name: z.string().transform((name) => tidyName(name, 200) || 'Without a name'),
  // Of a workbook: the one that was read.
  sheet: z
    .string()
    .transform((name) => tidyName(name, 60))
    .optional(),
  separator: separatorSchema,
  // Once for each column that holds numbers.
  column: z.preprocess(
    (given) => (typeof given === 'string' ? [given] : given),
    z
      .array(
        z
          .string()
          .regex(/^\d{1,4}$/)
          .transform(Number),
      )
      .min(1)
      .max(maxColumns)
      .transform((columns) => [...new Set(columns)].sort((one, other) => one - other)),
  ),
  // How many rows stand above the numbers; "yes" is 1, "no" is 0.
  header: z
    .enum(['yes', 'no'])
    .transform((answer) => (answer === 'yes' ? 1 : 0))
    .or(
      z
        .string()
        .regex(/^\d{1,3}$/)
        .transform(Number),
    ),
  encoding: z.enum(fileEncodings),
};

function tidyName(name: string, most: number): string {
  return name
    .replace(/[\u0000-\u001f\u007f]/g, ' ')
    .trim()
    .slice(0, most);
}

/** What a file is called wherever it is kept and shown: of a workbook with the sheet that was read. */
export function nameFile({ name, sheet }: { name: string; sheet?: string | undefined }): string {
  return sheet ? `${name}, sheet “${sheet}”` : name;
}

/** How the file is to be read, by {@link fileParameters}. */
export function composeFileFormat({
  separator,
  column,
  header,
  encoding,
}: Pick<
  z.output<z.ZodObject<typeof fileParameters>>,
  'separator' | 'column' | 'header' | 'encoding'
>): FileFormat {
  return { separator, columns: column, encoding, headerRows: header };
}

const column = z
  .string()
  .regex(/^\d{1,4}$/)
  .transform(Number)
  .optional();
/** The columns that say of each number when and how it consented. */
const consentColumns = { dateColumn: column, sourceColumn: column };

/** What an upload of a number list says of itself in its address. */
export const uploadParameters = z
  .discriminatedUnion('purpose', [
    z.object({ purpose: z.enum(['IMPORT', 'CHECK']), ...fileParameters }),
    z.object({ purpose: z.literal('CONSENT'), ...fileParameters, ...detailsForm, ...consentColumns }),
  ])
  .transform((given, context): NewNumberList => {
    const { purpose } = given;
    const list = { purpose, name: nameFile(given), format: composeFileFormat(given) };
    if (given.purpose !== 'CONSENT') return list;
    const composed = composeDetails(given);
    if (!composed.ok) {
      context.addIssue({ code: 'custom', message: composed.message, path: ['fileHash'] });
      return z.NEVER;
    }
    const { givenAt, source, wording, url, file } = composed.details;
    const { dateColumn = null, sourceColumn = null } = given;
    return {
      ...list,
      format: { ...list.format, consent: { date: dateColumn, source: sourceColumn } },
      consent: {
        givenAt: givenAt.toISOString(),
        source,
        wording,
        url,
        fileName: file?.name ?? null,
        fileHash: file?.hash ?? null,
      },
    };
  });

/**
 * The sender went away, stopped sending, or sent another amount than it had said. Nobody is there to be told
 * why.
 */
export class BrokenUploadError extends Error {
  override readonly name = 'BrokenUploadError';
}

export interface UploadDeadlines {
  /** A sender that sends nothing for so long has gone. */
  silenceMs: number;
  /** A file comes at this speed at least, bytes a second; the beginning, a silence long, is not counted. */
  leastRate: number;
}

/**
 * The bytes of an upload, exactly as many as were said: a connection that breaks can look like a file that
 * ends. An upload holds a place that others wait for, so a sender has deadlines; while nobody asks for the
 * next piece, it is not the sender who is slow. Throws a {@link BrokenUploadError}.
 */
export async function* readUpload(
  body: ReadableStream<Uint8Array> | null,
  expectedBytes: number,
  { silenceMs, leastRate }: UploadDeadlines = { silenceMs: 30_000, leastRate: env.UPLOAD_LEAST_RATE },
): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  let received = 0;
  let waitedMs = 0;
  while (reader) {
    const allowedMs = silenceMs + (received / leastRate) * 1000 - waitedMs;
    const begunAt = performance.now();
    const piece = await readPiece(reader, Math.min(silenceMs, allowedMs));
    waitedMs += performance.now() - begunAt;
    if (piece === null) break;
    received += piece.length;
    if (received > expectedBytes) break;
    yield piece;
  }
  if (received !== expectedBytes) {
    throw new BrokenUploadError(`${received} bytes of ${expectedBytes} arrived.`);
  }
}

async function readPiece(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  deadlineMs: number,
): Promise<Uint8Array | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new BrokenUploadError('Nothing has arrived for long, or too little.')),
      deadlineMs,
    );
  });
  try {
    const { done, value } = await Promise.race([reader.read(), late]);
    return done ? null : value;
  } catch (error) {
    throw error instanceof BrokenUploadError ? error : new BrokenUploadError((error as Error).message);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Reads what is left and throws it away. A browser hears a refusal only once it has sent everything; cut off,
 * it says that the connection broke.
 */
export async function drainUpload(upload: AsyncIterator<Uint8Array>): Promise<void> {
  try {
    while (!(await upload.next()).done);
  } catch {
    // it broke off: nobody waits for an answer
  }
}
