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
 * Runs `work` and prints a line when it is done. What it answers with is handed on; `false` means that there was nothing
 * to do, and prints nothing.
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

/** @param {string} line */
export function note(line) {
  clearLine();
  console.log(`    ${paint(2, line)}`);
}

/** Prints an error as its one line, or in full when it is not one we know. @param {unknown} error */
export function printFailure(error) {
  const known = /** @type {{ name?: string, message?: string, details?: string }} */ (error);
  const names = ['StageError', 'EnvError', 'EmbeddedError', 'MigrationError', 'DatabaseUnreachableError'];
  if (known.details) console.error(known.details);
  if (!names.includes(String(known.name))) console.error(error);
  for (const line of String(known.message ?? error).split('\n')) console.error(`  ${paint(31, '✗')} ${line}`);
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
