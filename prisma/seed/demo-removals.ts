import type { AuditAction } from '@/lib/audit/schema';
import { nameRequestTarget } from '@/lib/audit/targets';
import type { Prisma } from '@/lib/db/generated/client';
import { env } from '@/lib/env';
import { composeNoticeEmail } from '@/lib/notices/compose';
import { composeConsent, describePermission, readAnswer } from '@/lib/removal-requests/consent';
import { composeRequestNotice } from '@/lib/removal-requests/request-notice';
import { isOpen, type RemovalRequestEvent, type RemovalRequestState } from '@/lib/removal-requests/schema';
import { decide, type Effect, type Facts } from '@/lib/removal-requests/state';
import { findAccount, lindiwe, type users } from './cast';
import { dayMs, hourMs, shelf, type DemoOptOut, type World } from './world';

export interface RemovalRows {
  removalRequests: DemoRequest[];
  removalRequestEvents: Prisma.RemovalRequestEventCreateManyInput[];
  notices: Prisma.NoticeCreateManyInput[];
  emails: Prisma.EmailCreateManyInput[];
  /** In no order, and without a number yet. */
  auditEntries: DemoAuditEntry[];
}

export type DemoRequest = Prisma.RemovalRequestCreateManyInput & {
  id: number;
  state: RemovalRequestState;
  consentMessageId: number;
};

export type DemoAuditEntry = Omit<Prisma.AuditEntryCreateManyInput, 'id'> & { createdAt: Date };

interface Moment {
  at: number;
  actor: string;
  reason?: string | null;
  evidence?: Prisma.InputJsonObject;
}

const expiryMs = 7 * dayMs;
/** NewNotice younger than this, nobody of the account has read yet. */
const unreadMs = 30 * hourMs;

/**
 * The removal requests of the demo: what the program's own state machine makes of them, with the events,
 * notices, e-mails and entries in the audit log that come of it. Times are in milliseconds since 1970.
 */
export class DemoRemovals {
  private readonly requests: RemovalRows['removalRequests'] = [];
  private readonly events: RemovalRows['removalRequestEvents'] = [];
  private readonly notices: RemovalRows['notices'] = [];
  private readonly emails: RemovalRows['emails'] = [];
  private readonly auditEntries: RemovalRows['auditEntries'] = [];

  constructor(private readonly world: World) {}

  get rows(): RemovalRows {
    return {
      removalRequests: this.requests,
      removalRequestEvents: this.events,
      notices: this.notices,
      emails: this.emails,
      auditEntries: this.auditEntries,
    };
  }

  /**
   * The oldest entry that a reply made before then, whose recipient has not been asked. The shelf's phones
   * are the visitor's.
   */
  findCandidate(accountId: number, blockedBefore: number): DemoOptOut | undefined {
    return this.world
      .findOptOuts(accountId)
      .find(
        ({ id, kind, msisdn, createdAt }) =>
          kind === 'REPLY' &&
          createdAt.getTime() < blockedBefore &&
          !shelf.has(msisdn) &&
          !this.requests.some((request) => request.accountId === accountId && request.episodeId === id),
      );
  }

  /** A user of the account asks for a number back, and the recipient is asked at once. */
  ask(optOut: DemoOptOut, at: number, user: (typeof users)[number]['id']): DemoRequest {
    const { accountId, msisdn, senderNumber } = optOut;
    if (!senderNumber) throw new Error('Only what a reply made can be asked back.');
    const account = findAccount(accountId);
    const text = composeConsent({ name: account.name, consentText: null });
    const consent = this.world.sendForEpisode(optOut, { kind: 'CONSENT', text, senderNumber, at });
    const askedAt = new Date(at);
    const permission = {
      permissionText: describePermission(account.name, msisdn),
      permissionUserId: user,
      permissionAt: askedAt,
      permissionAddress: '198.51.100.24',
    };
    const request: DemoRequest = {
      accountId,
      id: this.requests.length + 1,
      msisdn,
      episodeId: optOut.id,
      state: 'AWAITING_REPLY',
      isPublic: false,
      ...permission,
      consentMessageId: consent.id,
      consentDueAt: askedAt,
      expiresAt: new Date(at + expiryMs),
      createdAt: askedAt,
    };
    this.requests.push(request);
    this.record(request, 'REQUESTED', null, {
      at,
      actor: `user:${user}`,
      evidence: {
        ...permission,
        permissionAt: askedAt.toISOString(),
        messageId: String(consent.id),
        dueAt: askedAt.toISOString(),
        expiresAt: new Date(at + expiryMs).toISOString(),
      },
    });
    return request;
  }

  /** The recipient writes to the number that asked. */
  answer(request: DemoRequest, at: number, text: string): void {
    const to = this.world.findSender(request.accountId, request.msisdn);
    const reply = to === null ? null : this.world.receive({ at, from: request.msisdn, to, text });
    if (!reply) throw new Error('The answer to a removal request found nobody.');
    const event = reply.verdict === 'OPT_OUT' ? 'OPT_OUT' : (readAnswer(text, []) ?? 'OTHER');
    const evidence = {
      text,
      replyId: String(reply.id),
      senderNumber: reply.senderNumber,
      receivedAt: reply.receivedAt.toISOString(),
    };
    const moved = this.move(request, event, { at, actor: 'recipient', evidence });
    if (moved) Object.assign(request, { answerReplyId: reply.id, answeredAt: reply.receivedAt });
    else this.record(request, event, request.state, { at, actor: 'recipient', evidence });
  }

  /** @param reason of a rejection; null approves */
  review(request: DemoRequest, at: number, reason: string | null): void {
    const approves = reason === null;
    Object.assign(request, { decidedBy: lindiwe, decidedAt: new Date(at), decisionReason: reason });
    this.move(request, approves ? 'APPROVED' : 'REJECTED', {
      at,
      actor: `staff:${lindiwe}`,
      reason,
      evidence: { staffId: lindiwe },
    });
    const { accountId, id, msisdn } = request;
    this.auditEntries.push({
      userId: lindiwe,
      action: (approves ? 'removal-request.approve' : 'removal-request.reject') satisfies AuditAction,
      target: nameRequestTarget(String(id), accountId),
      targetAccountId: accountId,
      details: { requestId: String(id), msisdn, reason },
      createdAt: new Date(at),
    });
  }

  expire(request: DemoRequest, at: number): void {
    this.move(request, 'EXPIRED', { at, actor: 'system' });
  }

  cancel(request: DemoRequest, at: number, user: number): void {
    this.move(request, 'CANCELLED', { at, actor: `user:${user}` });
  }

  /** @returns whether the state machine let it */
  private move(request: DemoRequest, event: RemovalRequestEvent, moment: Moment): boolean {
    const facts: Facts = { answersConsent: true, isExpired: event === 'EXPIRED' };
    const transition = decide(request.state, event, facts);
    if (!transition) return false;
    const from = request.state;
    request.state = transition.to;
    if (transition.to === 'AWAITING_APPROVAL') request.expiresAt = null;
    if (!isOpen(transition.to)) request.finishedAt = new Date(moment.at);
    this.record(request, event, from, moment);
    this.follow(request, transition.effects, moment);
    return true;
  }

  private follow(request: DemoRequest, effects: readonly Effect[], moment: Moment): void {
    const { accountId, msisdn } = request;
    if (effects.includes('lift')) {
      const optOut = this.world.findOptOut(accountId, msisdn);
      const answer = this.world.findReply(accountId, Number(request.answerReplyId));
      if (optOut?.id !== request.episodeId) throw new Error('The block to lift is not there.');
      this.world.removeOptOut(optOut, moment.at, {
        kind: 'REMOVED',
        actor: moment.actor,
        reason: null,
        evidence: {
          requestId: String(request.id),
          staffId: lindiwe,
          kind: optOut.kind,
          text: answer.text,
          replyId: String(answer.id),
          messageId: String(request.consentMessageId),
          senderNumber: answer.senderNumber,
          receivedAt: answer.receivedAt.toISOString(),
        },
      });
    }
    if (effects.includes('give-notice')) this.giveNotice(request, moment);
  }

  private giveNotice(request: DemoRequest, { at, reason = null }: Moment): void {
    const { accountId, id, msisdn, state } = request;
    const notice = composeRequestNotice({
      accountId,
      requestId: String(id),
      msisdn,
      state,
      wasAsked: true,
      isOnRegistry: false,
      reason,
    });
    const createdAt = new Date(at);
    const { eventKey, title, path } = notice;
    const isRead = at < this.world.now - unreadMs;
    this.notices.push({
      accountId,
      id: this.notices.length + 1,
      eventKey,
      title,
      text: notice.text.join('\n\n'),
      path,
      createdAt,
      readAt: isRead ? new Date(at + 3 * hourMs) : null,
      readBy: isRead ? Number(request.permissionUserId) : null,
    });
    this.emails.push({
      accountId,
      id: this.emails.length + 1,
      eventKey,
      recipient: findAccount(accountId).ownerEmail,
      subject: title,
      ...composeNoticeEmail(notice, env.APP_URL),
      state: 'SENT',
      attempts: 1,
      nextAttemptAt: null,
      createdAt,
      finishedAt: new Date(at + 2000),
    });
  }

  private record(
    { accountId, id: requestId, state: toState }: DemoRequest,
    kind: RemovalRequestEvent,
    fromState: RemovalRequestState | null,
    { at, actor, reason = null, evidence = {} }: Moment,
  ): void {
    const id = this.events.length + 1;
    const createdAt = new Date(at);
    this.events.push({
      accountId,
      id,
      requestId,
      kind,
      fromState,
      toState,
      actor,
      reason,
      evidence,
      createdAt,
    });
  }
}
