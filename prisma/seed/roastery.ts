import { campaigns, type Audience, type Campaign } from './campaigns';
import { lindiwe, phones, pieter, roastery, thandi } from './cast';
import { afrikaansOptOutTexts, chattyLongText, chatTexts, optOutTexts, reviewTexts } from './reply-texts';
import type { Story } from './story';
import { dayMs, hourMs, minuteMs, type DemoMessage } from './world';

/** Karoo Coffee Roasters, W58324: campaigns, messages of its web shop, and opt-outs of every kind. */
export class RoasteryStory {
  private readonly audiences: Record<Audience, string[]>;
  /** Opted-out customers whom the roastery has taken off its own lists; the others are blocked each time. */
  private readonly offTheLists = new Set<string>();

  constructor(private readonly story: Story) {
    this.audiences = {
      list: story.makeNumbers(1150),
      afrikaans: story.makeNumbers(260),
      trade: story.makeNumbers(66),
    };
  }

  plan(): void {
    this.story.planTopUps(roastery, { first: 2000, monthly: 1100, firstInvoice: 20_614 });
    this.planImports();
    this.planManualEntries();
    this.planWebsiteEntries();
    this.planComplaints();
    this.planCampaigns();
    this.planOrders();
    this.planRemovalRequests();
  }

  /** Opt-outs that the roastery knew before, some of them still on its lists. */
  private planImports(): void {
    const known = this.story.random.sample(this.audiences.list, 30);
    const imports = [
      {
        daysAgo: 205,
        file: 'opt-outs-previous-provider.csv',
        numbers: [...known.slice(0, 18), ...this.story.makeNumbers(66)],
      },
      {
        daysAgo: 95,
        file: 'market-sign-up-sheet-no-consent.csv',
        numbers: [...known.slice(18), ...this.story.makeNumbers(19)],
      },
    ];
    for (const { daysAgo, file, numbers } of imports) {
      this.story.plan(this.story.pickTime(daysAgo, 11 * 60 + 20), (at) => {
        for (const [index, msisdn] of numbers.entries()) {
          this.optOut(at, msisdn, {
            kind: 'IMPORT',
            user: thandi,
            reason: null,
            evidence: { file, line: index + 2 },
          });
        }
      });
    }
  }

  /** Some were a mistake and taken back; to some the recipient then wrote, too. */
  private planManualEntries(): void {
    const { random } = this.story;
    const reasons = [
      'Asked at the till.',
      'Phoned the roastery.',
      'Asked by e-mail.',
      'Wrong number: it belongs to somebody else now.',
      'Moved overseas.',
    ];
    const daysAgo = [190, 171, 160, 149, 133, 119, 108, 92, 84, 77, 61, 52, 39, 28, 22, 15, 9, 5, 3, 1];
    for (const [index, days] of daysAgo.entries()) {
      const msisdn = random.pick(this.audiences.list);
      const user = index % 3 === 0 ? pieter : thandi;
      const reason = random.pick(reasons);
      const enteredAt = this.story.pickTime(days, random.whole(8 * 60 + 10, 17 * 60));
      this.story.plan(enteredAt, (at) => {
        this.optOut(at, msisdn, { kind: 'MANUAL', user, reason });
        this.offTheLists.add(msisdn);
      });
      if (index % 4 === 1) {
        this.story.plan(enteredAt + random.whole(20, 90) * hourMs, (at) => this.takeBack(at, msisdn, user));
      }
      if (index % 4 === 2) {
        this.story.plan(enteredAt + random.whole(30, 300) * minuteMs, (at) => {
          const to = this.story.world.findSender(roastery, msisdn);
          if (to) this.story.world.receive({ at, from: msisdn, to, text: 'STOP' });
        });
      }
    }
  }

  private planWebsiteEntries(): void {
    const { random } = this.story;
    for (let count = 0; count < 14; count++) {
      const msisdn = random.pick(this.audiences.list);
      this.story.plan(this.story.now - random.next() * 120 * dayMs, (at) => {
        const evidence = { source: 'karoocoffee.example/unsubscribe' };
        this.optOut(at, msisdn, { kind: 'API', user: null, reason: null, evidence });
        this.offTheLists.add(msisdn);
      });
    }
  }

  private planComplaints(): void {
    const { random } = this.story;
    const complaints = [
      { daysAgo: 139, reason: 'Complaint to the provider by phone.' },
      { daysAgo: 99, reason: 'Complaint by e-mail: number passed on to a new owner.' },
      { daysAgo: 43, reason: 'WASPA complaint 48213.' },
      { daysAgo: 7, reason: 'Complaint to the provider by phone.' },
    ];
    for (const { daysAgo, reason } of complaints) {
      const msisdn = random.pick(this.audiences.list);
      this.story.plan(this.story.pickTime(daysAgo, random.whole(8 * 60 + 30, 16 * 60)), (at) => {
        this.optOut(at, msisdn, { kind: 'STAFF', user: lindiwe, reason });
      });
    }
  }

  private planCampaigns(): void {
    for (const [index, campaign] of campaigns.entries()) {
      this.story.plan(this.story.pickTime(campaign.daysAgo, campaign.minuteOfDay), (at) => {
        const audience = this.audiences[campaign.audience].filter((msisdn) => !this.offTheLists.has(msisdn));
        const scripts = shelfScripts.filter(({ daysAgo }) => daysAgo === campaign.daysAgo);
        const onTheShelf = scripts.map(({ msisdn }) => msisdn);
        const sent = this.story.world.send({
          accountId: roastery,
          at,
          createdBy: index % 3 === 2 ? pieter : thandi,
          text: campaign.text,
          purpose: campaign.purpose,
          recipients: [...onTheShelf, ...this.story.random.sample(audience, campaign.recipients)],
        });
        for (const message of sent) {
          const script = scripts.find(({ msisdn }) => msisdn === message.msisdn);
          if (!script) this.planAnswer(message, campaign);
          else if (script.reply) this.story.planReply(message, script.reply);
        }
      });
    }
  }

  /** Single messages of the web shop. */
  private planOrders(): void {
    const { random } = this.story;
    let order = 10_213;
    for (let daysAgo = 200; daysAgo >= 0; daysAgo -= random.next() * 1.6) {
      const msisdn = random.pick(this.audiences.list);
      this.story.plan(this.story.pickTime(daysAgo, random.whole(8 * 60 + 20, 17 * 60 + 30)), (at) => {
        order += 1;
        const [message] = this.story.world.send({
          accountId: roastery,
          at,
          createdBy: null,
          purpose: 'SERVICE',
          text: random.pick([
            `Karoo Coffee: your order KC${order} is ready. Collect it at the roastery until 17:00.`,
            `Karoo Coffee: your order KC${order} is on its way. The courier will SMS you a delivery time.`,
          ]),
          recipients: [msisdn],
        });
        if (message?.status === 'DELIVERED' && random.chance(0.14)) {
          const answers = ['Thank you', 'Thanks!', 'On my way', 'Ok', 'Great, thanks', 'Dankie'];
          this.story.planReply(message, random.pick(answers));
        }
      });
    }
  }

  /** Numbers that the roastery would like back, and what became of that. */
  private planRemovalRequests(): void {
    const { removals } = this.story;
    for (const { daysAgo, answer, then } of removalStories) {
      this.story.plan(this.story.pickTime(daysAgo, 10 * 60), (at) => {
        const optOut = removals.findCandidate(roastery, at - 20 * dayMs);
        if (!optOut) return;
        const request = removals.ask(optOut, at, then === 'cancel' ? pieter : thandi);
        if (then === 'cancel')
          this.story.plan(at + 2 * hourMs, (later) => removals.cancel(request, later, pieter));
        if (then === 'expire') this.story.plan(at + 7 * dayMs, (later) => removals.expire(request, later));
        if (answer === undefined) return;
        this.story.plan(at + 24 * minuteMs, (repliedAt) => {
          removals.answer(request, repliedAt, answer);
          if (then !== 'approve' && then !== 'reject') return;
          this.story.plan(repliedAt + 22 * hourMs, (decidedAt) => {
            removals.review(request, decidedAt, then === 'approve' ? null : rejectionReason);
            if (then === 'approve') this.offTheLists.delete(request.msisdn);
          });
        });
      });
    }
  }

  /** What a recipient of a campaign does: mostly nothing. */
  private planAnswer(message: DemoMessage, { audience, replies }: Campaign): void {
    if (message.status !== 'DELIVERED') return;
    const { random } = this.story;
    const optOutShare = audience === 'trade' ? 0.006 : 0.029;
    const fate = random.next();
    if (fate < optOutShare) {
      const text = random.pick(audience === 'afrikaans' ? afrikaansOptOutTexts : optOutTexts);
      this.story.planReply(message, text, (at) => this.planAfterStop(message, at));
    } else if (fate < optOutShare + 0.006) {
      this.story.planReply(message, random.pick(reviewTexts));
    } else if (fate < optOutShare + 0.07) {
      this.story.planReply(message, random.pick(random.chance(0.7) ? replies : chatTexts));
    } else if (fate < optOutShare + 0.0705) {
      this.story.planReply(message, chattyLongText);
    }
  }

  /** Most leave the roastery's own lists too; a few insist, or are polite. */
  private planAfterStop({ msisdn, senderNumber }: DemoMessage, stoppedAt: number): void {
    const { random, world } = this.story;
    if (random.chance(0.8)) this.offTheLists.add(msisdn);
    if (!random.chance(0.07)) return;
    const text = random.pick(['STOP', 'Stop!!', 'I said stop', 'Thank you', 'Ok']);
    this.story.plan(stoppedAt + minuteMs + random.wait(20 * minuteMs), (at) => {
      world.receive({ at, from: msisdn, to: senderNumber, text });
    });
  }

  private optOut(
    at: number,
    msisdn: string,
    entry: {
      kind: 'MANUAL' | 'IMPORT' | 'API' | 'STAFF';
      user: number | null;
      reason: string | null;
      evidence?: { file: string; line: number } | { source: string };
    },
  ): void {
    const { kind, user, reason, evidence = {} } = entry;
    const actor = user === null ? 'system' : kind === 'STAFF' ? `staff:${user}` : `user:${user}`;
    this.story.world.addOptOut({
      accountId: roastery,
      msisdn,
      at,
      kind,
      actor,
      createdBy: user,
      reason,
      evidence,
    });
  }

  /** The account takes back its own entry, unless the recipient has said stop meanwhile. */
  private takeBack(at: number, msisdn: string, user: number): void {
    const optOut = this.story.world.findOptOut(roastery, msisdn);
    if (optOut?.kind !== 'MANUAL') return;
    this.story.world.removeOptOut(optOut, at, {
      kind: 'REMOVED',
      actor: `user:${user}`,
      reason: 'Entered by mistake: another customer has almost the same number.',
      evidence: {},
    });
    this.offTheLists.delete(msisdn);
  }
}

const rejectionReason =
  'The recipient phoned us on the same day: it was a child of the house that answered YES.';

/**
 * What recipients answered when they were asked, and what was done then; without either, the request still
 * waits.
 */
const removalStories: readonly {
  daysAgo: number;
  answer?: string;
  then?: 'approve' | 'reject' | 'expire' | 'cancel';
}[] = [
  { daysAgo: 118, answer: 'Yes', then: 'approve' },
  { daysAgo: 71, answer: 'YES', then: 'approve' },
  { daysAgo: 54, answer: 'No' },
  { daysAgo: 44, then: 'expire' },
  { daysAgo: 36, answer: 'Yes', then: 'approve' },
  { daysAgo: 29, answer: 'Yes', then: 'reject' },
  { daysAgo: 20, then: 'cancel' },
  { daysAgo: 4, answer: 'Yes' },
  { daysAgo: 1, answer: 'Is this the coffee shop? Do you still have the Guji?' },
];

/** Which of the shelf's phones got which campaign, and what they answered. */
const shelfScripts: readonly { daysAgo: number; msisdn: string; reply?: string }[] = [
  { daysAgo: 33, msisdn: phones.chatty, reply: 'Can I choose the grind each month?' },
  { daysAgo: 12, msisdn: phones.chatty, reply: 'Beautiful! Ordered 4 for the office' },
  { daysAgo: 0, msisdn: phones.chatty },
  { daysAgo: 25, msisdn: phones.both },
  { daysAgo: 0, msisdn: phones.both },
  { daysAgo: 25, msisdn: phones.optedOut, reply: 'Where exactly is it, next to the bicycle shop?' },
  { daysAgo: 12, msisdn: phones.optedOut, reply: 'Stop' },
  { daysAgo: 0, msisdn: phones.optedOut },
  { daysAgo: 41, msisdn: phones.review },
  { daysAgo: 6, msisdn: phones.review, reply: 'Moenie weer vir my SMS stuur nie' },
  { daysAgo: 25, msisdn: phones.shared },
];
