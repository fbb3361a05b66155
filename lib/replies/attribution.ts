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

/** The clock of the gateway, which says when a reply came, may be late by so much. */
const sinceSlackMs = 120_000;

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
  // Who has written since cannot be meant, unless they had written before as well, which is not kept: they
  // come after the others.
  const isSince = ({ lastMessageAt }: ConversationFact) =>
    Number(lastMessageAt.getTime() > receivedAt.getTime() + sinceSlackMs);
  const latestFirst = [...conversations].sort(
    (a, b) =>
      isSince(a) - isSince(b) ||
      b.lastMessageAt.getTime() - a.lastMessageAt.getTime() ||
      a.accountId - b.accountId,
  );
  const windowStart = receivedAt.getTime() - windowDays * 86_400_000;
  const live = latestFirst.filter(({ lastMessageAt }) => lastMessageAt.getTime() >= windowStart);
  const chosen = live.length > 0 ? live : latestFirst.slice(0, 1);
  return {
    candidates: chosen.map(({ accountId, lastMessageId }) => ({ accountId, messageId: lastMessageId })),
  };
}
