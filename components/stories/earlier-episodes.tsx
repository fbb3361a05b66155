import { Card } from '@/components/ui/card';
import { Time } from '@/components/ui/time';
import { describeRule, kindLabels } from '@/lib/opt-outs/labels';
import { formatDuration } from '@/lib/stories/labels';
import type { Episode } from '@/lib/stories/schema';

/** The blocks that have ended, each with how it began and how it ended. */
export function EarlierEpisodes({ episodes, timeZone }: { episodes: readonly Episode[]; timeZone: string }) {
  return (
    <Card title="Earlier opt-outs">
      {episodes.length === 0 ? (
        <p className="px-4 py-3.5 text-sm text-ink-soft">There was none before.</p>
      ) : (
        <ol className="divide-y divide-line text-sm">
          {episodes.map((episode) => (
            <li key={episode.id} className="space-y-1 px-4 py-3">
              <p className="font-medium">
                <Time value={episode.startedAt} timeZone={timeZone} />
                {episode.end && (
                  <>
                    {' '}
                    to <Time value={episode.end.at} timeZone={timeZone} />
                  </>
                )}
              </p>
              <p className="text-ink-soft">
                {kindLabels[episode.kind]}
                {episode.evidence ? `: “${shorten(episode.evidence.text)}”` : `, by ${episode.startedBy}`}
                {episode.evidence?.rule && ` (${describeRule(episode.evidence.rule)})`}
              </p>
              {episode.honoured && (
                <p className="text-ink-faint">
                  Blocked after {formatDuration(episode.honoured.blockedMs)}
                  {episode.honoured.confirmationDeliveredMs !== null &&
                    `, told after ${formatDuration(episode.honoured.confirmationDeliveredMs)}`}
                </p>
              )}
              {episode.end && (
                <p className="text-ink-soft">
                  {episode.end.wasUndone ? 'Undone' : 'Lifted'} by {episode.end.by}
                  {episode.end.reason && `: ${episode.end.reason}`}
                </p>
              )}
            </li>
          ))}
        </ol>
      )}
    </Card>
  );
}

const shownCharacters = 80;

/** The story has it word for word. */
function shorten(text: string): string {
  const characters = [...text.replace(/\s+/g, ' ')];
  return characters.length > shownCharacters
    ? `${characters.slice(0, shownCharacters).join('')}…`
    : characters.join('');
}
