import type { EmbeddedServer } from '@/lib/db/embedded/server';

/** What a part of the soak works with. */
export interface SoakContext {
  /** A folder for the parts' files; removed afterwards. */
  folder: string;
  /**
   * Starts a durable PostgreSQL on a folder of that name within `folder`, or starts it again after it was
   * killed.
   */
  startDatabase: (name: string) => Promise<EmbeddedServer>;
  /** Says what is going on to whoever waits. */
  report: (line: string) => void;
}

/** What one round did. */
export interface Round {
  /** What was counted: sequences, replies, kills … */
  counts: Record<string, number>;
  /** Null when all held. `replay` is whatever {@link SoakPart.replay} needs, as JSON. */
  failure: { explanation: string; replay: unknown } | null;
}

/** One kind of long and random test. Rounds take some ten seconds; they are repeated until the time is up. */
export interface SoakPart {
  /** One round. The same seed makes the same choices; how concurrent work meets is the machine's. */
  run: (context: SoakContext, seed: number) => Promise<Round>;
  /** Runs once more what failed; answers with what was wrong this time, or null when all held. */
  replay: (context: SoakContext, replay: unknown) => Promise<string | null>;
}
