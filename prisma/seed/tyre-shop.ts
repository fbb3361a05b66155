import { firstLongCode, owner, phones, roastery, senderNumbers, tyreShop } from './cast';
import { optOutTexts } from './reply-texts';
import type { Story } from './story';
import { dayMs, shelf } from './world';

const campaigns = [
  {
    daysAgo: 76,
    minuteOfDay: 9 * 60 + 10,
    recipients: 34,
    text: 'Highveld Tyre Centre: 4 for the price of 3 on all 15" tyres. Fitting and balancing included. 011 555 0137. STOP to opt out.',
  },
  {
    daysAgo: 47,
    minuteOfDay: 16 * 60 + 30,
    recipients: 38,
    text: 'Highveld Tyre Centre: free wheel alignment with any service this week. Book on 011 555 0137. STOP to opt out.',
  },
];

/** Its last one, on a day when all but one of the shared sender numbers were out of service. */
const campaignOnOneNumber = {
  daysAgo: 20,
  minuteOfDay: 11 * 60 + 55,
  recipients: 30,
  text: 'Highveld Tyre Centre: LAST CHANCE! 40% off all-terrain tyres till Saturday. 011 555 0137. STOP to opt out.',
};

/**
 * Highveld Tyre Centre, W64390, suspended since. To some of its customers the roastery had written from the
 * same sender number; when they said stop, both were meant.
 */
export function planTyreShop(story: Story): void {
  story.planTopUps(tyreShop, { first: 250, monthly: 0, firstInvoice: 23_077 });
  const { random, world } = story;
  const customers = story.makeNumbers(70);
  for (const { daysAgo, minuteOfDay, recipients, text } of campaigns) {
    story.plan(story.pickTime(daysAgo, minuteOfDay), (at) => {
      const to = random.sample(customers, recipients);
      const sent = world.send({ accountId: tyreShop, at, createdBy: owner, text, recipients: to });
      for (const message of sent) {
        if (message.status !== 'DELIVERED') continue;
        if (random.chance(0.05)) story.planReply(message, random.pick(optOutTexts));
        else if (random.chance(0.05))
          story.planReply(message, random.pick(['How much for a Polo?', 'Who is this?']));
      }
    });
  }

  const { daysAgo, minuteOfDay, recipients, text } = campaignOnOneNumber;
  story.plan(story.pickTime(daysAgo, minuteOfDay), (at) => {
    const alsoRoastery = world
      .findRecipients(roastery, firstLongCode, at - 25 * dayMs)
      .filter((msisdn) => !shelf.has(msisdn) && !world.isOptedOut(roastery, msisdn));
    const both = [phones.shared, ...random.sample(alsoRoastery, 13)];
    const sent = world.send({
      accountId: tyreShop,
      at,
      createdBy: owner,
      text,
      recipients: [...both, ...random.sample(customers, recipients)],
      outOfService: senderNumbers.map(({ number }) => number).filter((number) => number !== firstLongCode),
    });
    for (const [index, message] of sent.entries()) {
      if (index < both.length && index % 3 === 0) story.planReply(message, 'STOP');
    }
  });
}
