import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Pool } from 'pg';
import type { StaffScope } from '@/lib/auth/scope';
import { withTransaction } from '@/lib/db/client';
import type { Carrier } from '@/lib/messages/carrier';
import { claimBatch, recordHandover, type ClaimedMessage, type HandoverResult } from '@/lib/messages/claim';
import { acceptMessages } from '@/lib/messages/commands';
import { Dispatcher } from '@/lib/messages/dispatcher';
import { recordReceipts } from '@/lib/messages/receipts';
import type { MessagePurpose, SendResult } from '@/lib/messages/schema';
import type { MarketingStop } from '@/lib/opt-outs/gate';
import { receiveReplies } from '@/lib/replies/commands';
import type { IncomingReply, ReplyOutcome } from '@/lib/replies/schema';
import { assignUnownedReply, noteUnownedReply } from '@/lib/unowned-replies/commands';
import type { AssignResult, NoteResult } from '@/lib/unowned-replies/schema';
import {
  composeReply,
  createAccount,
  createSenderNumber,
  nextMsisdn,
  topUp,
  type TestAccount,
} from './factories';
import { createStaff } from './removals';
import {
  replyTexts,
  type AccountPlan,
  type CarrierAnswer,
  type Hour,
  type ReplyPlan,
  type ReplyText,
  type SequenceStep,
  type Step,
  type WorldPlan,
} from './main-job-steps';

/**
 * What happened, with the time at which each call began and ended, on a clock that only counts: one call has
 * surely ended before another began, or they met.
 */
export interface Span {
  began: number;
  ended: number;
}

export interface ModelAccount extends TestAccount {
  plan: AccountPlan;
}

export interface AcceptCall extends Span {
  account: ModelAccount;
  key: string;
  recipients: readonly string[];
  purpose: MessagePurpose;
  result: SendResult;
}

export interface ModelReply extends IncomingReply {
  meaning: ReplyText;
}

export interface ReplyCall extends Span {
  replies: readonly ModelReply[];
  outcomes: readonly ReplyOutcome[];
}

/**
 * One message that reached the carrier, and the batch's claim before it; `ended` is when it was handed over.
 */
export interface HandOver extends Span {
  accountId: number;
  messageId: string;
  msisdn: string;
  /** Whether the network has it now. */
  taken: boolean;
  /** Of the worker's clock. */
  hour: Hour;
}

/** What a member of staff decided about a reply that nobody owned. */
export interface Decision extends Span {
  reply: ModelReply;
  /** Null: it was noted why it is nobody's. */
  account: ModelAccount | null;
  isOptOut: boolean;
  result: AssignResult | NoteResult;
}

export interface Suspension extends Span {
  accountId: number;
  suspended: boolean;
}

/** A number came onto the national registry, or left it. */
export interface Listing extends Span {
  msisdn: string;
  /** 0: for the whole industry. */
  marketerId: number;
  listed: boolean;
}

/** The marketing of an account was stopped; null: it may go again. */
interface Stop extends Span {
  accountId: number;
  why: MarketingStop | null;
}

/** A batch that a worker claimed and has not recorded. */
interface HeldBatch {
  messages: readonly ClaimedMessage[];
  /** Null: it was not handed over. */
  results: readonly HandoverResult[] | null;
  leaseEnded: boolean;
}

/** Everything one sequence did, for main-job-invariants.ts to judge. */
export interface History {
  accounts: readonly ModelAccount[];
  recipients: readonly string[];
  accepts: AcceptCall[];
  replies: ReplyCall[];
  handOvers: HandOver[];
  suspensions: Suspension[];
  listings: Listing[];
  stops: Stop[];
  /** The staff, as events name them. */
  staff: string;
  decisions: Decision[];
  /**
   * Messages ("account-id") that a worker handed over and lost track of, and how often: each may go out
   * again.
   */
  lostTrack: Map<string, number>;
  /** What the first delivery receipt made of a message. */
  finalReceipts: Map<string, 'DELIVERED' | 'FAILED'>;
  /** Evidence of every opt-out event ever seen, by id. */
  events: Map<string, string>;
  /** What was wrong while it happened. */
  violations: string[];
}

/** By the clock of South Africa, all of them past: what is put off until the morning is due at once. */
const clocks: Record<Hour, Date> = {
  noon: new Date('2026-11-18T12:00:00+02:00'),
  night: new Date('2026-11-18T22:00:00+02:00'),
  sunday: new Date('2026-11-15T12:00:00+02:00'),
};

const unknownSender = '99999';
const leaseMs = 600_000;
const maxAttempts = 4;

/** The two numbers that the accounts of every world share, so that their conversations collide. */
async function findSharedSenders(pool: Pool): Promise<string[]> {
  const { rows } = await pool.query<{ number: string }>(
    'select number from sender_number where account_id is null order by number',
  );
  const numbers = rows.map(({ number }) => number);
  while (numbers.length < 2) numbers.push(await createSenderNumber(pool));
  return numbers;
}

/** Accounts, recipients and sender numbers of one sequence, and what can be done with them. */
export class World {
  readonly history: History;
  private time = 0;
  private readonly keys: {
    account: ModelAccount;
    key: string;
    recipients: readonly string[];
    purpose: MessagePurpose;
  }[] = [];
  private readonly sentReplies: ModelReply[] = [];
  private readonly held: HeldBatch[] = [];

  private constructor(
    private readonly pool: Pool,
    private readonly accounts: readonly ModelAccount[],
    private readonly recipients: readonly string[],
    private readonly senders: readonly string[],
    private readonly staff: StaffScope,
  ) {
    this.history = {
      accounts,
      recipients,
      accepts: [],
      replies: [],
      handOvers: [],
      suspensions: [],
      listings: [],
      stops: [],
      staff: staff.actor,
      decisions: [],
      lostTrack: new Map(),
      finalReceipts: new Map(),
      events: new Map(),
      violations: [],
    };
  }

  static async create(pool: Pool, plan: WorldPlan): Promise<World> {
    const shared = await findSharedSenders(pool);
    const accounts: ModelAccount[] = [];
    for (const account of plan.accounts) {
      const created = await createAccount(pool, {
        credits: account.credits,
        sender: account.hasOwnNumber ? 'dedicated' : 'shared',
        reviewPolicy: account.blocksOnReview ? 'BLOCK' : 'ASK',
        keywords: account.hasOwnKeyword ? [{ word: 'koffie', match: 'EXACT' }] : [],
      });
      accounts.push({ ...created, plan: account });
    }
    const own = accounts.find(({ senderNumber }) => senderNumber !== null)?.senderNumber;
    const recipients = Array.from({ length: plan.recipients }, nextMsisdn);
    const senders = [...shared, own ?? unknownSender];
    return new World(pool, accounts, recipients, senders, await createStaff(pool));
  }

  async perform(step: SequenceStep): Promise<void> {
    switch (step.do) {
      case 'together':
        await Promise.all(
          step.steps.map(async (one) => {
            if (one.delayMs > 0) await delay(one.delayMs);
            await this.performStep(one.step);
          }),
        );
        break;
      case 'leases-end':
        await this.endLeases();
        break;
      case 'retries-due':
        await this.makeRetriesDue();
        break;
      default:
        await this.performStep(step);
    }
    await this.watchEvents();
  }

  /** Everything that can still go out goes out; and every account writes to every recipient once more. */
  async finish(): Promise<void> {
    for (const account of this.accounts) {
      await topUp(this.pool, account.id, 100);
      await this.suspend(account, false);
      await this.stop(account, null);
      await this.accept(account, this.recipients, 'SERVICE', null);
      await this.accept(account, this.recipients, 'MARKETING', null);
    }
    await this.endLeases();
    const rounds = maxAttempts + 2;
    for (let round = 0; round < rounds; round++) {
      await this.makeRetriesDue();
      for (const account of this.accounts) {
        while ((await this.dispatch(account, { limit: 50, answers: ['sent'], hour: 'noon' })) > 0);
      }
    }
    await this.watchEvents();
  }

  private async performStep(step: Step): Promise<void> {
    switch (step.do) {
      case 'accept':
        await this.accept(
          pick(this.accounts, step.account),
          step.recipients.map((index) => pick(this.recipients, index)),
          step.isMarketing ? 'MARKETING' : 'SERVICE',
          step.again,
        );
        return;
      case 'reply':
        await this.receive(step.replies);
        return;
      case 'dispatch':
        await this.dispatch(pick(this.accounts, step.account), step);
        return;
      case 'hold':
        await this.hold(pick(this.accounts, step.account), step);
        return;
      case 'record':
        await this.recordHeld(step.held);
        return;
      case 'receipt':
        await this.receipt(step.message, step.status);
        return;
      case 'suspend':
        await this.suspend(pick(this.accounts, step.account), step.suspended);
        return;
      case 'stop-marketing':
        await this.stop(pick(this.accounts, step.account), step.why);
        return;
      case 'registry':
        await this.list(
          pick(this.recipients, step.recipient),
          step.account === null ? 0 : pick(this.accounts, step.account).id,
          step.listed,
        );
        return;
      case 'assign':
        await this.decide(step.reply, step.to === null ? null : pick(this.accounts, step.to), step.isOptOut);
    }
  }

  private async accept(
    account: ModelAccount,
    recipients: readonly string[],
    purpose: MessagePurpose,
    again: number | null,
  ): Promise<void> {
    const fresh = { account, key: randomUUID(), recipients: [...new Set(recipients)], purpose };
    const call = again === null || this.keys.length === 0 ? fresh : pick(this.keys, again);
    if (call === fresh) this.keys.push(fresh);
    const began = (this.time += 1);
    const result = await acceptMessages(this.pool, call.account.scope, {
      recipients: call.recipients,
      text: 'Our spring sale begins on Monday',
      idempotencyKey: call.key,
      purpose: call.purpose,
    });
    this.history.accepts.push({ ...call, result, began, ended: (this.time += 1) });
  }

  private async receive(plans: readonly ReplyPlan[]): Promise<void> {
    const replies = plans.map((plan) => {
      if (plan.again !== null && this.sentReplies.length > 0) return pick(this.sentReplies, plan.again);
      const meaning = pick(replyTexts, plan.text);
      const earlier =
        plan.sameId !== null && this.sentReplies.length > 0 ? pick(this.sentReplies, plan.sameId) : null;
      const from = earlier?.from ?? pick(this.recipients, plan.recipient);
      const fresh = {
        ...composeReply({ from, to: pick(this.senders, plan.sender), text: meaning.text }),
        ...(earlier && { carrierMessageId: earlier.carrierMessageId }),
        meaning,
      };
      this.sentReplies.push(fresh);
      return fresh;
    });
    const began = (this.time += 1);
    const outcomes = await receiveReplies(this.pool, replies);
    this.history.replies.push({ replies, outcomes, began, ended: (this.time += 1) });
  }

  private async decide(index: number, account: ModelAccount | null, isOptOut: boolean): Promise<void> {
    const unowned = this.history.replies.flatMap(({ replies, outcomes }) =>
      replies.filter((_, position) => {
        const outcome = outcomes[position];
        return outcome?.status === 'accepted' && outcome.accountIds.length === 0;
      }),
    );
    if (unowned.length === 0) return;
    const reply = pick(unowned.reverse(), index);
    const { rows } = await this.pool.query<{ id: string }>(
      'select id from unowned_reply where msisdn = $1 and carrier_message_id = $2 and sender_number = $3 and text = $4',
      [reply.from, reply.carrierMessageId, reply.to, reply.text],
    );
    const key = { msisdn: reply.from, id: rows[0]?.id ?? '0', reason: 'They wrote to them.' };
    const began = (this.time += 1);
    const result = account
      ? await assignUnownedReply(this.pool, this.staff, { ...key, accountId: account.id, isOptOut })
      : await noteUnownedReply(this.pool, this.staff, key);
    const ended = (this.time += 1);
    this.history.decisions.push({ reply, account, isOptOut, result, began, ended });
  }

  /** @returns how many messages were claimed or blocked */
  private async dispatch(
    account: ModelAccount,
    plan: {
      limit: number;
      answers: readonly CarrierAnswer[];
      throws?: boolean;
      receiptsFirst?: boolean;
      hour: Hour;
    },
  ): Promise<number> {
    const began = (this.time += 1);
    const carrier: Carrier = {
      name: 'model',
      ratePerSecond: 1_000_000,
      send: async (messages) => {
        const results = plan.throws ? null : answerAll(messages, plan.answers);
        this.logHandOver(messages, results, { began, hour: plan.hour });
        if (!results) throw new Error('The carrier is away.');
        if (plan.receiptsFirst) {
          for (const [index, { id }] of messages.entries()) {
            if (results[index]?.status === 'sent') await this.giveReceipt(account.id, id, 'delivered');
          }
        }
        return results;
      },
    };
    const options = {
      batchSize: plan.limit,
      turnMs: 250,
      leaseMs,
      sweepIntervalMs: 1000,
      maxAttempts,
      clock: () => clocks[plan.hour],
    };
    return new Dispatcher(this.pool, carrier, options).dispatchBatch(account.id);
  }

  private async hold(
    account: ModelAccount,
    plan: { limit: number; answers: readonly CarrierAnswer[]; handsOver: boolean; hour: Hour },
  ): Promise<void> {
    const began = (this.time += 1);
    const now = clocks[plan.hour];
    const { messages } = await claimBatch(this.pool, account.id, { limit: plan.limit, leaseMs, now });
    if (messages.length === 0) return;
    const results = plan.handsOver ? answerAll(messages, plan.answers) : null;
    if (results) this.logHandOver(messages, results, { began, hour: plan.hour });
    this.held.push({ messages, results, leaseEnded: false });
  }

  private async recordHeld(index: number): Promise<void> {
    const handedOver = this.held.filter(({ results }) => results !== null).reverse();
    if (handedOver.length === 0) return;
    const batch = pick(handedOver, index);
    this.held.splice(this.held.indexOf(batch), 1);
    await recordHandover(this.pool, batch.messages, batch.results ?? []);
  }

  /** Also the leases of workers that are merely slow: what they took may go out again. */
  private async endLeases(): Promise<void> {
    for (const batch of this.held.filter(({ leaseEnded }) => !leaseEnded)) {
      batch.leaseEnded = true;
      batch.messages.forEach((message, index) => {
        if (batch.results?.[index]?.status !== 'sent') return;
        const name = nameMessage(message.accountId, message.id);
        this.history.lostTrack.set(name, (this.history.lostTrack.get(name) ?? 0) + 1);
      });
    }
    await this.makeDue('SENDING');
  }

  private makeRetriesDue(): Promise<void> {
    return this.makeDue('QUEUED');
  }

  private async makeDue(status: 'SENDING' | 'QUEUED'): Promise<void> {
    await this.pool.query(
      'update message set next_attempt_at = now() where account_id = any($1) and status = $2::message_status and next_attempt_at > now()',
      [this.accounts.map(({ id }) => id), status],
    );
  }

  private async receipt(index: number, status: 'delivered' | 'failed'): Promise<void> {
    const taken = this.history.handOvers.filter((handOver) => handOver.taken);
    if (taken.length === 0) return;
    const { accountId, messageId } = pick(taken, index);
    await this.giveReceipt(accountId, messageId, status);
  }

  private async giveReceipt(
    accountId: number,
    messageId: string,
    status: 'delivered' | 'failed',
  ): Promise<void> {
    const changed = await recordReceipts(this.pool, [
      { accountId, messageId, status, reason: status === 'failed' ? 'The phone is off.' : null },
    ]);
    if (changed === 0) return;
    const name = nameMessage(accountId, messageId);
    // Of a message that was given up it can still be heard that the phone has it, and never the other way.
    const earlier = this.history.finalReceipts.get(name);
    if (earlier === 'DELIVERED' || (earlier && status === 'failed'))
      this.history.violations.push(`two receipts changed message ${name}`);
    this.history.finalReceipts.set(name, status === 'delivered' ? 'DELIVERED' : 'FAILED');
  }

  private async suspend(account: ModelAccount, suspended: boolean): Promise<void> {
    const began = (this.time += 1);
    await this.pool.query('update account set status = $2::account_status where id = $1', [
      account.id,
      suspended ? 'SUSPENDED' : 'ACTIVE',
    ]);
    this.history.suspensions.push({ accountId: account.id, suspended, began, ended: (this.time += 1) });
  }

  private async stop(account: ModelAccount, why: MarketingStop | null): Promise<void> {
    const began = (this.time += 1);
    // long ago by every clock here; an account that has neither may send, as nothing requires them
    const longAgo = '2020-01-01';
    await this.pool.query('update account set cleansed_on = $2, registration_ends_on = $3 where id = $1', [
      account.id,
      why === 'CLEANSING' ? longAgo : null,
      why === 'REGISTRATION' ? longAgo : null,
    ]);
    this.history.stops.push({ accountId: account.id, why, began, ended: (this.time += 1) });
  }

  /** One answer at a time, as the program has it. */
  private listed: Promise<void> = Promise.resolve();

  private list(msisdn: string, marketerId: number, isListed: boolean): Promise<void> {
    this.listed = this.listed.then(() => this.putInForce(msisdn, marketerId, isListed));
    return this.listed;
  }

  /** As an answer of the registry does: it runs while its entries come or go, and has ended afterwards. */
  private async putInForce(msisdn: string, marketerId: number, listed: boolean): Promise<void> {
    const began = (this.time += 1);
    const id = await withTransaction(this.pool, async (client) => {
      await client.query(
        listed
          ? `insert into registry_entry (msisdn, marketer_id, import_id) values ($1, $2, 0) on conflict do nothing`
          : 'delete from registry_entry where msisdn = $1 and marketer_id = $2',
        [msisdn, marketerId],
      );
      const { rows } = await client.query<{ id: string }>(
        `insert into registry_import (state, marketer_id, name, source, answered_on, lines, numbers, comes)
         values ('RUNNING', $1, 'answer.csv', 'NCC', '2026-01-01', 1, 1, 1) returning id`,
        [marketerId],
      );
      return rows[0]?.id;
    });
    // a day ago: what is accepted from now on is looked up no more
    await this.pool.query(
      `update registry_import set state = 'DONE', finished_at = clock_timestamp() - interval '1 day' where id = $1`,
      [id],
    );
    this.history.listings.push({ msisdn, marketerId, listed, began, ended: (this.time += 1) });
  }

  private logHandOver(
    messages: readonly ClaimedMessage[],
    results: readonly HandoverResult[] | null,
    at: { began: number; hour: Hour },
  ): void {
    const ended = (this.time += 1);
    messages.forEach(({ accountId, id, msisdn }, index) => {
      const taken = results?.[index]?.status === 'sent';
      this.history.handOvers.push({ accountId, messageId: id, msisdn, taken, ...at, ended });
    });
  }

  /** What has once been written to the history stays there as it was. */
  private async watchEvents(): Promise<void> {
    const { rows } = await this.pool.query<{ id: string; content: string }>(
      'select id, to_jsonb(opt_out_event)::text as content from opt_out_event where account_id = any($1)',
      [this.accounts.map(({ id }) => id)],
    );
    const { events, violations } = this.history;
    const now = new Map(rows.map(({ id, content }) => [id, content]));
    for (const [id, content] of events) {
      if (now.get(id) !== content) violations.push(`event ${id} is gone or changed`);
    }
    for (const [id, content] of now) events.set(id, content);
  }
}

export function nameMessage(accountId: number, messageId: string): string {
  return `${accountId}-${messageId}`;
}

function pick<Item>(items: readonly Item[], index: number): Item {
  return items[index % items.length] as Item;
}

function answerAll(messages: readonly ClaimedMessage[], answers: readonly CarrierAnswer[]): HandoverResult[] {
  return messages.map(({ accountId, id }, index): HandoverResult => {
    switch (pick(answers, index)) {
      case 'sent':
        return { status: 'sent', carrierMessageId: `model-${nameMessage(accountId, id)}` };
      case 'failed':
        return { status: 'failed', reason: 'The network refused this number.' };
      case 'retry':
        return { status: 'retry', reason: 'The network was busy.', retryDelayMs: 15_000 };
    }
  });
}
