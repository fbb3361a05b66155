import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { endWithUs } from '@/testing/end-with-us';
import type { SoakPart } from './part';

interface Suite {
  title: string;
  specs: { title: string; tests: { results: { error?: { message?: string } }[] }[]; ok: boolean }[];
  suites?: Suite[];
}

function findFailures({ specs, suites = [] }: Suite): string[] {
  return [
    ...specs
      .filter(({ ok }) => !ok)
      .map(
        ({ title, tests }) => `${title}\n${tests[0]?.results.at(-1)?.error?.message ?? 'no reason given'}`,
      ),
    ...suites.flatMap(findFailures),
  ];
}

/**
 * All browser tests: those of `npm test`, and those that it leaves out for their time. Every state of every
 * page is looked at in the light, in the dark and on a phone.
 */
async function runBrowserTests(): Promise<{ tests: number; explanation: string }> {
  const child = spawn(process.execPath, ['node_modules/@playwright/test/cli.js', 'test', '--reporter=json'], {
    env: { ...process.env, EVERY_LOOK: 'true', NODE_ENV: 'production', NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // It ends what it has started.
  endWithUs(child, (left) => left.kill('SIGTERM'));
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const start = output.indexOf('{\n');
  if (start < 0) throw new Error(`The browser tests did not run.\n${output}\n${complaints}`);
  const report = JSON.parse(output.slice(start)) as {
    suites: Suite[];
    errors: { message: string }[];
    stats: { expected: number; unexpected: number };
  };
  const failures = [...report.errors.map(({ message }) => message), ...report.suites.flatMap(findFailures)];
  return { tests: report.stats.expected + report.stats.unexpected, explanation: failures.join('\n\n') };
}

/** Nothing in it is random: one round says all. */
export const browser: SoakPart = {
  run: async ({ report }) => {
    report('Every browser test, half an hour or so.');
    const { tests, explanation } = await runBrowserTests();
    return {
      counts: { 'browser tests': tests },
      failure: explanation === '' ? null : { explanation, replay: null },
    };
  },
  replay: async () => (await runBrowserTests()).explanation || null,
};
