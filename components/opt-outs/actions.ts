import type { ServerAction } from '@/components/actions/call-action';
import type { AddOptOutResult, RemoveOptOutResult } from '@/lib/opt-outs/schema';

/** Server actions, as the pages hand them in. */
export type AddOptOuts = ServerAction<[typed: string], { ok: true; results: AddOptOutResult[] }>;
export type RemoveOptOuts = ServerAction<[msisdns: string[]], { ok: true; results: RemoveOptOutResult[] }>;
