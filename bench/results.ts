import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import type { BenchRow } from './bench-row';
import { judge, type BenchVerdict } from './table';

const resultsFile = 'bench/results.json';

/** A figure, and where and when it was measured. */
interface Result extends BenchRow {
  bench: string;
  verdict: BenchVerdict;
  /** ISO 8601, UTC. */
  date: string;
  /** What was checked out; with a plus when something had been changed since. Null outside of git. */
  commit: string | null;
  node: string;
  machine: string;
  /**
   * How many processes wanted to run, on average over the last quarter of an hour: above the cores, the
   * machine was busy.
   */
  load: number;
}

/**
 * Writes the figures of the benches that ran to {@link resultsFile}; those of the others stay as they were
 * measured.
 */
export async function recordResults(
  measured: ReadonlyMap<string, readonly BenchRow[]>,
  order: readonly string[],
): Promise<void> {
  const source = {
    date: new Date().toISOString(),
    commit: describeCommit(),
    node: process.version,
    machine: `${os.type()} ${os.arch()}, ${os.cpus().length} × ${os.cpus()[0]?.model ?? 'unknown'}, ${Math.round(os.totalmem() / 1024 ** 3)} GB`,
    load: Number((os.loadavg()[2] ?? 0).toFixed(1)),
  };
  const kept = (await readResults()).filter(
    ({ bench }) => !measured.get(bench)?.length && order.includes(bench),
  );
  const fresh = [...measured].flatMap(([bench, rows]) =>
    rows.map((row) => ({
      bench,
      ...row,
      ratio: Number(row.ratio.toPrecision(3)),
      verdict: judge(row),
      ...source,
    })),
  );
  const results: Result[] = [...kept, ...fresh].sort(
    (one, other) => order.indexOf(one.bench) - order.indexOf(other.bench),
  );
  await writeFile(resultsFile, `${JSON.stringify(results, null, 2)}\n`);
  console.log(`  Written to ${resultsFile}.`);
}

async function readResults(): Promise<Result[]> {
  try {
    return JSON.parse(await readFile(resultsFile, 'utf8')) as Result[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function describeCommit(): string | null {
  try {
    const git = (...parameters: string[]) =>
      execFileSync('git', parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const changes = git('status', '--porcelain', '--untracked-files=no', '--', '.', `:!${resultsFile}`);
    return git('rev-parse', '--short', 'HEAD') + (changes === '' ? '' : '+');
  } catch {
    return null;
  }
}
