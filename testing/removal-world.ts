import type { Pool } from 'pg';
import type { StaffScope } from '@/lib/auth/scope';
import type { Carrier } from '@/lib/messages/carrier';
import { Dispatcher } from '@/lib/messages/dispatcher';
import { receiveReplies } from '@/lib/replies/commands';
import { cancelRequest, expireRequests, requestRemoval } from '@/lib/removal-requests/commands';
import { removeOptOutByCorrection } from '@/lib/removal-requests/corrections';
import { decideRequests } from '@/lib/removal-requests/decisions';
import {
  composeReply,
  createAccount,
  createConversation,
  createSenderNumber,
  nextMsisdn,
  type TestAccount,
} from './factories';
import type { RemovalSequenceStep, RemovalStep } from './removal-steps';
import { createStaff } from './removals';

/** On a clock that only counts: one call has surely ended before another began, or they met. */
export interface Span {
  began: number;
  ended: number;
}

export type Saying = 'STOP' | 'YES' | 'NO' | 'OTHER';

const texts: { text: string; means: Saying }[] = [
  { text: 'Stop', means: 'STOP' },
  { text: 'YES', means: 'YES' },
  { text: ' yes! ', means: 'YES' },
  { text: 'no', means: 'NO' },
  { text: 'who is this?', means: 'OTHER' },
];

export interface Said extends Span {
  accountId: number;
  msisdn: string;
  senderNumber: string;
  carrierMessageId: string;
  text: string;
  means: Saying;
  receivedAt: Date;
}

export interface Approval extends Span {
  accountId: number;
  requestId: string;
  staffId: number;
}

export interface ConsentHandOver extends Span {
  accountId: number;
  messageId: string;
  /** The world's time, which the law looks at. */
  at: Date;
}

export interface RemovalHistory {
  accounts: readonly TestAccount[];
  said: Said[];
  approvals: Approval[];
  /** How often staff corrected a number: "account msisdn". */
  corrections: Map<string, number>;
  handOvers: ConsentHandOver[];
  cancelled: (Span & { accountId: number; requestId: string })[];
  /** Every event ever seen, of opt-outs and of requests, word for word. */
  events: Map<string, string>;
  /** What was wrong while it happened. */
  violations: string[];
}

/** A Monday at ten, in the past, so that whatever is due then is due. */
const beginning = new Date('2026-02-02T10:00:00+02:00');
const dayMs = 86_400_000;

/** Two accounts with two numbers each, two recipients who opted out of both, two members of staff. */
export class RemovalWorld {
  readonly history: RemovalHistory;
  private time = 0;
  private now = beginning;

  private constructor(
    private readonly pool: Pool,
    private readonly accounts: readonly TestAccount[],
    private readonly senders: ReadonlyMap<number, readonly [asking: string, other: string]>,
    private readonly recipients: readonly string[],
    private readonly staff: readonly StaffScope[],
  ) {
    this.history = {
      accounts,
      said: [],
      approvals: [],
      corrections: new Map(),
      handOvers: [],
      cancelled: [],
      events: new Map(),
      violations: [],
    };
  }

  static async create(pool: Pool): Promise<RemovalWorld> {
    const accounts = [await createAccount(pool), await createAccount(pool)];
    const recipients = [nextMsisdn(), nextMsisdn()];
    const senders = new Map<number, readonly [string, string]>();
    for (const account of accounts) {
      const asking = account.senderNumber as string;
      senders.set(account.id, [asking, await createSenderNumber(pool, { accountId: account.id })]);
      for (const msisdn of recipients)
        await createConversation(pool, account, { msisdn, senderNumber: asking });
    }
    const staff = [await createStaff(pool), await createStaff(pool)];
    return new RemovalWorld(pool, accounts, senders, recipients, staff);
  }

  async perform(step: RemovalSequenceStep): Promise<void> {
    if (step.do === 'wait') {
      this.now = new Date(this.now.getTime() + step.days * dayMs);
    } else if (step.do === 'together') {
      await Promise.all(step.steps.map((one) => this.performStep(one)));
    } else {
      await this.performStep(step);
    }
    await this.watchEvents();
  }

  /** A call that fails is a violation: nothing here may. */
  private async performStep(step: RemovalStep): Promise<void> {
    try {
      await this.act(step);
    } catch (error) {
      this.history.violations.push(`${JSON.stringify(step)} failed: ${String(error)}`);
    }
  }

  private async act(step: RemovalStep): Promise<void> {
    switch (step.do) {
      case 'say':
        return this.say(step);
      case 'request': {
        const number = `+${pick(this.recipients, step.recipient)}`;
        const { scope } = pick(this.accounts, step.account);
        await requestRemoval(this.pool, scope, { number, permission: true }, { address: null }, this.now);
        return;
      }
      case 'cancel': {
        const request = await this.findRequest(step.request);
        const account = this.accounts.find(({ id }) => id === request?.accountId);
        if (!request || !account) return;
        const began = (this.time += 1);
        const result = await cancelRequest(this.pool, account.scope, request.requestId);
        if (result.ok) this.history.cancelled.push({ ...request, began, ended: (this.time += 1) });
        return;
      }
      case 'decide':
        return this.decide(step);
      case 'dispatch':
        return this.dispatch(pick(this.accounts, step.account), step.after);
      case 'correct': {
        const { id: accountId } = pick(this.accounts, step.account);
        const number = pick(this.recipients, step.recipient);
        const result = await removeOptOutByCorrection(this.pool, pick(this.staff, 0), {
          accountId,
          number: `+${number}`,
          reason: 'It was a false match.',
        });
        const name = `${accountId} ${number}`;
        if (result.ok) this.history.corrections.set(name, (this.history.corrections.get(name) ?? 0) + 1);
        return;
      }
      case 'expire':
        await expireRequests(this.pool, this.now);
    }
  }

  private async say(step: Extract<RemovalStep, { do: 'say' }>): Promise<void> {
    const account = pick(this.accounts, step.account);
    const [asking, other] = this.senders.get(account.id) as readonly [string, string];
    const { text, means } = pick(texts, step.text);
    const reply = composeReply({
      from: pick(this.recipients, step.recipient),
      to: step.elsewhere ? other : asking,
      text,
      receivedAt: this.now,
    });
    const began = (this.time += 1);
    await receiveReplies(this.pool, [reply]);
    this.history.said.push({
      accountId: account.id,
      msisdn: reply.from,
      senderNumber: reply.to,
      carrierMessageId: reply.carrierMessageId,
      text,
      means,
      receivedAt: this.now,
      began,
      ended: (this.time += 1),
    });
  }

  private async decide(step: Extract<RemovalStep, { do: 'decide' }>): Promise<void> {
    const request = await this.findRequest(step.request);
    if (!request) return;
    const scope = pick(this.staff, step.staff);
    const began = (this.time += 1);
    const [result] = await decideRequests(
      this.pool,
      scope,
      [request],
      step.approve ? { decision: 'approve' } : { decision: 'reject', reason: 'We cannot tell who it is.' },
    );
    if (!result?.ok || !step.approve) return;
    this.history.approvals.push({ ...request, staffId: scope.userId, began, ended: (this.time += 1) });
  }

  private async dispatch(account: TestAccount, after: boolean): Promise<void> {
    // 20:00 on the day, or ten in the morning: on a Sunday neither is lawful
    const now = after ? new Date(this.now.getTime() + 10 * 3_600_000) : this.now;
    const began = (this.time += 1);
    const carrier: Carrier = {
      name: 'model',
      ratePerSecond: 1_000_000,
      send: async (messages) => {
        const at = (this.time += 1);
        for (const { id, text } of messages) {
          if (!text.includes('YES')) continue;
          this.history.handOvers.push({ accountId: account.id, messageId: id, at: now, began, ended: at });
        }
        return messages.map(({ id }) => ({ status: 'sent', carrierMessageId: `model-${account.id}-${id}` }));
      },
    };
    const options = {
      batchSize: 50,
      turnMs: 250,
      leaseMs: 600_000,
      sweepIntervalMs: 1000,
      maxAttempts: 3,
      clock: () => now,
    };
    await new Dispatcher(this.pool, carrier, options).dispatchBatch(account.id);
  }

  /** The newest first. */
  private async findRequest(index: number): Promise<{ accountId: number; requestId: string } | null> {
    const { rows } = await this.pool.query<{ account_id: number; id: string }>(
      'select account_id, id from removal_request where account_id = any ($1) order by id desc limit 4',
      [this.accounts.map(({ id }) => id)],
    );
    if (rows.length === 0) return null;
    const row = pick(rows, index);
    return { accountId: row.account_id, requestId: row.id };
  }

  /** What has once been written to the histories stays there as it was. */
  private async watchEvents(): Promise<void> {
    const { rows } = await this.pool.query<{ name: string; content: string }>(
      `select 'opt-out ' || id as name, to_jsonb(opt_out_event)::text as content
       from opt_out_event where account_id = any ($1)
       union all
       select 'request ' || id, to_jsonb(removal_request_event)::text
       from removal_request_event where account_id = any ($1)`,
      [this.accounts.map(({ id }) => id)],
    );
    const { events, violations } = this.history;
    const now = new Map(rows.map(({ name, content }) => [name, content]));
    for (const [name, content] of events) {
      if (now.get(name) !== content) violations.push(`event ${name} is gone or changed`);
    }
    for (const [name, content] of now) events.set(name, content);
  }
}

function pick<Item>(items: readonly Item[], index: number): Item {
  return items[index % items.length] as Item;
}
