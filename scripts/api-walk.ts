/**
 * `npm run api-walk`: does every operation of both APIs against a running program, and holds each answer to
 * its description.
 *
 *   npm run api-walk                                 the npm start of this folder, with an account of its own
 *   npm run api-walk -- --url https://… --key cz_…   another, with a key that may do everything: nothing is
 *                                                    sent, nobody is asked, and what is added is removed
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { arrangeWalk } from '@/e2e/api-walk';
import { createDatabase } from '@/lib/db/client';
import { findRunningEmbedded } from '@/lib/db/embedded/embedded';
import { env } from '@/lib/env';
import { walkApis, type Walk } from '@/testing/api-walk';
import { keepSecrets } from './secrets';
import { printFailure, StageError } from './stage.mjs';

const report = (line: string) => console.log(line);

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { url: { type: 'string' }, key: { type: 'string' } } });
  const url = (values.url ?? `http://localhost:${env.PORT}`).replace(/\/$/, '');
  await checkUp(url);
  if (values.key !== undefined) return goAndSay({ url, key: values.key, report });
  if (values.url !== undefined)
    throw new StageError('Another program needs a key of its own: --key cz_…, which may do everything.');

  const database = createDatabase(await findDatabase());
  try {
    const { CARRIER_SECRET: carrierSecret } = await keepSecrets(env.DATA_DIR, env);
    const door = `${url}/api/carrier/simulator/reply`;
    const { accounts, ...walk } = await arrangeWalk(database.pool, { url, door, carrierSecret });
    report(`As ${accounts.map(({ number }) => number).join(' and its sub-account ')}`);
    try {
      return await goAndSay({ ...walk, report });
    } finally {
      // They were for this alone; what they did stays in the log.
      await database.pool.query(`update account set status = 'SUSPENDED' where id = any ($1)`, [
        accounts.map(({ id }) => id),
      ]);
    }
  } finally {
    await database.close();
  }
}

async function checkUp(url: string): Promise<void> {
  const isUp = await fetch(`${url}/healthz`).then(
    (answer) => answer.ok,
    () => false,
  );
  if (!isUp) throw new StageError(`Nothing answers at ${url}. Run npm start first, or name another --url.`);
}

/** The embedded database of the program that runs in this folder: an account for the walk is made in it. */
async function findDatabase(): Promise<string> {
  const throwaway = path.join(env.DATA_DIR, 'throwaway-database.txt');
  const found = env.THROWAWAY_DATABASE
    ? await readFile(throwaway, 'utf8').catch(() => undefined)
    : (await findRunningEmbedded(env.DATA_DIR))?.owner;
  if (found !== undefined && env.CARRIER === 'simulator') return found;
  throw new StageError(
    'The walk makes accounts of its own only where npm start runs with its own database and the simulator. Give it a key: --key cz_…, which may do everything.',
  );
}

async function goAndSay(walk: Walk): Promise<number> {
  const { operations, requests, faults } = await walkApis(walk);
  for (const fault of faults) console.error(`✗ ${fault}`);
  const end = faults.length === 0 ? 'all answered as described' : `${faults.length} faults`;
  report(`${operations} operations, ${requests} requests: ${end}.`);
  return faults.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  printFailure(error);
  process.exitCode = 1;
}
