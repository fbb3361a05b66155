/** The id of a delivery for its receiver: the same however often it is sent. */
export function composeDeliveryId(accountId: number, id: string): string {
  return `msg_${accountId}_${id}`;
}

/**
 * What is sent: the same text each time.
 *
 * @param data JSON
 */
export function composeBody({
  type,
  createdAt,
  data,
}: {
  type: string;
  createdAt: Date;
  data: string;
}): string {
  // as PostgreSQL wrote it: reading it and writing it again would make nothing else of it
  return `{"type":${JSON.stringify(type)},"timestamp":"${createdAt.toISOString()}","data":${data}}`;
}
