/** Lines on the terminal: one per stage, with how long it took. */

const colour = process.stdout.isTTY && !process.env.NO_COLOR;
/** @param {number} code @param {string} text */
const paint = (code, text) => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);

/** What went wrong, in one line for the person at the terminal; `details` is printed above it. */
export class StageError extends Error {
  name = 'StageError';
  /** @param {string} message @param {string} [details] */
  constructor(message, details = '') {
    super(message);
    this.details = details;
  }
}

/**
 * Runs `work` and prints a line when it is done. What it answers with is handed on; `false` means that there
 * was nothing to do, and prints nothing.
 * @template Result
 * @param {string} doing what is being done, shown on a terminal meanwhile
 * @param {string} done what the line says afterwards
 * @param {() => Promise<Result>} work
 * @returns {Promise<Result>}
 */
export async function runStage(doing, done, work) {
  const start = performance.now();
  if (process.stdout.isTTY) process.stdout.write(`\r\u001b[2K${paint(2, `  … ${doing}`)}`);
  try {
    const result = await work();
    clearLine();
    if (result !== false) console.log(`  ${paint(32, '✓')} ${done.padEnd(36)}${paint(2, seconds(start))}`);
    return result;
  } catch (error) {
    clearLine();
    throw error;
  }
}

/** Stages that go on when one fails: what failed is printed, and remembered. */
export class Stages {
  /** Whether everything so far has gone well. */
  sound = true;

  /**
   * Runs a stage; answers whether it went well.
   * @param {string} doing
   * @param {string} done
   * @param {() => Promise<unknown>} work
   */
  attempt = async (doing, done, work) => {
    try {
      await runStage(doing, done, work);
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  };

  /** @param {unknown} error */
  fail(error) {
    this.sound = false;
    printFailure(error);
  }
}

/** @param {string} line */
export function note(line) {
  clearLine();
  console.log(`    ${paint(2, line)}`);
}

const knownErrors = ['StageError', 'EnvError', 'EmbeddedError', 'MigrationError', 'DatabaseUnreachableError'];
const refusals = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC'];

/** Prints an error as its one line, or in full when it is not one we know. @param {unknown} error */
export function printFailure(error) {
  clearLine();
  const { name, message, details, code, path } =
    /** @type {{ name?: string, message?: string, details?: string, code?: string, path?: string }} */ (
      error
    );
  if (details) console.error(details);
  if (code && path && refusals.includes(code)) {
    complain(
      `${path} cannot be used (${code}). Correct its owner, its mode or its disk, or set DATA_DIR to another folder.`,
    );
  } else if (knownErrors.includes(String(name)) || code?.startsWith('ERR_PARSE_ARGS_')) {
    complain(String(message));
  } else {
    console.error(error);
    complain('This should not have happened; see above.');
  }
}

/** @param {string} lines */
function complain(lines) {
  for (const line of lines.split('\n')) console.error(`  ${paint(31, '✗')} ${line}`);
}

/** @param {{ role: string, username: string, password: string, note: string }[]} signIns */
export function printSignIns(signIns) {
  const width = (/** @type {'role' | 'username' | 'password'} */ column) =>
    Math.max(...signIns.map((signIn) => signIn[column].length)) + 2;
  for (const signIn of signIns) {
    const columns = [
      signIn.role.padEnd(width('role')),
      signIn.username.padEnd(width('username')),
      signIn.password.padEnd(width('password')),
      paint(2, signIn.note),
    ];
    console.log(`    ${columns.join(' ')}`);
  }
  console.log('');
}

function clearLine() {
  if (process.stdout.isTTY) process.stdout.write('\r\u001b[2K');
}

/** @param {number} start */
function seconds(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`.padStart(8);
}
