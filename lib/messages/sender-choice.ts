/** A live conversation of any account with one recipient. */
export interface LiveConversation {
  senderNumber: string;
  accountId: number;
  lastMessageAt: Date;
}

/** The sender numbers an account may use. */
export interface SenderPool {
  dedicated: readonly string[];
  shared: readonly string[];
}

/** Whether it matters who wrote to a recipient: of one number nothing is to be chosen. */
export function hasChoice({ dedicated, shared }: SenderPool): boolean {
  return (dedicated.length > 0 ? dedicated : shared).length > 1;
}

/**
 * Chooses the sender number for one recipient so that a reply has exactly one owner: the account's dedicated
 * number; else the shared number it already talks to them on, if no other account does; else a shared number
 * on which no other account has a live conversation with them; else, with the pool exhausted, the one that
 * others used longest ago.
 *
 * @returns null when the account has no sender number at all
 */
export function chooseSenderNumber(
  accountId: number,
  msisdn: string,
  pool: SenderPool,
  conversations: readonly LiveConversation[],
): string | null {
  const own = conversations
    .filter((conversation) => conversation.accountId === accountId)
    .sort((a, b) => b.lastMessageAt.getTime() - a.lastMessageAt.getTime());
  const candidates = pool.dedicated.length > 0 ? pool.dedicated : pool.shared;
  if (candidates.length === 0) return null;
  if (pool.dedicated.length > 0) {
    return (
      own.find(({ senderNumber }) => candidates.includes(senderNumber))?.senderNumber ??
      spread(msisdn, candidates)
    );
  }

  const takenAt = new Map<string, number>();
  for (const { senderNumber, accountId: other, lastMessageAt } of conversations) {
    if (other === accountId) continue;
    takenAt.set(senderNumber, Math.max(takenAt.get(senderNumber) ?? 0, lastMessageAt.getTime()));
  }
  const free = candidates.filter((senderNumber) => !takenAt.has(senderNumber));
  const sticky = own.find(({ senderNumber }) => free.includes(senderNumber));
  if (sticky) return sticky.senderNumber;
  if (free.length > 0) return spread(msisdn, free);
  return [...candidates].sort((a, b) => (takenAt.get(a) ?? 0) - (takenAt.get(b) ?? 0))[0] ?? null;
}

/** Spreads recipients evenly over sender numbers, the same recipient always to the same one. */
function spread(msisdn: string, senderNumbers: readonly string[]): string {
  return senderNumbers[Number(msisdn.slice(-6)) % senderNumbers.length] ?? (senderNumbers[0] as string);
}
