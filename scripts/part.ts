/**
 * `npm run web | worker | migrate | add-administrator`: one part of the whole, in the foreground, for
 * production. Uses DATABASE_URL, or else the embedded database of this DATA_DIR while it runs.
 *
 * `npm run migrate -- --distribute` spreads the database over a Citus cluster as well; with `--plan` it says
 * what that would do, and does nothing.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { prepareDataDir } from '@/lib/db/embedded/data-dir';
import { findRunningEmbedded } from '@/lib/db/embedded/embedded';
import type { Env } from '@/lib/env';
import { commandOf, commandOfProgram, environmentOf, type Part } from './children';
import { checkDatabase } from './database-check';
import {
  bringUpToDate,
  checkAddresses,
  describeExcessRights,
  distributeDatabase,
  planDistribution,
  type DatabaseAddresses,
} from './databases';
import { refusePublishedPasswords } from './demo-check';
import { checkReplica } from './replica-check';
import { keepSecrets } from './secrets';
import { printFailure, StageError } from './stage.mjs';

/** The owner's address is asked for where it is used: web and worker need not know it. */
async function findDatabase(env: Env, part: string | undefined): Promise<DatabaseAddresses> {
  if (env.isSet('DATABASE_URL')) {
    if (part === 'migrate') return checkAddresses(env);
    await checkDatabase(env.DATABASE_URL);
    return { owner: env.DATABASE_URL, program: env.DATABASE_URL };
  }
  const addresses = await findRunningEmbedded(env.DATA_DIR);
  if (addresses) return addresses;
  throw new StageError(
    `DATABASE_URL is not set, and no embedded database runs on ${env.DATA_DIR}. Set DATABASE_URL, or run npm start.`,
  );
}

async function migrate(addresses: DatabaseAddresses, options: readonly string[]): Promise<void> {
  const unknown = options.find((option) => !['--distribute', '--plan'].includes(option));
  if (unknown !== undefined) {
    throw new StageError(`npm run migrate knows no option "${unknown}"; it knows --distribute and --plan.`);
  }
  if (options.includes('--plan')) {
    for (const line of await planDistribution(addresses)) console.log(line);
    return;
  }
  const applied = await bringUpToDate(addresses);
  for (const name of applied) console.log(`Applied ${name}`);
  if (applied.length === 0) console.log('The database is up to date.');
  if (options.includes('--distribute')) await distributeDatabase(addresses, (line) => console.log(line));
  const excess = await describeExcessRights(addresses);
  if (excess !== null) console.log(excess);
}

async function runPart(part: Part, env: Env, databaseUrl: string): Promise<never> {
  if (part === 'web' && !existsSync('.next/BUILD_ID')) {
    throw new StageError('The pages have not been built. Run npm run build first.');
  }
  if (part === 'web') {
    await refusePublishedPasswords(env, databaseUrl);
    const remark = await checkReplica(env.DATABASE_READ_URL, databaseUrl);
    if (remark !== null) console.error(remark);
  }
  const excess = await describeExcessRights({ owner: databaseUrl, program: databaseUrl });
  if (excess !== null) console.error(excess);
  const secrets = await keepSecrets(await prepareDataDir(env.DATA_DIR), env);
  const environment = environmentOf('production', env, secrets, databaseUrl);
  // Next.js closes its port as soon as it is signalled; the worker waits by itself.
  const command = await commandOf(part, 'production', env);
  return part === 'web'
    ? runChild(command, environment, (web) => announceStop(web, env))
    : runChild(command, environment);
}

/** Has the web's /readyz say that it is to stop, for as long as load balancers need to see it. */
async function announceStop(web: ChildProcess, env: Env): Promise<void> {
  if (env.STOP_DELAY_SECONDS === 0) return;
  web.kill('SIGUSR2'); // instrumentation.ts
  await delay(env.STOP_DELAY_SECONDS * 1000);
}

/** With database and secrets as the web has them, so that its link works there. */
async function addAdministrator(env: Env, databaseUrl: string): Promise<never> {
  const secrets = await keepSecrets(await prepareDataDir(env.DATA_DIR), env);
  return runChild(
    await commandOfProgram('scripts/add-administrator.ts', ...process.argv.slice(3)),
    environmentOf('production', env, secrets, databaseUrl),
  );
}

async function runChild(
  [program, ...parameters]: [string, ...string[]],
  environment: NodeJS.ProcessEnv,
  beforeSignal: (child: ChildProcess) => Promise<void> = () => Promise.resolve(),
): Promise<never> {
  const child = spawn(program, parameters, {
    env: environment,
    stdio: 'inherit',
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => void beforeSignal(child).then(() => child.kill(signal)));
  }
  const code = await new Promise<number>((resolve) => child.on('exit', (exitCode) => resolve(exitCode ?? 1)));
  process.exit(code);
}

try {
  const { env } = await import('@/lib/env');
  const part = process.argv[2];
  const addresses = await findDatabase(env, part);
  if (part === 'migrate') await migrate(addresses, process.argv.slice(3));
  else if (part === 'web' || part === 'worker') await runPart(part, env, addresses.program);
  else if (part === 'add-administrator') await addAdministrator(env, addresses.program);
  else throw new StageError(`There is no part "${part}". Parts: web, worker, migrate, add-administrator.`);
} catch (error) {
  printFailure(error);
  process.exit(1);
}
