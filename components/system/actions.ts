import type { ServerAction } from '@/components/actions/call-action';
import type { Refusal } from '@/lib/auth/schema';
import type { CarrierInput, CarrierState, RouteInput } from '@/lib/carriers/schema';
import type { DoubtDecision, DoubtGroupKey, DoubtPolicy } from '@/lib/messages/schema';

type Answer = { ok: true } | Refusal;

/** The server actions of the page. */
export interface SystemActions {
  changeState: ServerAction<[input: { name: string; state: CarrierState }], Answer>;
  addCarrier: ServerAction<[input: CarrierInput], Answer>;
  changeCarrier: ServerAction<[input: CarrierInput], Answer>;
  removeCarrier: ServerAction<[input: { name: string }], Answer>;
  saveRoute: ServerAction<[input: RouteInput], Answer>;
  removeRoute: ServerAction<[input: { prefix: string; carrier: string }], Answer>;
  decide: ServerAction<
    [input: DoubtGroupKey & { decision: DoubtDecision }],
    { ok: true; messages: number } | Refusal
  >;
  choosePolicy: ServerAction<[policy: DoubtPolicy], Answer>;
}
