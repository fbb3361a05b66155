'use client';

import type { ReactNode } from 'react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { usePrompt } from '@/components/actions/use-prompt';
import { LiveIndicator, LiveRefresh } from '@/components/live/live-indicator';
import { ProblemTable } from '@/components/number-lists/problem-table';
import { Progress } from '@/components/number-lists/progress';
import { useMay } from '@/components/permissions/permissions';
import { PageHeader } from '@/components/shell/page-header';
import { Button } from '@/components/ui/button';
import { Callout } from '@/components/ui/callout';
import { Card, Stat } from '@/components/ui/card';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { Time } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import type { Permission } from '@/lib/auth/schema';
import { describeMarketer, formatDay } from '@/lib/registry/labels';
import { countAnswered, type RegistryImportRow } from '@/lib/registry/schema';
import { ImportStateBadge } from './import-state-badge';

type Decide = ServerAction<[input: { id: string }]>;

interface AnswerPageProps {
  answer: RegistryImportRow;
  timeZone: string;
  /** Server actions. */
  apply: Decide;
  discard: Decide;
  /** The pages above it. */
  above: readonly { href: string; label: string }[];
  /** Who may put it in force. */
  may: Permission;
  /** Below the numbers: who came and who left. */
  children?: ReactNode;
}

/** More of what is in force than this going at once may be half a file. */
const manyGo = 0.1;

/** One answer: what it would change, how far it has come, what came of it. */
export function AnswerPage(props: AnswerPageProps) {
  const { answer, timeZone, apply, discard, above, may, children } = props;
  const asking = usePrompt();
  const mayChange = useMay(may);
  const { id, state, comes, goes } = answer;
  const usable = countAnswered(answer);
  const kept = usable - comes;
  const isWaiting = state === 'WAITING';
  const isRunning = state === 'QUEUED' || state === 'RUNNING';
  const isLarge = goes > 0 && goes > manyGo * (kept + goes);

  function ask(what: 'apply' | 'discard') {
    asking.ask(
      what === 'apply'
        ? {
            title: 'Put this answer in force?',
            children: (
              <p>
                {formatNumberOf(comes, 'number')} will be blocked for marketing, and{' '}
                {formatNumberOf(goes, 'number')} that {goes === 1 ? 'is' : 'are'} not in it any more will be
                free.
              </p>
            ),
            submitLabel: 'Put in force',
            variant: 'primary',
            words: {
              undone: 'Nothing was changed.',
              unsure: 'We do not know whether it is being put in force. Reload the page to see.',
            },
            command: () => prepareCall(apply, { id }),
            onDone: () => showToast('The answer is being put in force'),
          }
        : {
            title: 'Discard this answer?',
            children: <p>What is in force stays as it is. The file has to be handed in again to be used.</p>,
            submitLabel: 'Discard',
            variant: 'danger',
            words: {
              undone: 'It was not discarded.',
              unsure: 'We do not know whether it was discarded. Reload the page to see.',
            },
            command: () => prepareCall(discard, { id }),
            onDone: () => showToast('The answer was discarded'),
          },
    );
  }

  return (
    <>
      <PageHeader
        title={answer.name}
        above={above}
        aside={
          <>
            <ImportStateBadge state={state} />
            {isRunning && <LiveIndicator topics={['registry']} />}
          </>
        }
        description={
          <>
            {answer.source}, answer of {formatDay(answer.answeredOn)}. {describeMarketer(answer.marketerId)}.
            Handed in <Time value={answer.createdAt} timeZone={timeZone} />
            {answer.createdBy !== null && ` by ${answer.createdBy}`}.
          </>
        }
      />
      {/* Before it runs, so that its end is not missed however short it is. */}
      <LiveRefresh topics={['registry']} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {isWaiting && isLarge && (
          <Callout tone="bad" title={`${formatNumberOf(goes, 'entry', 'entries')} would be lifted`}>
            That is more than a tenth of the {formatCount(kept + goes)} in force. Make sure that this is the
            whole answer, of the right month, and not a part of it.
          </Callout>
        )}
        {isWaiting && answer.sameAs !== null && (
          <Callout tone="warn" title={`It is the very file of ${formatDay(answer.sameAs)}`}>
            Either nothing has changed since, or this is the file of another month. Put it in force only if it
            is the answer of {formatDay(answer.answeredOn)}.
          </Callout>
        )}
        {isWaiting && comes === 0 && goes === 0 && (
          <Callout title="Nothing differs">
            The answer has exactly what is in force. Put in force, it shows that you have looked.
          </Callout>
        )}
        {state === 'DONE' && (
          <Callout tone="good" announce title="It is in force">
            {formatNumberOf(answer.added, 'number')} added, {formatNumberOf(answer.lifted, 'number')} lifted
            {answer.finishedAt !== null && (
              <>
                , <Time value={answer.finishedAt} timeZone={timeZone} />
              </>
            )}
            .
          </Callout>
        )}
        {state === 'FAILED' && (
          <Callout tone="bad" announce title="It failed">
            {answer.reason}
          </Callout>
        )}
        {isRunning && (
          <Card>
            <div className="grid gap-3 p-4">
              <p className="text-sm tabular-nums">
                {state === 'QUEUED'
                  ? 'Waiting for the worker'
                  : `${formatCount(answer.processed)} of ${formatNumberOf(usable, 'number')} done`}
              </p>
              <Progress label="Numbers worked through" value={usable > 0 ? answer.processed / usable : 0} />
              <p className="text-xs text-ink-faint">
                It goes on by itself: you can close this page. What has left is lifted last.
              </p>
            </div>
          </Card>
        )}
        <div className="grid grid-cols-2 gap-3 lg:grid-cols-5">
          <Stat label={isWaiting ? 'Would come' : 'New'} value={comes} note="Not in force before" />
          <Stat label={isWaiting ? 'Would go' : 'Gone'} value={goes} note="Not in it any more" />
          <Stat label="Unchanged" value={kept} note="In force and in it" />
          <Stat label="Invalid" value={answer.invalid} note="Landlines and other lines" />
          <Stat label="Duplicates" value={answer.duplicates} note="Again in the same file" />
        </div>
        {isWaiting && mayChange && (
          <div className="flex flex-wrap gap-2 max-sm:*:grow">
            <Button variant="primary" onClick={() => ask('apply')}>
              Put in force
            </Button>
            <Button variant="danger" onClick={() => ask('discard')}>
              Discard
            </Button>
          </div>
        )}
        {children}
        {answer.problems.length > 0 && (
          <ProblemTable problems={answer.problems} total={answer.invalid + answer.duplicates} />
        )}
      </div>
      {asking.dialog}
    </>
  );
}
