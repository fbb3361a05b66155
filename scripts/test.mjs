/**
 * `npm test`: everything CI checks, also on a fresh clone. Ends with one line, "N passed, N failed", that
 * adds up unit, integration and browser tests; exits with 1 if one of them failed, a check found something,
 * or nothing ran.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { checkCode } from './code-checks.mjs';
import { installChromium, installPackages, systemChromiums } from './debian.mjs';
import { bearerbox } from './kannel-program.mjs';
import { prepare, run } from './prepare.mjs';
import { StageError, Stages } from './stage.mjs';

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
// Ending by way of exit() ends what runs just now, too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(130));

const node = process.execPath;
const resultsFolder = 'test-results';

let passed = 0;
let failed = 0;
const stages = new Stages();

/**
 * Runs a test runner and counts from its report.
 * @param {string[]} command
 * @param {Record<string, string>} environment
 * @param {string} reportFile
 * @param {(report: any) => { passed: number, failed: number }} count
 * @param {string} what
 */
async function runTests(command, environment, reportFile, count, what) {
  await rm(reportFile, { force: true });
  const failure = await run(command, environment, `${what} failed.`).then(
    () => null,
    (/** @type {Error} */ error) => error,
  );
  const report = await readFile(reportFile, 'utf8').catch(() => null);
  const counted = report === null ? { passed: 0, failed: 0 } : count(JSON.parse(report));
  passed += counted.passed;
  failed += counted.failed;
  if (failure) throw failure;
  if (counted.passed === 0) throw new StageError(`${what} did not run.`);
}

function runUnitTests() {
  const file = `${resultsFolder}/unit.json`;
  const parameters = ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${file}`];
  return runTests(
    [node, 'node_modules/vitest/vitest.mjs', ...parameters],
    {},
    file,
    ({ numPassedTests, numFailedTests, testResults }) => {
      // A file that could not be read holds no tests that could fail, and counts as one.
      const unread = testResults.filter(
        (/** @type {any} */ { status, assertionResults }) =>
          status === 'failed' && assertionResults.length === 0,
      );
      return { passed: numPassedTests, failed: numFailedTests + unread.length };
    },
    'Unit and integration tests',
  );
}

/**
 * What passed only at the second try, and what went wrong at the first: nobody sees that run again.
 * @param {any[]} suites as Playwright's report has them
 * @param {string[]} path the titles around them
 * @returns {{ title: string, why: string }[]}
 */
function findFlaky(suites, path) {
  return suites.flatMap(({ title, specs, suites: inner = [] }) => [
    ...specs.flatMap(({ title: name, tests }) =>
      tests
        .filter(({ status }) => status === 'flaky')
        .map(({ results }) => ({
          title: [...path, title, name].join(' › '),
          why: stripVTControlCharacters(results[0]?.error?.message ?? 'no reason given'),
        })),
    ),
    ...findFlaky(inner, [...path, title]),
  ]);
}

async function runBrowserTests() {
  const [port = 0, workerPort = 0] = await findFreePorts(2);
  await runTests(
    // Those that say so are run by `npm run soak -- --only browser`, for their time.
    [node, 'node_modules/@playwright/test/cli.js', 'test', '--grep-invert=@soak'],
    { E2E_PORT: String(port), E2E_WORKER_PORT: String(workerPort) },
    `${resultsFolder}/browser.json`,
    ({ stats, suites }) => {
      for (const { title, why } of findFlaky(suites, [])) {
        console.log(`  ! Passed only at the second try: ${title}`);
        console.log(why.slice(0, 2_000).replace(/^/gm, '      '));
      }
      return { passed: stats.expected + stats.flaky, failed: stats.unexpected };
    },
    'Browser tests',
  );
}

/**
 * Finds a Chromium or gets one. Without one, browser tests are left out, except where nobody would notice: in
 * CI.
 */
async function findBrowser() {
  const { findChromium } = await import('./chromium.mjs');
  if (findChromium()) return true;
  // What Playwright has may be of another version than the one that is asked for.
  await attemptChromium();
  if (findChromium()) return true;
  const advice =
    'No page was tested: there is no Chromium. Get one with "npx playwright install chromium", or as root with "apt-get install chromium".';
  if (process.env.CI) {
    stages.fail(new StageError(advice));
  } else {
    console.log(`  ! ${advice}`);
  }
  return false;
}

/**
 * Gets the languages of the examples on the API's page, Kannel, nginx and a Chromium. Their tests say what is
 * missing, and fail without it (the languages' and the browser's in CI alone).
 */
async function installPrograms() {
  const packages = {
    curl: 'curl',
    python3: 'python3',
    php: 'php-cli',
    [bearerbox]: 'kannel',
    '/usr/sbin/nginx': 'nginx',
  };
  const missing = Object.entries(packages)
    .filter(([command]) => spawnSync(command, ['--version'], { stdio: 'ignore' }).error)
    .map(([, name]) => name);
  if (missing.length > 0) {
    await stages.attempt(`Installing ${missing.join(', ')}`, `${missing.join(', ')} looked for`, () =>
      installPackages(missing),
    );
  }
  // Whether Playwright has one of its own is known to Playwright alone, which may not be there yet.
  const browsers = process.env.PLAYWRIGHT_BROWSERS_PATH ?? path.join(os.homedir(), '.cache/ms-playwright');
  if (systemChromiums.some(existsSync) || existsSync(browsers)) return;
  await attemptChromium();
}

const attemptChromium = () => stages.attempt('Installing Chromium', 'Chromium looked for', installChromium);

/** @param {number} count @returns {Promise<number[]>} */
async function findFreePorts(count) {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map(
    (server) => /** @type {import('node:net').AddressInfo} */ (server.address()).port,
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

console.log('');
try {
  // Neither needs the other, and both wait for the network most of their time.
  const programs = installPrograms();
  await prepare();
  await programs;
  await checkEverything();
} catch (error) {
  stages.fail(error);
}
console.log(`\n${passed} passed, ${failed} failed`);
process.exit(stages.sound && failed === 0 && passed > 0 ? 0 : 1);

async function checkEverything() {
  await mkdir(resultsFolder, { recursive: true });
  // Two at a time: more would only be in each other's way on a machine with two cores. Both take about as
  // long.
  const [isReady] = await Promise.all([
    checkAndBuild(),
    stages.attempt('Running unit and integration tests', 'Unit and integration tests passed', runUnitTests),
  ]);
  if (isReady) await stages.attempt('Running browser tests', 'Browser tests passed', runBrowserTests);
}

/** Whether there is a build, and a browser to look at it. */
async function checkAndBuild() {
  await checkCode(stages.attempt);
  const canBrowse = await findBrowser();
  const isBuilt = await stages.attempt('Building the pages', 'Pages built', () =>
    run([node, 'scripts/run.mjs', 'build-command.ts'], {}, 'The pages could not be built.'),
  );
  return canBrowse && isBuilt;
}
