import type { APIRequestContext, APIResponse } from '@playwright/test';
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

/** Hands over a reply as a carrier does. */
export function postReply(
  request: APIRequestContext,
  secret: string,
  reply: CarrierReply,
  door = doors.worker,
): Promise<APIResponse> {
  return request.post(door, { headers: { authorization: `Bearer ${secret}` }, data: reply });
}
