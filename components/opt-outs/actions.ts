import type { ServerAction } from '@/components/actions/call-action';
import type { AddOptOutsAnswer, RemoveOptOutsAnswer } from '@/lib/opt-outs/schema';

/** Server actions, as the pages hand them in. */
export type AddOptOuts = ServerAction<[typed: string], AddOptOutsAnswer>;
export type RemoveOptOuts = ServerAction<[msisdns: string[]], RemoveOptOutsAnswer>;
