/** The id of a delivery for its receiver: the same however often it is sent. */
export function composeDeliveryId(accountId: number, id: string): string {
  return `msg_${accountId}_${id}`;
}

/** What is sent: the same text each time. */
export function composeBody({
  type,
  createdAt,
  data,
}: {
  type: string;
  createdAt: Date;
  data: unknown;
}): string {
  return JSON.stringify({ type, timestamp: createdAt.toISOString(), data });
}
