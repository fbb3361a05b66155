'use client';

import { Trash2 } from 'lucide-react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { IfMay } from '@/components/permissions/permissions';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { IconButton } from '@/components/ui/icon-button';
import { Time } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import type { PlatformKeywordRow } from '@/lib/platform/schema';
import { staffTimeZone } from '@/lib/lists/schema';
import { usePrompt } from '@/components/actions/use-prompt';

interface KeywordListProps {
  keywords: readonly PlatformKeywordRow[];
  /** A server action. */
  remove: ServerAction<[id: number]>;
}

export function KeywordList({ keywords, remove }: KeywordListProps) {
  const { ask, dialog } = usePrompt();

  function askToRemove({ id, word }: PlatformKeywordRow) {
    ask({
      title: `Remove “${word}”?`,
      children: (
        <p>From now on it is an ordinary reply, at every account. Whoever it has blocked stays blocked.</p>
      ),
      submitLabel: 'Remove keyword',
      variant: 'danger',
      words: {
        undone: `“${word}” still counts; nothing was changed.`,
        unsure: `We do not know whether “${word}” was removed. Try again: that does no harm.`,
      },
      command: () => prepareCall(remove, id),
      onDone: () => showToast(`“${word}” removed`),
    });
  }

  return (
    <Card title="Keywords of all accounts">
      {keywords.length === 0 ? (
        <EmptyState kind="nothing-yet" title="None has been added">
          The published words (stop, end, cancel, unsubscribe, quit) always count, and so do an account’s own.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-line">
          {keywords.map((keyword) => (
            <li key={keyword.id} className="flex items-center gap-3 px-4 py-2 text-sm">
              <span className="min-w-0 grow">
                <span className="mr-2 font-medium wrap-anywhere">{keyword.word}</span>
                <Badge>{keyword.match === 'EXACT' ? 'Exactly' : 'Starts with'}</Badge>
                <span className="block text-xs text-ink-soft">
                  {keyword.createdByName}
                  {keyword.createdByName && ', '}
                  <Time value={keyword.createdAt} timeZone={staffTimeZone} />
                </span>
              </span>
              <IfMay may="keywords.change">
                <IconButton
                  icon={Trash2}
                  label={`Remove “${keyword.word}”`}
                  aria-haspopup="dialog"
                  onClick={() => askToRemove(keyword)}
                />
              </IfMay>
            </li>
          ))}
        </ul>
      )}
      {dialog}
    </Card>
  );
}
