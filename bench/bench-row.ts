/** One line of the benchmark's table: a figure against its baseline, measured side by side in one run. */
export interface BenchRow {
  name: string;
  against: string;
  ratio: number;
  floor: number;
  goal: number;
  better: 'higher' | 'lower';
  /** Absolute figures, for people. */
  detail: string;
}
