/** Clocks of two machines may differ by so much. */
const clockSlackMs = 60_000;
/** Nothing waits longer in a gateway; receipts of replies are kept for as long. */
const longestWaitMs = 60 * 86_400_000;

/**
 * When something arrived at the gateway: `%T`, seconds since 1970. Undefined for what cannot be: the time at
 * which we got it then stands for it.
 */
export function readGatewayTime(written: string, now: Date): Date | undefined {
  if (!/^\d{1,12}$/.test(written)) return undefined;
  const at = Number(written) * 1000;
  const age = now.getTime() - at;
  return age >= -clockSlackMs && age <= longestWaitMs ? new Date(Math.min(at, now.getTime())) : undefined;
}
