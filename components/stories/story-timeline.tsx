import { Card } from '@/components/ui/card';
import { ButtonLink } from '@/components/ui/button-link';
import { formatMoment } from '@/components/ui/format-time';
import type { NumberStory, StoryItem } from '@/lib/stories/schema';
import { StoryLine } from './story-line';

interface StoryTimelineProps {
  story: NumberStory;
  isLatest: boolean;
  timeZone: string;
}

/** What happened, the latest first, a day at a time. */
export function StoryTimeline({ story: { msisdn, items, earlier }, isLatest, timeZone }: StoryTimelineProps) {
  const path = `/messages/opt-outs/${msisdn}`;
  return (
    <Card title="What happened" aside={<span className="text-xs text-ink-faint">Latest first</span>}>
      {items.length === 0 && (
        <p className="px-5 py-4 text-sm text-ink-soft">
          No message, reply or change of this number is on record.
        </p>
      )}
      <div>
        {groupByDay(items, timeZone).map(({ day, items: itemsOfDay }) => (
          <section key={day} aria-label={day} className="border-line px-5 pt-4 not-first:border-t">
            <h3 className="text-xs font-medium text-ink-faint">{day}</h3>
            <ol className="mt-3">
              {itemsOfDay.map((item) => (
                <StoryLine key={`${item.type} ${item.id}`} item={item} timeZone={timeZone} />
              ))}
            </ol>
          </section>
        ))}
      </div>
      {(earlier !== null || !isLatest) && (
        <div className="flex flex-wrap gap-2 border-t border-line px-5 py-3">
          {!isLatest && <ButtonLink href={path}>Latest</ButtonLink>}
          {earlier !== null && <ButtonLink href={`${path}?before=${earlier}`}>Earlier</ButtonLink>}
        </div>
      )}
    </Card>
  );
}

function groupByDay(items: readonly StoryItem[], timeZone: string): { day: string; items: StoryItem[] }[] {
  const groups: { day: string; items: StoryItem[] }[] = [];
  for (const item of items) {
    const day = formatMoment(item.at, timeZone).date;
    const group = groups.at(-1);
    if (group?.day === day) group.items.push(item);
    else groups.push({ day, items: [item] });
  }
  return groups;
}
