import type { APIRequestContext, APIResponse } from '@playwright/test';
import type { Pool } from 'pg';
import { baseURL, workerPort } from './instance';

/** Both ways in for a carrier's replies: the page's server, and the worker's own listener. */
export const doors = {
  web: `${baseURL}/api/carrier/simulator/reply`,
  worker: `http://localhost:${workerPort}/carrier/simulator/reply`,
};

export interface CarrierReply {
  id: string;
  from: string;
  to: string;
  text: string;
}

/**
 * A reply that could not be recorded, as {@link postReply} would have handed it over. The worker's job leaves
 * it alone: it was tried in the future.
 *
 * @param isReadable whether it can be recorded by now
 */
export async function setAside(database: Pool, reply: CarrierReply, isReadable: boolean): Promise<void> {
  await database.query(
    `insert into set_aside_reply (carrier, door, content, content_type, content_hash, msisdn, sender_number, text, verdict,
       received_at, fault, attempts, tried_at)
     values ('simulator', 'CARRIER', $1, 'application/json', gen_random_uuid(), $2, $3, $4, 'OPT_OUT', now(), 'SyntaxError', 4,
       now() + interval '1 day')`,
    [isReadable ? JSON.stringify(reply) : '{', reply.from, reply.to, reply.text],
  );
}

/** Hands over a reply as a carrier does. */
export function postReply(
  request: APIRequestContext,
  secret: string,
  reply: CarrierReply,
  door = doors.worker,
): Promise<APIResponse> {
  return request.post(door, { headers: { authorization: `Bearer ${secret}` }, data: reply });
}
