import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { installPackages } from '../scripts/debian.mjs';
import { StageError } from '../scripts/stage.mjs';
import type { Round, SoakPart } from './part';
import { runTests } from './run-tests';

const hourMs = 3_600_000;

/**
 * Days on which tests are more likely to fail than on others: [how it is called, the day and time in South
 * Africa]. The year is that which comes.
 */
const specialMoments = [
  ['on Christmas Day', '12-25T11:00'],
  ['in the last minutes of a year', '12-31T23:50'],
  ['on New Year’s Day', '01-01T00:05'],
  ['in the last hour of February', '02-28T23:20'],
  ['as clocks in Europe go forward', '03-28T03:00'],
  ['between midnight in South Africa and in UTC', '06-15T01:00'],
] as const;

/** The moment to which a round puts the clock: a special one in every second round, else any in two years. */
function chooseMoment(seed: number, now: Date): { name: string; at: Date } {
  const special = specialMoments[(seed >> 1) % specialMoments.length];
  if (seed % 2 === 0 && special) {
    const [name, time] = special;
    const years = [0, 1].map((after) => new Date(`${now.getUTCFullYear() + after}-${time}:00+02:00`));
    return { name, at: years.find((at) => at > now) ?? now };
  }
  // Spread over the hours of two years: neighbouring seeds are far from each other.
  const hours = (seed * 6_151) % (2 * 365 * 24);
  return { name: 'at another time', at: new Date(now.getTime() + hours * hourMs) };
}

/**
 * Tests in which one of PostgreSQL's own time limits ends a statement. While PostgreSQL waits, libfaketime
 * lets it see the computer’s clock, by which a limit of a later day never comes
 * (findings/libfaketime-postgresql-time-limits.sh).
 */
const waitForLimits = ['lib/db/client.test.ts', 'lib/db/prisma.test.ts', 'lib/lists/account-list.test.ts'];

/** Where Debian and others keep libfaketime; null where it is not to be had. */
async function findClockLibrary(): Promise<string | null> {
  const find = () =>
    ['', ...readdirSync('/usr/lib')]
      .map((folder) => path.join('/usr/lib', folder, 'faketime/libfaketime.so.1'))
      .find(existsSync) ?? null;
  return find() ?? ((await installPackages(['libfaketime'])) ? find() : null);
}

/** All tests without a browser; the clock of their processes, and PostgreSQL's, is put there. */
async function runAt(at: Date): Promise<{ tests: number; explanation: string }> {
  const library = await findClockLibrary();
  if (library === null)
    throw new StageError(
      'The clock cannot be moved: install libfaketime (Debian: apt-get install libfaketime).',
    );
  return runTests(
    waitForLimits.flatMap((file) => ['--exclude', file]),
    {
      LD_PRELOAD: library,
      FAKETIME: `${at > new Date() ? '+' : '-'}${Math.abs(Math.round((at.getTime() - Date.now()) / 1000))}`,
      // Timers keep the computer's own.
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    },
  );
}

/** All tests without a browser on another day: what is green today alone is a mistake in a test. */
export const calendar: SoakPart = {
  run: async ({ report }, seed): Promise<Round> => {
    const { name, at } = chooseMoment(seed, new Date());
    report(`The clock is put to ${at.toISOString()}, ${name}: eight minutes or so.`);
    const { tests, explanation } = await runAt(at);
    return {
      counts: { 'tests on another day': tests },
      failure: explanation === '' ? null : { explanation, replay: at.toISOString() },
    };
  },
  replay: async (_context, at) => (await runAt(new Date(String(at)))).explanation || null,
};
