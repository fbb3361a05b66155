/** A conversation on the sender number that was replied to. */
export interface ConversationFact {
  accountId: number;
  lastMessageId: string;
  lastMessageAt: Date;
}

export interface Attribution {
  /** The accounts the reply may be meant for, the one that wrote last first. Empty: nobody's. */
  candidates: { accountId: number; messageId: string | null }[];
}

/**
 * Whose reply is it? A dedicated sender number belongs to its account. On a shared one, every account that
 * wrote to this recipient from it within the window is a candidate. Outside the window the last account to
 * have written is still taken: an old message answered with "Stop" is a wish to be honoured, not a reply
 * without an owner.
 */
export function attributeReply(
  conversations: readonly ConversationFact[],
  dedicatedTo: number | null,
  receivedAt: Date,
  windowDays: number,
): Attribution {
  if (dedicatedTo !== null) {
    const own = conversations.find(({ accountId }) => accountId === dedicatedTo);
    return { candidates: [{ accountId: dedicatedTo, messageId: own?.lastMessageId ?? null }] };
  }
  const latestFirst = [...conversations].sort(
    (a, b) => b.lastMessageAt.getTime() - a.lastMessageAt.getTime() || a.accountId - b.accountId,
  );
  const windowStart = receivedAt.getTime() - windowDays * 86_400_000;
  const live = latestFirst.filter(({ lastMessageAt }) => lastMessageAt.getTime() >= windowStart);
  const chosen = live.length > 0 ? live : latestFirst.slice(0, 1);
  return {
    candidates: chosen.map(({ accountId, lastMessageId }) => ({ accountId, messageId: lastMessageId })),
  };
}
