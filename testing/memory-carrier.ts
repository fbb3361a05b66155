import type { Carrier } from '@/lib/messages/carrier';
import type { ClaimedMessage, HandoverResult } from '@/lib/messages/claim';

/** What the carrier says of one message; throws to say that it took none of the batch. */
export type Answer = (message: ClaimedMessage) => HandoverResult;

/** A carrier that remembers, batch by batch, what it was handed. */
export class MemoryCarrier implements Carrier {
  readonly name = 'memory';
  readonly batches: (readonly ClaimedMessage[])[] = [];

  constructor(
    private readonly answer: Answer = takeMessage,
    readonly ratePerSecond = 1_000_000,
  ) {}

  get messages(): ClaimedMessage[] {
    return this.batches.flat();
  }

  async send(messages: readonly ClaimedMessage[]): Promise<HandoverResult[]> {
    this.batches.push(messages);
    return messages.map(this.answer);
  }
}

export function takeMessage({ accountId, id }: ClaimedMessage): HandoverResult {
  return { status: 'sent', carrierMessageId: `memory-${accountId}-${id}` };
}
