/**
 * What can be written to: digits with the country code. A network's own name ("MTN") or short code cannot; it
 * needs no block, gets no confirmation and has no story.
 */
const pattern = /^[0-9]{8,15}$/;

/** Whether a sender or recipient is a number that can be written to. */
export function isWritable(msisdn: string): boolean {
  return pattern.test(msisdn);
}

/** The same as SQL of a condition. */
export function isWritableSql(msisdn: string): string {
  return `${msisdn} ~ '${pattern.source}'`;
}
