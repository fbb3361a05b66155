import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
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

/** Every state of every page in the light, in the dark and on a phone, as axe sees it. */
async function lookAtEverything(): Promise<{ looks: number; explanation: string }> {
  const child = spawn(
    process.execPath,
    ['node_modules/@playwright/test/cli.js', 'test', 'accessibility.spec.ts', '--reporter=json'],
    {
      env: { ...process.env, EVERY_LOOK: 'true', NODE_ENV: 'production', NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const [output, complaints] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const start = output.indexOf('{\n');
  if (start < 0) throw new Error(`The pages were not looked at.\n${output}\n${complaints}`);
  const report = JSON.parse(output.slice(start)) as {
    suites: Suite[];
    errors: { message: string }[];
    stats: { expected: number; unexpected: number };
  };
  const failures = [...report.errors.map(({ message }) => message), ...report.suites.flatMap(findFailures)];
  return { looks: report.stats.expected + report.stats.unexpected, explanation: failures.join('\n\n') };
}

/** Nothing in it is random: one round says all. */
export const looks: SoakPart = {
  run: async () => {
    const { looks: count, explanation } = await lookAtEverything();
    return {
      counts: { 'states of pages': count },
      failure: explanation === '' ? null : { explanation, replay: null },
    };
  },
  replay: async () => (await lookAtEverything()).explanation || null,
};
