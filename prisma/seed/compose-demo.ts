import type { AuditAction } from '@/lib/audit/schema';
import { nameNumberTarget } from '@/lib/audit/targets';
import { lindiwe, roastery, senderNumbers } from './cast';
import { planDentist } from './dentist';
import type { DemoAuditEntry, RemovalRows } from './demo-removals';
import { strayTexts } from './reply-texts';
import { RoasteryStory } from './roastery';
import { Story } from './story';
import { planTyreShop } from './tyre-shop';
import { dayMs, shelf, type WorldRows } from './world';

export type DemoRows = WorldRows &
  Omit<RemovalRows, 'auditEntries'> & { auditEntries: (DemoAuditEntry & { id: number })[] };

/**
 * Seven months of three customers, up to `now`. The same `now` gives the same demo; campaigns, reminders and
 * consent SMSs go out only at lawful hours.
 */
export function composeDemo(now: Date): DemoRows {
  const story = new Story(now.getTime());
  new RoasteryStory(story).plan();
  planDentist(story);
  planTyreShop(story);
  planStrays(story);
  const world = story.world.play();
  const removals = story.removals.rows;
  return {
    ...world,
    ...removals,
    auditEntries: [...removals.auditEntries, ...world.optOutEvents.flatMap(composeCorrectionEntries)]
      .sort((a, b) => a.createdAt.getTime() - b.createdAt.getTime())
      .map((entry, index) => ({ ...entry, id: index + 1 })),
  };
}

/** What the audit log says of an opt-out that staff made or took out themselves. */
function composeCorrectionEntries(event: WorldRows['optOutEvents'][number]): DemoAuditEntry[] {
  const { accountId, msisdn, kind, actor, reason, createdAt } = event;
  if (actor !== `staff:${lindiwe}` || kind === 'REMOVED') return [];
  const action: AuditAction = kind === 'CORRECTED' ? 'opt-out.correct' : 'opt-out.add';
  return [
    {
      userId: lindiwe,
      action,
      target: nameNumberTarget(msisdn, accountId),
      targetAccountId: accountId,
      details: { msisdn, episodeId: String(event.episodeId), reason: reason ?? null },
      createdAt: new Date(createdAt as Date),
    },
  ];
}

/** Replies without an owner: nobody had written to them from there. */
function planStrays(story: Story): void {
  const shared = senderNumbers.filter(({ accountId }) => accountId === null);
  for (const { from, text } of strayTexts) {
    const { number: to } = story.random.pick(shared);
    story.plan(story.now - (1 + story.random.next() * 130) * dayMs, (at) => {
      story.world.receive({ at, from, to, text });
    });
  }
  // Somebody to whom the roastery writes, who has typed the number off an old SMS of somebody else's: for the
  // staff to assign.
  story.plan(story.now - 2 * dayMs, (at) => {
    const used = shared.map(({ number }) => number);
    const reader = used
      .flatMap((number) => story.world.findRecipients(roastery, number, at - 30 * dayMs))
      .find((msisdn) => !shelf.has(msisdn) && !story.world.isOptedOut(roastery, msisdn));
    const to = used.find((number) => reader && !story.world.hasConversation(reader, number));
    if (reader && to) story.world.receive({ at, from: reader, to, text: 'STOP' });
  });
}
