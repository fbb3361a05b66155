import { composeReference } from '@/lib/messages/carrier';
import type { Prisma } from '@/lib/db/generated/client';
import type { MessagePurpose } from '@/lib/messages/schema';
import { chooseSenderNumber } from '@/lib/messages/sender-choice';
import { composeConfirmation } from '@/lib/opt-outs/confirmation';
import { blockedReason } from '@/lib/opt-outs/gate';
import { classifyReply, standardKeywords, type Keyword } from '@/lib/opt-outs/matcher';
import { attributeReply } from '@/lib/replies/attribution';
import { hashContent } from '@/lib/replies/content-hash';
import { undoMs } from '@/lib/replies/review-commands';
import { storedVerdicts } from '@/lib/replies/schema';
import { measureText } from '@/lib/sms/segments';
import { accounts, findAccount, keywords, phones, senderNumbers, users } from './cast';
import type { Random } from './random';

/** Everything the demo writes that happens over time. */
export interface WorldRows {
  batches: Prisma.MessageBatchCreateManyInput[];
  messages: DemoMessage[];
  replies: Prisma.ReplyCreateManyInput[];
  optOuts: DemoOptOut[];
  optOutEvents: Prisma.OptOutEventCreateManyInput[];
  conversations: Prisma.ConversationCreateManyInput[];
  carrierReceipts: Prisma.CarrierReceiptCreateManyInput[];
  unownedReplies: Prisma.UnownedReplyCreateManyInput[];
  creditEntries: Prisma.CreditEntryCreateManyInput[];
  balances: Prisma.CreditBalanceCreateManyInput[];
  simulatorMessages: Prisma.SimulatorMessageCreateManyInput[];
}

export type DemoMessage = Prisma.MessageCreateManyInput & {
  id: number;
  createdAt: Date;
  finishedAt: Date | null;
};
export type DemoOptOut = Prisma.OptOutCreateManyInput & { id: number; createdAt: Date };
type OptOutKind = DemoOptOut['kind'];
type StoredReply = Prisma.ReplyCreateManyInput & {
  id: number;
  rule: string | null;
  messageId: number | null;
  receivedAt: Date;
};

interface Conversation {
  msisdn: string;
  senderNumber: string;
  accountId: number;
  lastMessageAt: Date;
  lastMessageId: number;
}

const attributionWindowDays = 30;
/** Replies to review younger than this have not been decided. */
const reviewWaitsDays = 9;
const secondMs = 1000;
export const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** The numbers of the phones on the simulator's shelf. */
export const shelf = new Set<string>(Object.values(phones));

/**
 * The demo's months, played through in order of time with the program's own rules (matcher, attribution,
 * choice of sender number, segments), so that what comes out is what the program itself would have written.
 *
 * Times are in milliseconds since 1970.
 */
export class World {
  /** What comes next is last. */
  private readonly agenda: { at: number; happen: () => void }[] = [];
  private readonly batches: WorldRows['batches'] = [];
  private readonly messages: WorldRows['messages'] = [];
  private readonly replies: StoredReply[] = [];
  private readonly optOuts = new Map<string, DemoOptOut>();
  private readonly optOutEvents: WorldRows['optOutEvents'] = [];
  private readonly conversations = new Map<string, Conversation[]>();
  private readonly carrierReceipts: WorldRows['carrierReceipts'] = [];
  private readonly unownedReplies: WorldRows['unownedReplies'] = [];
  private readonly creditEntries: WorldRows['creditEntries'] = [];
  private readonly balances = new Map<number, number>();
  private readonly simulatorMessages: WorldRows['simulatorMessages'] = [];
  private lastEpisodeId = 0;
  private current = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly random: Random,
    readonly now: number,
  ) {}

  /** Lets something happen at its time, if that has come by now. */
  plan(at: number, happen: () => void): void {
    if (at < this.current) throw new RangeError('The past cannot be planned.');
    // Two minutes: what follows at once (a confirmation, its receipt) is over by now, too.
    if (at > this.now - 2 * minuteMs) return;
    const later = this.agenda.findLastIndex((entry) => entry.at > at);
    this.agenda.splice(later + 1, 0, { at, happen });
  }

  /** Plays everything planned, and what that leads to. */
  play(): WorldRows {
    for (let next = this.agenda.pop(); next; next = this.agenda.pop()) {
      this.current = next.at;
      next.happen();
    }
    return {
      batches: this.batches,
      messages: this.messages,
      replies: this.replies,
      optOuts: [...this.optOuts.values()],
      optOutEvents: this.optOutEvents,
      conversations: [...this.conversations.values()].flat(),
      carrierReceipts: this.carrierReceipts,
      unownedReplies: this.unownedReplies,
      ...this.closeLedgers(),
      simulatorMessages: this.simulatorMessages,
    };
  }

  private closeLedgers(): Pick<WorldRows, 'creditEntries' | 'balances'> {
    const balances = new Map<number, { credits: number; lastEntryAt: Date }>();
    const timeOf = ({ createdAt }: (typeof this.creditEntries)[number]) => (createdAt as Date).getTime();
    const creditEntries = this.creditEntries
      .toSorted((one, other) => timeOf(one) - timeOf(other) || Number(one.id) - Number(other.id))
      .map((entry) => {
        const credits = (balances.get(entry.accountId)?.credits ?? 0) + Number(entry.amount);
        balances.set(entry.accountId, { credits, lastEntryAt: entry.createdAt as Date });
        return { ...entry, balanceAfter: credits };
      });
    return {
      creditEntries,
      balances: [...balances].map(([accountId, balance]) => ({ accountId, ...balance })),
    };
  }

  topUp(accountId: number, at: number, amount: number, note: string): void {
    this.book(accountId, { kind: 'TOP_UP', amount, note, createdAt: new Date(at) });
  }

  findOptOuts(accountId: number): DemoOptOut[] {
    return [...this.optOuts.values()].filter((optOut) => optOut.accountId === accountId);
  }

  findOptOut(accountId: number, msisdn: string): DemoOptOut | undefined {
    return this.optOuts.get(`${accountId} ${msisdn}`);
  }

  findReply(accountId: number, id: number): StoredReply {
    const reply = this.replies.find((stored) => stored.accountId === accountId && stored.id === id);
    if (!reply) throw new Error(`The demo has no reply ${id} of account ${accountId}.`);
    return reply;
  }

  isOptedOut(accountId: number, msisdn: string): boolean {
    return this.optOuts.has(`${accountId} ${msisdn}`);
  }

  /** The sender number from which the account wrote to this recipient last; null when it never did. */
  findSender(accountId: number, msisdn: string): string | null {
    const own = (this.conversations.get(msisdn) ?? []).filter((known) => known.accountId === accountId);
    return own.sort((a, b) => b.lastMessageId - a.lastMessageId)[0]?.senderNumber ?? null;
  }

  /** Whether any account has written to this recipient from this sender number. */
  hasConversation(msisdn: string, senderNumber: string): boolean {
    return (this.conversations.get(msisdn) ?? []).some((known) => known.senderNumber === senderNumber);
  }

  /** Whom the account wrote to last from this sender number, since then. */
  findRecipients(accountId: number, senderNumber: string, since: number): string[] {
    return [...this.conversations.values()]
      .flat()
      .filter(
        (known) =>
          known.accountId === accountId &&
          known.lastMessageAt.getTime() >= since &&
          this.findSender(accountId, known.msisdn) === senderNumber,
      )
      .map(({ msisdn }) => msisdn);
  }

  /**
   * One text to several recipients: gate, charge, and what the network made of it.
   *
   * @param send.outOfService shared sender numbers that could not be used that day
   * @returns the messages, blocked ones included
   */
  send(send: {
    accountId: number;
    at: number;
    createdBy: number | null;
    text: string;
    /** Left out: the account's default. */
    purpose?: MessagePurpose;
    recipients: readonly string[];
    outOfService?: readonly string[];
  }): DemoMessage[] {
    const { accountId, at, text } = send;
    const batchId = this.batches.length + 1;
    const createdAt = new Date(at);
    const { segments } = measureText(text);
    const purpose = send.purpose ?? findAccount(accountId).defaultPurpose;
    this.batches.push({
      accountId,
      id: batchId,
      idempotencyKey: `demo-${batchId}`,
      createdBy: send.createdBy,
      text,
      purpose,
      createdAt,
    });

    const sent: DemoMessage[] = [];
    for (const msisdn of send.recipients) {
      const blocked = this.isOptedOut(accountId, msisdn);
      const message: DemoMessage = {
        ...this.addressTo(accountId, msisdn, at, send.outOfService ?? []),
        id: this.messages.length + 1,
        batchId,
        kind: 'NORMAL',
        purpose,
        text,
        segments,
        cost: blocked ? 0 : segments,
        status: blocked ? 'BLOCKED' : 'QUEUED',
        priority: 1,
        attempts: 0,
        reason: blocked ? blockedReason : null,
        createdAt,
        finishedAt: blocked ? createdAt : null,
      };
      this.messages.push(message);
      sent.push(message);
      if (!blocked) this.keepConversation(message);
    }

    const charged = sent.reduce((sum, { cost }) => sum + cost, 0);
    if (charged > 0) this.book(accountId, { kind: 'SEND', amount: -charged, batchId, createdAt });
    for (const message of sent) if (message.status === 'QUEUED') this.handOver(message, at);
    const refused = sent.filter(({ status, cost }) => status === 'FAILED' && cost === 0);
    if (refused.length > 0) {
      this.book(accountId, {
        kind: 'REFUND',
        amount: refused.length * segments,
        note: 'Not taken by the network',
        createdAt: new Date(at + 2 * secondMs),
      });
    }
    return sent;
  }

  /**
   * A reply from the network, as `receiveReplies` would take it.
   *
   * @returns the first account's copy of it; null when it belongs to nobody
   */
  receive(reply: { at: number; from: string; to: string; text: string }): StoredReply | null {
    const receivedAt = new Date(reply.at);
    const { from: msisdn, to: senderNumber, text } = reply;
    const carrierMessageId = this.takeFromNetwork(msisdn, senderNumber, text, receivedAt);
    const arrived = { msisdn, senderNumber, text, carrier: 'simulator', carrierMessageId, receivedAt };

    const dedicatedTo = senderNumbers.find(({ number }) => number === senderNumber)?.accountId ?? null;
    const conversations = (this.conversations.get(msisdn) ?? []).filter(
      (known) => known.senderNumber === senderNumber,
    );
    const { candidates } = attributeReply(
      conversations.map((known) => ({ ...known, lastMessageId: String(known.lastMessageId) })),
      dedicatedTo,
      receivedAt,
      attributionWindowDays,
    );
    if (candidates.length === 0) {
      const { verdict, rule } = classifyReply(text);
      const id = this.unownedReplies.length + 1;
      const waiting = { 'opt-out': 'WAITING', review: 'UNSURE', none: 'KEPT' } as const;
      const state = /^\d{8,15}$/.test(msisdn) ? waiting[verdict] : 'KEPT';
      this.unownedReplies.push({ ...arrived, id, verdict: storedVerdicts[verdict], rule, state });
      return null;
    }
    const stored: StoredReply[] = [];
    const accountIds = candidates.map(({ accountId }) => accountId);
    for (const [index, { accountId, messageId }] of candidates.entries()) {
      const { verdict, rule } = classifyReply(text, keywordLists.get(accountId));
      if (index > 0 && verdict !== 'opt-out') continue;
      const copy: StoredReply = {
        ...arrived,
        accountId,
        id: this.replies.length + 1,
        verdict: storedVerdicts[verdict],
        rule,
        messageId: messageId === null ? null : Number(messageId),
      };
      this.replies.push(copy);
      stored.push(copy);
      const { reviewPolicy } = findAccount(accountId);
      if (verdict === 'opt-out' || (verdict === 'review' && reviewPolicy === 'BLOCK')) {
        this.optOutByReply(copy, accountIds.length > 1 ? accountIds : null);
      } else if (verdict === 'review') {
        this.planReview(copy);
      }
    }
    return stored[0] ?? null;
  }

  /** An opt-out that no reply made: by the account itself or by staff. */
  addOptOut(entry: {
    accountId: number;
    msisdn: string;
    at: number;
    kind: Exclude<OptOutKind, 'REPLY' | 'SHARED_SENDER'>;
    actor: string;
    createdBy: number | null;
    reason: string | null;
    evidence: Prisma.InputJsonObject;
  }): void {
    const { accountId, msisdn, kind, createdBy } = entry;
    if (this.isOptedOut(accountId, msisdn)) return;
    const createdAt = new Date(entry.at);
    const optOut: DemoOptOut = { accountId, msisdn, id: ++this.lastEpisodeId, kind, createdBy, createdAt };
    this.optOuts.set(`${accountId} ${msisdn}`, optOut);
    this.recordEvent(optOut, 'OPTED_OUT', createdAt, entry);
  }

  /** Ends an episode. */
  removeOptOut(
    optOut: DemoOptOut,
    at: number,
    decision: {
      kind: 'REMOVED' | 'CORRECTED';
      actor: string;
      reason: string | null;
      evidence: Prisma.InputJsonObject;
    },
  ): void {
    if (this.findOptOut(optOut.accountId, optOut.msisdn)?.id !== optOut.id) return;
    this.optOuts.delete(`${optOut.accountId} ${optOut.msisdn}`);
    this.recordEvent(optOut, decision.kind, new Date(at), decision);
  }

  /** The SMS of an episode, which passes that episode's block and costs nothing. */
  sendForEpisode(
    optOut: DemoOptOut,
    sms: {
      kind: 'CONFIRMATION' | 'CONSENT';
      text: string;
      senderNumber: string;
      at: number;
      waitMs?: number;
    },
  ): DemoMessage {
    const { kind, text, senderNumber, at, waitMs = 0 } = sms;
    const message: DemoMessage = {
      accountId: optOut.accountId,
      id: this.messages.length + 1,
      kind,
      msisdn: optOut.msisdn,
      senderNumber,
      text,
      segments: measureText(text).segments,
      cost: 0,
      status: 'QUEUED',
      priority: 0,
      attempts: 0,
      episodeId: optOut.id,
      createdAt: new Date(at),
      finishedAt: null,
    };
    this.messages.push(message);
    if (kind === 'CONSENT') this.keepConversation(message);
    this.deliver(message, at + waitMs + 180, this.random.whole(1, 4) * secondMs);
    return message;
  }

  private addressTo(accountId: number, msisdn: string, at: number, outOfService: readonly string[]) {
    const usable = senderNumbers.filter(({ number }) => !outOfService.includes(number));
    const live = (this.conversations.get(msisdn) ?? []).filter(
      ({ lastMessageAt }) => lastMessageAt.getTime() > at - attributionWindowDays * dayMs,
    );
    const senderNumber = chooseSenderNumber(
      accountId,
      msisdn,
      {
        dedicated: usable.filter((sender) => sender.accountId === accountId).map(({ number }) => number),
        shared: usable
          .filter((sender) => sender.accountId === null)
          .map(({ number }) => number)
          .sort(),
      },
      live,
    );
    if (senderNumber === null) throw new Error('The demo has no sender number left.');
    return { accountId, msisdn, senderNumber };
  }

  private keepConversation({ accountId, msisdn, senderNumber, id, createdAt }: DemoMessage): void {
    const known = this.conversations.get(msisdn) ?? [];
    const others = known.filter(
      (conversation) => conversation.accountId !== accountId || conversation.senderNumber !== senderNumber,
    );
    const latest = { msisdn, senderNumber, accountId, lastMessageAt: createdAt, lastMessageId: id };
    this.conversations.set(msisdn, [...others, latest]);
  }

  private handOver(message: DemoMessage, at: number): void {
    const sentAt = at + this.random.whole(120, 1400);
    const fate = shelf.has(message.msisdn) ? 1 : this.random.next();
    if (fate < 0.012) {
      Object.assign(message, {
        status: 'FAILED',
        cost: 0,
        attempts: 1,
        reason: 'The network refused this number.',
        finishedAt: new Date(sentAt),
      } satisfies Partial<DemoMessage>);
    } else if (fate < 0.03) {
      this.deliver(message, sentAt, this.random.whole(20, 47) * hourMs, 'The phone could not be reached.');
    } else if (fate < 0.04) {
      // The network took it and never said more.
      this.deliver(message, sentAt, Number.POSITIVE_INFINITY);
    } else if (fate < 0.16) {
      // The phone was off for a while.
      this.deliver(message, sentAt, this.random.wait(80 * minuteMs));
    } else {
      this.deliver(message, sentAt, this.random.whole(1200, 15_000));
    }
  }

  /**
   * The network took the message at `sentAt`; `receiptAfterMs` later it says what became of it, unless that
   * is yet to come.
   */
  private deliver(
    message: DemoMessage,
    sentAt: number,
    receiptAfterMs: number,
    failure: string | null = null,
  ): void {
    const { accountId, id, msisdn, senderNumber, text } = message;
    const reference = composeReference({ accountId, id: String(id) });
    const known = sentAt + receiptAfterMs <= this.now;
    Object.assign(message, {
      status: !known ? 'SENT' : failure ? 'FAILED' : 'DELIVERED',
      attempts: 1,
      reason: known ? failure : null,
      carrierMessageId: `sim-${reference}`,
      sentAt: new Date(sentAt),
      finishedAt: known ? new Date(sentAt + receiptAfterMs) : null,
    } satisfies Partial<DemoMessage>);
    if (!shelf.has(msisdn)) return;
    this.simulatorMessages.push({
      msisdn,
      id: this.simulatorMessages.length + 1,
      fromPhone: false,
      senderNumber,
      text,
      reference,
      createdAt: new Date(sentAt),
    });
  }

  /**
   * @returns the carrier's id of the reply; for a phone on the shelf the same that the simulator would give
   */
  private takeFromNetwork(msisdn: string, senderNumber: string, text: string, createdAt: Date): string {
    let carrierMessageId = `demo-${this.carrierReceipts.length + 1}`;
    if (shelf.has(msisdn)) {
      const id = this.simulatorMessages.length + 1;
      this.simulatorMessages.push({ msisdn, id, fromPhone: true, senderNumber, text, createdAt });
      carrierMessageId = `phone-${id}`;
    }
    this.carrierReceipts.push({
      msisdn,
      carrier: 'simulator',
      carrierMessageId,
      contentHash: hashContent({ to: senderNumber, text }),
      receivedAt: createdAt,
    });
    return carrierMessageId;
  }

  /**
   * Somebody of the account decides within a day or so, by and large for the recipient; the latest replies
   * still wait.
   */
  private planReview(reply: StoredReply): void {
    const person = users.find((user) => user.accountId === reply.accountId)?.id;
    const at = reply.receivedAt.getTime() + (2 + (reply.id % 23)) * hourMs;
    if (person === undefined || at > this.now - reviewWaitsDays * dayMs) return;
    this.plan(at, () => {
      const isOptOut = reply.id % 4 !== 0;
      Object.assign(reply, {
        reviewDecision: isOptOut ? 'OPTED_OUT' : 'DISMISSED',
        reviewedBy: person,
        reviewedAt: new Date(at),
      } satisfies Partial<StoredReply>);
      if (isOptOut && !this.isOptedOut(reply.accountId, reply.msisdn)) {
        this.optOutByReply(reply, null, { at, person });
      }
    });
  }

  /**
   * @param decision set when a person decided that the reply was an opt-out; its confirmation waits until
   *   that cannot be undone
   */
  private optOutByReply(
    reply: StoredReply,
    candidates: number[] | null,
    decision?: { at: number; person: number },
  ): void {
    const { accountId, msisdn, senderNumber, receivedAt } = reply;
    const createdAt = decision ? new Date(decision.at) : receivedAt;
    const key = `${accountId} ${msisdn}`;
    const existing = this.optOuts.get(key);
    if (existing && !['MANUAL', 'IMPORT', 'API'].includes(existing.kind)) return;
    const optOut: DemoOptOut = {
      ...(existing ?? { accountId, msisdn, id: ++this.lastEpisodeId, createdAt }),
      ...(decision && { createdBy: decision.person }),
      kind: candidates ? 'SHARED_SENDER' : 'REPLY',
      senderNumber,
      replyId: reply.id,
      replyText: reply.text.slice(0, 1000),
      rule: reply.rule,
    };
    this.optOuts.set(key, optOut);
    this.recordEvent(optOut, existing ? 'CONFIRMED_BY_REPLY' : 'OPTED_OUT', createdAt, {
      actor: decision ? `user:${decision.person}` : 'recipient',
      reason: null,
      evidence: {
        text: reply.text,
        rule: reply.rule,
        verdict: reply.verdict,
        replyId: reply.id,
        messageId: reply.messageId,
        senderNumber,
        candidates,
        receivedAt: receivedAt.toISOString(),
      },
    });
    this.sendForEpisode(optOut, {
      kind: 'CONFIRMATION',
      text: composeConfirmation(findAccount(accountId)),
      senderNumber,
      at: createdAt.getTime(),
      waitMs: decision ? undoMs : 0,
    });
  }

  private recordEvent(
    { accountId, msisdn, id: episodeId }: DemoOptOut,
    kind: Prisma.OptOutEventCreateManyInput['kind'],
    createdAt: Date,
    { actor, reason, evidence }: { actor: string; reason: string | null; evidence: Prisma.InputJsonObject },
  ): void {
    const id = this.optOutEvents.length + 1;
    this.optOutEvents.push({ accountId, id, msisdn, episodeId, kind, actor, reason, evidence, createdAt });
  }

  private book(
    accountId: number,
    entry: Omit<Prisma.CreditEntryCreateManyInput, 'accountId' | 'id' | 'amount' | 'balanceAfter'> & {
      amount: number;
    },
  ): void {
    const credits = (this.balances.get(accountId) ?? 0) + entry.amount;
    if (credits < 0) throw new Error(`The demo spends more than account ${accountId} has.`);
    this.balances.set(accountId, credits);
    const id = this.creditEntries.length + 1;
    // what it left is reckoned when all are there: a refund is booked with its batch, and comes later
    this.creditEntries.push({ accountId, id, balanceAfter: 0, ...entry });
  }
}

/** Made once for each account, as the matcher prepares each list once. */
export const keywordLists = new Map<number, readonly Keyword[]>(
  accounts.map(({ id }) => {
    const own = keywords.filter(({ accountId }) => accountId === id);
    return [id, own.length === 0 ? standardKeywords : [...standardKeywords, ...own.map(readKeyword)]];
  }),
);

function readKeyword({ word, match }: { word: string; match: 'EXACT' | 'PREFIX' }): Keyword {
  return { word, match: match === 'EXACT' ? 'exact' : 'prefix', source: 'own' };
}
