/** What was to be recorded is at fault: our reading of it failed. */
export class UnreadableError extends Error {
  override readonly name = 'UnreadableError';
}

/** Reads something that comes from outside; whatever that throws is about what was read. */
export function readOrBlame<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    throw new UnreadableError('It cannot be read.', { cause });
  }
}

/**
 * SQLSTATE classes: 21 and 22 (data), 23 (constraints), 54 (limits), P0 (raised by a function or a trigger);
 * XX001 and XX002 (a page of a table or an index that is broken). Of none of them a later time makes an end
 * by itself, as it does of a database that is away (08, 57), read-only (25), full or out of connections (53),
 * busy (40, 55), or behind our version (42); XX000 is also what a cluster says of a machine that is away.
 */
const ofContent = /^(?:21|22|23|54|P0|XX00[12])/;

/**
 * Whether an error is about what was to be written, so that others are written without it, and it itself
 * never is: the database says so, or our own program stumbled over it. Anything else is about the database or
 * the way to it, and passes.
 */
export function isAboutContent(error: unknown): boolean {
  if (error instanceof UnreadableError) return true;
  if (error instanceof TypeError || error instanceof RangeError) return true;
  if (error instanceof SyntaxError || error instanceof URIError) return true;
  return ofContent.test(readSqlState(error) ?? '');
}

/**
 * What went wrong, for staff: without the words of an error, which quote what was to be written. "SQLSTATE
 * 23503, reply_account_id_fkey", "TypeError".
 */
export function nameFault(error: unknown): string {
  if (!(error instanceof Error)) return 'Unknown';
  if (error instanceof UnreadableError) return error.cause ? nameFault(error.cause) : error.name;
  const state = readSqlState(error);
  if (state === null) return error.name;
  const { constraint, table } = error as { constraint?: string; table?: string };
  return [`SQLSTATE ${state}`, constraint ?? table].filter(Boolean).join(', ');
}

function readSqlState(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null;
  const { code } = error;
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : null;
}
