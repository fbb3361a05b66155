import { Operations } from './generated/operations.js';
import type { CallOptions } from './runtime.js';
import type { OptOutChanges } from './types.js';

/** The API of an account, for its programs. */
export class ClientZone extends Operations {
  /**
   * The changes of opt-outs since a place, some at a time, until there are no more: apply `data`, then keep
   * `next`, and begin from there the next time. Left out: from the first change ever.
   */
  async *changesAfter(after?: string, options?: CallOptions): AsyncGenerator<OptOutChanges, void> {
    let place = after;
    let hasMore: boolean;
    do {
      const changes = await this.readChanges(place === undefined ? {} : { after: place }, options);
      yield changes;
      place = changes.next;
      ({ hasMore } = changes);
    } while (hasMore);
  }
}
