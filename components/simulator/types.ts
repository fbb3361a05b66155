import type { ServerAction } from '@/components/actions/call-action';

/** A phone on the shelf. */
export interface SimulatorPhone {
  msisdn: string;
  lastText: string;
  /** ISO 8601, UTC. */
  lastAt: string;
  /** How many SMSs it holds. */
  count: number;
}

/** One SMS on a phone. */
export interface SimulatorText {
  id: string;
  fromPhone: boolean;
  senderNumber: string;
  text: string;
  /** ISO 8601, UTC. */
  createdAt: string;
}

/** Server actions. */
export interface SimulatorActions {
  /**
   * The newest SMSs of a phone, oldest first, or those before the id `before`; `older` is the next `before`.
   */
  loadPhone: ServerAction<
    [{ msisdn: string; before?: string }],
    { ok: true; messages: SimulatorText[]; older: string | null }
  >;
  sendReply: ServerAction<[{ msisdn: string; senderNumber: string; text: string }]>;
}
