import type { Pool } from 'pg';
import type { BenchRow } from './bench-row';

export interface BenchContext {
  /** A database of the bench's own: migrated, empty, on a server as durable as the one of `npm start`. */
  url: string;
  /** The pool the program itself would use on it. */
  pool: Pool;
  /** Runs `work` with one more database like it. */
  withDatabase: <Result>(work: (url: string) => Promise<Result>) => Promise<Result>;
  /**
   * Runs `work` with a database that `seed` has filled. With `--keep` it stays, and the next run finds it
   * under its name; whoever changes what is seeded removes the folder.
   */
  withSeeded: <Result>(
    name: string,
    seed: (url: string) => Promise<void>,
    work: (url: string) => Promise<Result>,
  ) => Promise<Result>;
  /** A folder for files; removed afterwards. */
  dataDir: string;
  /** Fewer rounds and smaller tables: does it run at all? */
  quick: boolean;
  /** Says what is going on to whoever waits. */
  report: (line: string) => void;
}

/** One file, one exported function, its rows of the table. Throws when it could not measure what it says. */
export type Bench = (context: BenchContext) => Promise<BenchRow[]>;
