import type { Pool } from 'pg';
import { ledgerOf, readLedger } from './ledger';
import type { ReplyText } from './main-job-steps';
import {
  nameMessage,
  type AcceptCall,
  type Decision,
  type History,
  type ModelAccount,
  type ModelReply,
  type Span,
} from './main-job-world';

interface StoredMessage {
  account_id: number;
  id: string;
  batch_id: string | null;
  kind: 'NORMAL' | 'CONFIRMATION';
  purpose: 'MARKETING' | 'SERVICE' | null;
  was_put_off: boolean;
  msisdn: string;
  sender_number: string;
  segments: number;
  cost: number;
  status: string;
  waits: boolean;
  episode_id: string | null;
  blocked_at_acceptance: boolean;
}

interface StoredReply {
  /** Null: nobody's. */
  account_id: number | null;
  id: string;
  msisdn: string;
  sender_number: string;
  text: string;
  verdict: string;
  rule: string | null;
  message_id: string | null;
  carrier_message_id: string;
  review_decision: string | null;
  /** Of one of nobody's: what became of it. */
  state: string | null;
  assigned_to: number | null;
}

interface StoredOptOut {
  account_id: number;
  msisdn: string;
  id: string;
  kind: string;
  reply_id: string | null;
  reply_text: string | null;
  rule: string | null;
}

interface StoredEvent {
  account_id: number;
  msisdn: string;
  episode_id: string;
  kind: string;
  evidence: {
    text: string;
    rule: string;
    replyId: number;
    messageId: number | null;
    candidates: number[] | null;
    assignedBy?: string;
  };
}

interface Stored {
  messages: StoredMessage[];
  replies: StoredReply[];
  optOuts: StoredOptOut[];
  events: StoredEvent[];
}

/**
 * Judges what one finished sequence did by the invariants of the design (1 to 4, 7 and 8).
 *
 * The database's word is taken only for what it holds; what it should hold follows from the calls, their
 * order and the model's own table of what each reply means.
 *
 * @returns what is wrong, in words; empty when all holds
 */
export async function findViolations(pool: Pool, history: History): Promise<string[]> {
  const stored = await readStored(pool, history);
  const judge = new Judge(history, stored);
  judge.judgeReplies();
  judge.judgeDecisions();
  judge.judgeOptOuts();
  judge.judgeAcceptance();
  judge.judgeDispatch();
  judge.judgeConfirmations();
  for (const account of history.accounts) {
    const ledger = await readLedger(pool, account.id);
    if (JSON.stringify(ledger) !== JSON.stringify(ledgerOf(ledger.balance))) {
      judge.violations.push(`the money of ${account.id} does not add up: ${JSON.stringify(ledger)}`);
    }
  }
  return [...history.violations, ...judge.violations];
}

class Judge {
  readonly violations: string[] = [];
  private readonly accounts: ReadonlyMap<number, ModelAccount>;
  /**
   * When the opt-out of an account and a number was acknowledged to a carrier: "account msisdn" to the
   * clock's time.
   */
  private readonly inForceFrom = new Map<string, number>();
  /** The earliest moment at which it can have come into force. */
  private readonly possibleFrom = new Map<string, number>();
  /** The calls that accepted each batch: the one that did it, and those with the same key. */
  private readonly batches = new Map<string, AcceptCall[]>();

  constructor(
    private readonly history: History,
    private readonly stored: Stored,
  ) {
    this.accounts = new Map(history.accounts.map((account) => [account.id, account]));
    for (const call of history.accepts) {
      if (!call.result.ok) continue;
      const key = nameMessage(call.account.id, call.result.batchId);
      this.batches.set(key, [...(this.batches.get(key) ?? []), call]);
    }
  }

  private expect(holds: boolean, violation: () => string): void {
    if (!holds) this.violations.push(violation());
  }

  /**
   * 8: every acknowledged reply is stored, once for each account it belongs to, as it came. And whose it is.
   */
  judgeReplies(): void {
    const acknowledged = new Map<string, ModelReply>();
    const acceptances = new Map<string, { accountIds: number[]; call: Span }[]>();
    const firstAcknowledged = new Map<string, number>();
    for (const call of this.history.replies) {
      call.replies.forEach((reply, index) => {
        const id = nameReply(reply);
        acknowledged.set(id, reply);
        firstAcknowledged.set(id, Math.min(call.ended, firstAcknowledged.get(id) ?? Infinity));
        const outcome = call.outcomes[index];
        if (outcome?.status !== 'accepted') return;
        acceptances.set(id, [...(acceptances.get(id) ?? []), { accountIds: outcome.accountIds, call }]);
      });
    }
    for (const [id, reply] of acknowledged) {
      const accepted = acceptances.get(id) ?? [];
      this.expect(accepted.length === 1, () => `reply ${id} was accepted ${accepted.length} times`);
      const [acceptance] = accepted;
      if (!acceptance) continue;
      this.judgeOwners(reply, acceptance.accountIds, acceptance.call);
      this.judgeStoredReply(reply, acceptance.accountIds);
      for (const accountId of acceptance.accountIds) {
        const account = this.accounts.get(accountId);
        if (!account || !blocks(reply.meaning, account)) continue;
        const name = nameOptOut(accountId, reply.from);
        lower(this.inForceFrom, name, firstAcknowledged.get(id) as number);
        lower(this.possibleFrom, name, acceptance.call.began);
      }
    }
    this.expect(
      this.stored.replies.every((row) => acknowledged.has(nameStoredReply(row))),
      () => 'a reply is stored that nobody sent',
    );
  }

  /** Which accounts received a reply, against who had surely, and who had possibly, written to its sender. */
  private judgeOwners(reply: ModelReply, accountIds: readonly number[], call: Span): void {
    const dedicatedTo = this.history.accounts.find(({ senderNumber }) => senderNumber === reply.to);
    const written = this.history.accounts.map((account) => ({
      account,
      ...this.readConversation(account, reply.from, reply.to),
    }));
    const surely = written.filter(
      ({ account, began }) => account === dedicatedTo || began.surely < call.began,
    );
    const possibly = written.filter(
      ({ account, began }) => account === dedicatedTo || began.possibly < call.ended,
    );
    const mine = (owners: typeof written) =>
      owners
        .filter(({ account }) => !dedicatedTo || account === dedicatedTo)
        .map(({ account }) => account.id);
    const name = `reply ${nameReply(reply)}`;

    this.expect(
      accountIds.every((accountId) => mine(possibly).includes(accountId)),
      () => `${name} went to ${accountIds.join()}, of whom only ${mine(possibly).join()} can have written`,
    );
    this.expect(mine(surely).length === 0 || accountIds.length > 0, () => `${name} went to nobody`);
    for (const accountId of mine(surely)) {
      const account = this.accounts.get(accountId) as ModelAccount;
      this.expect(
        understand(reply.meaning, account) !== 'opt-out' || accountIds.includes(accountId),
        () => `${name} is an opt-out for ${accountId}, which did not get it`,
      );
    }
    const others = accountIds.filter((accountId) => {
      const account = this.accounts.get(accountId);
      return account && understand(reply.meaning, account) !== 'opt-out';
    });
    this.expect(others.length <= 1, () => `${name} went to ${others.join()}, for whom it is no opt-out`);
    for (const accountId of others) {
      const last = written.find(({ account }) => account.id === accountId)?.lastWrote.possibly ?? 0;
      const later = surely.filter(
        ({ account, lastWrote }) =>
          mine(surely).includes(account.id) &&
          account.id !== accountId &&
          lastWrote.surely(call.began) > last,
      );
      this.expect(later.length === 0, () => `${name} went to ${accountId}, which was not the last to write`);
    }
  }

  /** When an account surely, and possibly, had a conversation with a recipient on a sender number. */
  private readConversation(account: ModelAccount, msisdn: string, senderNumber: string) {
    const calls = this.stored.messages
      .filter(
        (message) =>
          message.account_id === account.id &&
          message.kind === 'NORMAL' &&
          message.msisdn === msisdn &&
          message.sender_number === senderNumber &&
          !message.blocked_at_acceptance,
      )
      .map((message) => this.spanOfBatch(account.id, message.batch_id));
    return {
      began: {
        surely: Math.min(...calls.map(({ ended }) => ended)),
        possibly: Math.min(...calls.map(({ began }) => began)),
      },
      lastWrote: {
        /** The latest it can have written. */
        possibly: Math.max(0, ...calls.map(({ ended }) => ended)),
        /** When the last call began that had surely ended by then. */
        surely: (by: number) =>
          Math.max(0, ...calls.filter(({ ended }) => ended < by).map(({ began }) => began)),
      },
    };
  }

  /** From the first call with its key to the first that ended: within this its transaction committed. */
  private spanOfBatch(accountId: number, batchId: string | null): Span {
    const calls = this.batches.get(nameMessage(accountId, batchId ?? '')) ?? [];
    return {
      began: Math.min(...calls.map(({ began }) => began)),
      ended: Math.min(...calls.map(({ ended }) => ended)),
    };
  }

  private judgeStoredReply(reply: ModelReply, accountIds: readonly number[]): void {
    const name = `reply ${nameReply(reply)}`;
    const rows = this.stored.replies.filter((row) => nameStoredReply(row) === nameReply(reply));
    const owners = rows.map((row) => row.account_id);
    const assigned = this.findDecisions(reply).flatMap(({ account }) => account?.id ?? []);
    const expected = accountIds.length > 0 ? accountIds : [null, ...assigned];
    this.expect(
      owners.length === expected.length && expected.every((owner) => owners.includes(owner)),
      () => `${name} is stored for ${owners.join()} instead of ${expected.join()}`,
    );
    for (const row of rows) {
      const account = row.account_id === null ? null : (this.accounts.get(row.account_id) ?? null);
      const verdict = understand(reply.meaning, account);
      const rule = verdict === 'none' ? null : reply.meaning.rule;
      this.expect(
        row.text === reply.text &&
          row.msisdn === reply.from &&
          row.verdict === verdict.toUpperCase().replace('-', '_') &&
          row.rule === rule,
        () => `${name} is not stored as it came: ${JSON.stringify(row)}`,
      );
    }
  }

  /** Those that counted. */
  private findDecisions(reply: ModelReply): Decision[] {
    return this.history.decisions.filter(
      (decision) => decision.result.ok && nameReply(decision.reply) === nameReply(reply),
    );
  }

  /**
   * 1, 4 and 7 for what came without an owner: a wish waits, one decision counts, and what it says is in
   * force when it is told.
   */
  judgeDecisions(): void {
    for (const row of this.stored.replies.filter(({ account_id }) => account_id === null)) {
      const name = `reply ${nameStoredReply(row)} of nobody's`;
      const tried = this.history.decisions.filter(({ reply }) => nameReply(reply) === nameStoredReply(row));
      const [decision, ...others] = tried.filter(({ result }) => result.ok);
      this.expect(others.length === 0, () => `${name} was decided ${others.length + 1} times`);
      this.expect(tried.length === 0 || decision !== undefined, () => `${name} could not be decided`);
      const waits = { OPT_OUT: 'WAITING', REVIEW: 'UNSURE' }[row.verdict] ?? 'KEPT';
      const state = !decision ? waits : decision.account ? 'ASSIGNED' : 'NOTED';
      this.expect(
        row.state === state && row.assigned_to === (decision?.account?.id ?? null),
        () => `${name} is ${row.state} to ${row.assigned_to} instead of ${state}`,
      );
      if (decision?.account) this.judgeAssignment(decision, decision.account);
    }
  }

  private judgeAssignment(decision: Decision, account: ModelAccount): void {
    const { reply, isOptOut, result } = decision;
    const name = `reply ${nameReply(reply)}, assigned to ${account.id},`;
    const isTaken = isOptOut && understand(reply.meaning, account) === 'review';
    const mustBlock = isTaken || blocks(reply.meaning, account);
    const outcome = result.ok && 'outcome' in result ? result.outcome : null;
    this.expect(
      mustBlock === (outcome === 'blocked' || outcome === 'already-blocked'),
      () => `${name} was told to be ${outcome}`,
    );
    const own = this.stored.replies.find(
      (row) => row.account_id === account.id && nameStoredReply(row) === nameReply(reply),
    );
    this.expect(
      own !== undefined && (own.review_decision === 'OPTED_OUT') === isTaken,
      () => `${name} has the decision ${own?.review_decision}`,
    );
    if (!mustBlock) return;
    lower(this.inForceFrom, nameOptOut(account.id, reply.from), decision.ended);
    lower(this.possibleFrom, nameOptOut(account.id, reply.from), decision.began);
  }

  /**
   * 1, 4 and 7: the opt-outs are exactly those that replies demanded, each with its one event and its
   * evidence.
   */
  judgeOptOuts(): void {
    const existing = new Set(this.stored.optOuts.map((row) => nameOptOut(row.account_id, row.msisdn)));
    for (const name of this.inForceFrom.keys()) {
      this.expect(existing.has(name), () => `the opt-out of ${name} was acknowledged and does not exist`);
    }
    for (const optOut of this.stored.optOuts) {
      const name = nameOptOut(optOut.account_id, optOut.msisdn);
      this.expect(this.inForceFrom.has(name), () => `nobody asked for the opt-out of ${name}`);

      const reply = this.stored.replies.find(
        (row) =>
          row.account_id === optOut.account_id && row.id === optOut.reply_id && row.msisdn === optOut.msisdn,
      );
      const events = this.stored.events.filter(
        (event) => event.account_id === optOut.account_id && event.episode_id === optOut.id,
      );
      this.expect(events.length === 1, () => `the opt-out of ${name} has ${events.length} events`);
      const [event] = events;
      if (!reply || !event) {
        this.expect(reply !== undefined, () => `the opt-out of ${name} has no reply that caused it`);
        continue;
      }
      const { evidence } = event;
      this.expect(
        event.kind === 'OPTED_OUT' &&
          event.msisdn === optOut.msisdn &&
          evidence.text === reply.text &&
          evidence.rule === reply.rule &&
          evidence.replyId === Number(reply.id) &&
          optOut.reply_text === reply.text &&
          optOut.rule === reply.rule,
        () => `the evidence of ${name} is not its reply: ${JSON.stringify([event, optOut, reply])}`,
      );
      this.expect(
        optOut.kind === (evidence.candidates === null ? 'REPLY' : 'SHARED_SENDER') &&
          (evidence.candidates === null || evidence.candidates.includes(optOut.account_id)),
        () => `the opt-out of ${name} is ${optOut.kind} with the candidates ${evidence.candidates?.join()}`,
      );
      const answered = this.stored.messages.find(
        (message) => message.account_id === optOut.account_id && message.id === String(evidence.messageId),
      );
      const own = this.accounts.get(optOut.account_id)?.senderNumber ?? null;
      const cause = this.history.decisions.find(
        ({ reply: decided, account, result }) =>
          result.ok && account?.id === optOut.account_id && nameReply(decided) === nameStoredReply(reply),
      );
      this.expect(
        evidence.assignedBy === (cause && this.history.staff),
        () => `the opt-out of ${name} says that ${evidence.assignedBy} assigned it`,
      );
      this.expect(
        evidence.messageId === null
          ? own !== null || cause !== undefined
          : answered?.msisdn === optOut.msisdn && answered.kind === 'NORMAL',
        () => `the opt-out of ${name} does not say which message was answered: ${evidence.messageId}`,
      );
    }
    this.expect(
      this.stored.events.length === this.stored.optOuts.length,
      () => `${this.stored.events.length} events for ${this.stored.optOuts.length} opt-outs`,
    );
  }

  /**
   * 1, 3 and 8 at the first door: all that was accepted is there, once; nothing after an opt-out; nothing
   * without one.
   */
  judgeAcceptance(): void {
    const accepted = [...this.batches.values()];
    const keys = new Set(accepted.map(([call]) => call?.key));
    this.expect(keys.size === accepted.length, () => 'one idempotency key made two batches');

    const messages = this.stored.messages.filter(({ kind }) => kind === 'NORMAL');
    for (const [name, calls] of this.batches) {
      const rows = messages.filter((row) => nameMessage(row.account_id, row.batch_id ?? '') === name);
      const wanted = [...(calls[0]?.recipients ?? [])].sort();
      this.expect(
        JSON.stringify(rows.map(({ msisdn }) => msisdn).sort()) === JSON.stringify(wanted),
        () => `batch ${name} holds ${rows.length} messages for ${wanted.length} recipients`,
      );
    }
    for (const row of messages) {
      const name = nameMessage(row.account_id, row.id);
      const optOut = nameOptOut(row.account_id, row.msisdn);
      const span = this.spanOfBatch(row.account_id, row.batch_id);
      this.expect(span.began < Infinity, () => `message ${name} belongs to a batch that nobody was told of`);
      this.expect(
        row.blocked_at_acceptance || span.began < (this.inForceFrom.get(optOut) ?? Infinity),
        () => `message ${name} was accepted after the opt-out of ${optOut} was acknowledged`,
      );
      this.expect(
        !row.blocked_at_acceptance ||
          span.ended > (this.possibleFrom.get(optOut) ?? Infinity) ||
          this.isPerhapsListed(row, span.ended) ||
          this.isPerhapsStopped(row, span.ended),
        () => `message ${name} was blocked before anybody opted out of ${optOut}`,
      );
      this.expect(
        row.status !== 'BLOCKED' ||
          this.inForceFrom.has(optOut) ||
          this.isPerhapsListed(row, Infinity) ||
          this.isPerhapsStopped(row, Infinity),
        () => `message ${name} was blocked, and nobody opted out of ${optOut}`,
      );
      this.expect(
        row.blocked_at_acceptance || !this.isSurelyListed(row, span),
        () => `message ${name} was accepted, marketing to ${row.msisdn}, who was on the registry`,
      );
      this.expect(
        row.blocked_at_acceptance || !this.isSurelyStopped(row, span),
        () => `message ${name} was accepted, marketing of an account that may send none`,
      );
    }
  }

  /** 1, 3, 4 and 8 at the second door. */
  judgeDispatch(): void {
    const byName = new Map(this.stored.messages.map((row) => [nameMessage(row.account_id, row.id), row]));
    const taken = new Map<string, number>();
    for (const handOver of this.history.handOvers) {
      const name = nameMessage(handOver.accountId, handOver.messageId);
      const row = byName.get(name);
      this.expect(
        row?.msisdn === handOver.msisdn,
        () => `message ${name} reached the carrier and does not exist`,
      );
      if (handOver.taken) taken.set(name, (taken.get(name) ?? 0) + 1);
      if (row?.kind !== 'NORMAL') continue;
      const optOut = nameOptOut(handOver.accountId, handOver.msisdn);
      this.expect(
        handOver.began <= (this.inForceFrom.get(optOut) ?? Infinity),
        () => `message ${name} was dispatched after the opt-out of ${optOut} was acknowledged`,
      );
      this.expect(
        !this.isSurelySuspended(handOver.accountId, handOver),
        () => `message ${name} was dispatched while its account was suspended`,
      );
      this.expect(
        !this.isSurelyListed(row, handOver),
        () => `message ${name} was dispatched, marketing to ${row.msisdn}, who was on the registry`,
      );
      this.expect(
        !this.isSurelyStopped(row, handOver),
        () => `message ${name} was dispatched, marketing of an account that may send none`,
      );
      this.expect(
        row.purpose !== 'MARKETING' || handOver.hour === 'noon',
        () => `message ${name}, marketing, left at ${handOver.hour}`,
      );
    }
    for (const row of this.stored.messages) {
      this.expect(
        row.purpose === 'MARKETING' || !row.was_put_off,
        () => `message ${nameMessage(row.account_id, row.id)} was put off, and is no marketing`,
      );
    }
    for (const [name, row] of byName) {
      const times = taken.get(name) ?? 0;
      const lost = this.history.lostTrack.get(name) ?? 0;
      this.expect(
        times <= 1 + lost,
        () => `message ${name} went out ${times} times, its worker lost track ${lost} times`,
      );
      this.expect(!row.waits, () => `message ${name} still waits, ${row.status}`);
      this.expect(
        ['SENT', 'DELIVERED', 'FAILED', 'BLOCKED'].includes(row.status),
        () => `message ${name} is left ${row.status}`,
      );
      this.expect(
        times > 0 || !['SENT', 'DELIVERED'].includes(row.status),
        () => `message ${name} is ${row.status} and never went out`,
      );
      this.expect(
        times <= lost || row.status !== 'FAILED' || this.history.finalReceipts.has(name),
        () => `message ${name} is FAILED, and its worker knew that the network has it`,
      );
      const final = this.history.finalReceipts.get(name);
      this.expect(
        final === undefined || final === row.status,
        () => `message ${name} was ${final}, and now is ${row.status}`,
      );
      const costs =
        row.kind === 'NORMAL'
          ? ({ BLOCKED: [0], FAILED: [0, row.segments] }[row.status] ?? [row.segments])
          : [0];
      this.expect(costs.includes(row.cost), () => `message ${name}, ${row.status}, costs ${row.cost}`);
    }
  }

  private isSurelySuspended(accountId: number, during: Span): boolean {
    const changes = this.history.suspensions.filter((change) => change.accountId === accountId);
    return changes.some(
      (change) =>
        change.suspended &&
        change.ended < during.began &&
        !changes.some(
          (other) => !other.suspended && other.ended > change.began && other.began < during.ended,
        ),
    );
  }

  /** Whether a message is marketing to somebody who was on the registry for all of a time. */
  private isSurelyListed({ account_id, msisdn, purpose }: StoredMessage, during: Span): boolean {
    if (purpose !== 'MARKETING') return false;
    return [0, account_id].some((marketerId) => {
      const changes = this.history.listings.filter(
        (change) => change.msisdn === msisdn && change.marketerId === marketerId,
      );
      return changes.some(
        (change) =>
          change.listed &&
          change.ended < during.began &&
          !changes.some((other) => !other.listed && other.ended > change.began && other.began < during.ended),
      );
    });
  }

  /** Whether a message is marketing to somebody who may have been on the registry before a time. */
  private isPerhapsListed({ account_id, msisdn, purpose }: StoredMessage, before: number): boolean {
    return (
      purpose === 'MARKETING' &&
      this.history.listings.some(
        (change) =>
          change.listed &&
          change.msisdn === msisdn &&
          [0, account_id].includes(change.marketerId) &&
          change.began < before,
      )
    );
  }

  /** Whether a message is marketing of an account that could send none for all of a time. */
  private isSurelyStopped({ account_id, purpose }: StoredMessage, during: Span): boolean {
    if (purpose !== 'MARKETING') return false;
    const changes = this.history.stops.filter((change) => change.accountId === account_id);
    return changes.some(
      (change) =>
        change.why !== null &&
        change.ended < during.began &&
        !changes.some(
          (other) => other.why === null && other.ended > change.began && other.began < during.ended,
        ),
    );
  }

  /** Whether a message is marketing of an account that may have been stopped before a time. */
  private isPerhapsStopped({ account_id, purpose }: StoredMessage, before: number): boolean {
    return (
      purpose === 'MARKETING' &&
      this.history.stops.some(
        (change) => change.why !== null && change.accountId === account_id && change.began < before,
      )
    );
  }

  /** 2: one confirmation for each episode, for nobody else, and it reached the carrier. */
  judgeConfirmations(): void {
    const confirmations = this.stored.messages.filter(({ kind }) => kind === 'CONFIRMATION');
    this.expect(
      confirmations.length === this.stored.optOuts.length,
      () => `${confirmations.length} confirmations for ${this.stored.optOuts.length} opt-outs`,
    );
    for (const optOut of this.stored.optOuts) {
      const name = nameOptOut(optOut.account_id, optOut.msisdn);
      const own = confirmations.filter(
        (row) =>
          row.account_id === optOut.account_id &&
          row.episode_id === optOut.id &&
          row.msisdn === optOut.msisdn,
      );
      this.expect(own.length === 1, () => `the opt-out of ${name} has ${own.length} confirmations`);
      for (const { id, account_id } of own) {
        this.expect(
          this.history.handOvers.some(
            ({ accountId, messageId }) => accountId === account_id && messageId === id,
          ),
          () => `the confirmation of ${name} never reached the carrier`,
        );
      }
    }
  }
}

function understand(meaning: ReplyText, account: ModelAccount | null): 'opt-out' | 'review' | 'none' {
  if (meaning.verdict === 'own-keyword') return account?.plan.hasOwnKeyword ? 'opt-out' : 'none';
  return meaning.verdict;
}

function blocks(meaning: ReplyText, account: ModelAccount): boolean {
  const verdict = understand(meaning, account);
  return verdict === 'opt-out' || (verdict === 'review' && account.plan.blocksOnReview);
}

/** A carrier may give an id again, to another content: only both together are one reply. */
function nameReply(reply: ModelReply): string {
  return `${reply.carrierMessageId} to ${reply.to} ("${reply.text}")`;
}

function nameStoredReply(row: StoredReply): string {
  return `${row.carrier_message_id} to ${row.sender_number} ("${row.text}")`;
}

function nameOptOut(accountId: number, msisdn: string): string {
  return `${accountId} ${msisdn}`;
}

function lower(times: Map<string, number>, name: string, time: number): void {
  times.set(name, Math.min(time, times.get(name) ?? Infinity));
}

async function readStored(pool: Pool, history: History): Promise<Stored> {
  const accountIds = history.accounts.map(({ id }) => id);
  const [messages, replies, optOuts, events] = await Promise.all([
    pool.query<StoredMessage>(
      `select account_id, id, batch_id, kind, purpose, scheduled_at is not null as was_put_off, msisdn, sender_number, segments, cost, status, episode_id,
         next_attempt_at is not null as waits,
         -- one transaction, one time: what was blocked later was finished later
         status = 'BLOCKED' and finished_at = created_at as blocked_at_acceptance
       from message where account_id = any($1)`,
      [accountIds],
    ),
    pool.query<StoredReply>(
      `select account_id, id, msisdn, sender_number, text, verdict, rule, message_id, carrier_message_id,
         review_decision::text, null as state, null::int as assigned_to
       from reply where account_id = any($1)
       union all
       select null, id, msisdn, sender_number, text, verdict, rule, null, carrier_message_id,
         null, state::text, assigned_account_id
       from unowned_reply where msisdn = any($2)`,
      [accountIds, history.recipients],
    ),
    pool.query<StoredOptOut>(
      'select account_id, msisdn, id, kind, reply_id, reply_text, rule from opt_out where account_id = any($1)',
      [accountIds],
    ),
    pool.query<StoredEvent>(
      'select account_id, msisdn, episode_id, kind, evidence from opt_out_event where account_id = any($1)',
      [accountIds],
    ),
  ]);
  return { messages: messages.rows, replies: replies.rows, optOuts: optOuts.rows, events: events.rows };
}
