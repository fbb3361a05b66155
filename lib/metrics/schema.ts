export type { ReplicaView } from '@/lib/db/replica';

/** Of a stretch of time: how many opt-outs came into force, and how long that took, in milliseconds. */
export interface HonourTimes {
  replies: number;
  /**
   * Half, 99 of 100 and 999 of 1,000 took at most so long; at most a fifth too much. Null: there were none.
   */
  p50Ms: number | null;
  p99Ms: number | null;
  p999Ms: number | null;
}

/** The same of the last hour and of the last day, of all processes together. */
export interface TimesToHonour {
  lastHour: HonourTimes;
  lastDay: HonourTimes;
}
