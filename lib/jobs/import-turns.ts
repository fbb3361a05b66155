/**
 * Imports that a worker runs at once: they are bound by the database, and more would take from the
 * dispatcher.
 */
const importsAtOnce = 2;

/** What marks an import's job in the queue, so that the jobs that have no turn are not taken from it. */
const anyImport = 'import';
const importOf = (accountId: number) => `import-${accountId}`;

export function composeImportFlags(accountId: number): string[] {
  return [anyImport, importOf(accountId)];
}

/**
 * Who may import now, in this process: two accounts, each one list at a time. Not by the queue's own named
 * queues, which pause up to two seconds between jobs (findings/graphile-worker-named-queues.sh).
 */
export class ImportTurns {
  private readonly accounts = new Set<number>();

  constructor(private readonly places = importsAtOnce) {}

  /** The flags of jobs that are not to be taken now. */
  listForbiddenFlags(): string[] {
    return this.accounts.size >= this.places ? [anyImport] : [...this.accounts].map(importOf);
  }

  /**
   * Runs `work` if this account may import now.
   *
   * @returns whether it ran; two of the runner's places that ask at the same moment may be given one job too
   *   many
   */
  async take(accountId: number, work: () => Promise<void>): Promise<boolean> {
    if (this.accounts.has(accountId) || this.accounts.size >= this.places) return false;
    this.accounts.add(accountId);
    try {
      await work();
      return true;
    } finally {
      this.accounts.delete(accountId);
    }
  }
}
