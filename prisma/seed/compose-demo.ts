import { senderNumbers } from './cast';
import { planDentist } from './dentist';
import { strayTexts } from './reply-texts';
import { RoasteryStory } from './roastery';
import { Story } from './story';
import { planTyreShop } from './tyre-shop';
import { dayMs, type WorldRows } from './world';

/**
 * Seven months of three customers, up to `now`. The same `now` gives the same demo; campaigns, reminders and consent
 * SMSs go out only at lawful hours.
 */
export function composeDemo(now: Date): WorldRows {
  const story = new Story(now.getTime());
  new RoasteryStory(story).plan();
  planDentist(story);
  planTyreShop(story);
  planStrays(story);
  return story.world.play();
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
}
