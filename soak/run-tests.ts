import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { endWithUs } from '@/testing/end-with-us';

/** What vitest counted, and in `explanation` what failed, with why; empty when all passed. */
export interface TestRun {
  tests: number;
  explanation: string;
}

/**
 * Runs the tests; throws when vitest itself could not run.
 *
 * @param parameters vitest's: files to run, or others than all
 * @param environment added to the process's own
 */
export async function runTests(
  parameters: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<TestRun> {
  const child = spawn(
    process.execPath,
    ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', ...parameters],
    {
      env: { ...process.env, ...environment, NODE_ENV: 'test', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  // It ends what it has started.
  endWithUs(child, (left) => left.kill('SIGTERM'));
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const start = output.indexOf('{"');
  if (start < 0) throw new Error(`The tests did not run.\n${output}\n${complaints}`);
  const report = JSON.parse(output.slice(start)) as {
    numTotalTests: number;
    testResults: {
      name: string;
      status: string;
      message: string;
      assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
    }[];
  };
  const failures = report.testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults
      .filter((result) => result.status === 'failed')
      .map(({ fullName, failureMessages }) => `${fullName}\n${failureMessages.join('\n')}`);
    // A file that could not be read, or whose set-up failed, has no test that says so.
    return status === 'failed' && failed.length === 0 ? [`${name}\n${message}`] : failed;
  });
  return { tests: report.numTotalTests, explanation: failures.join('\n\n') };
}
