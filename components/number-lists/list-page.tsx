import { IfMay } from '@/components/permissions/permissions';
import { LiveIndicator } from '@/components/live/live-indicator';
import { PageHeader } from '@/components/shell/page-header';
import { Callout } from '@/components/ui/callout';
import { Card, Stat } from '@/components/ui/card';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { Time } from '@/components/ui/time';
import { problemLabels } from '@/lib/number-lists/labels';
import {
  countUsable,
  isUnderWay,
  keptDays,
  type NumberListRow,
  type ProblemLine,
} from '@/lib/number-lists/schema';
import { describeSize } from './describe-size';
import { ListFiles } from './list-files';
import { ListStateBadge } from './list-state-badge';
import { Progress } from './progress';
import { StopImportButton, type StopImport } from './stop-import-button';

interface ListPageProps {
  list: NumberListRow;
  /** The first of them. */
  problems: readonly ProblemLine[];
  /** Opt-outs of the other accounts of the family count too. */
  honoursAll: boolean;
  timeZone: string;
  /** A server action: stops the import. */
  stop: StopImport;
}

/** One import or check: how far it has come, what came of it, its files. */
export function ListPage({ list, problems, honoursAll, timeZone, stop }: ListPageProps) {
  const isImport = list.purpose === 'IMPORT';
  const isRunning = isUnderWay(list);
  return (
    <>
      <PageHeader
        title={list.name}
        above={[
          { href: '/messages/opt-outs', label: 'Auto Opt-Outs' },
          isImport
            ? { href: '/messages/opt-outs/import', label: 'Import' }
            : { href: '/messages/opt-outs/check', label: 'Check a list' },
        ]}
        aside={
          <>
            <ListStateBadge state={list.state} />
            {isRunning && <LiveIndicator topics={['opt-outs']} />}
          </>
        }
        description={
          <>
            {describeSize(list)}, {isImport ? 'imported' : 'checked'}{' '}
            <Time value={list.createdAt} timeZone={timeZone} />
            {list.createdBy !== null && ` by ${list.createdBy}`}. Removed after {keptDays} days.
          </>
        }
      />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {isRunning && <ImportProgress list={list} stop={stop} />}
        {isImport ? (
          <ImportResult list={list} isRunning={isRunning} />
        ) : (
          <CheckResult list={list} honoursAll={honoursAll} />
        )}
        {problems.length > 0 && <Problems list={list} problems={problems} />}
      </div>
    </>
  );
}

function ImportProgress({ list, stop }: Pick<ListPageProps, 'list' | 'stop'>) {
  const done = list.added + list.alreadyThere;
  const usable = countUsable(list);
  return (
    <Card>
      <div className="grid gap-3 p-4">
        <div className="flex flex-wrap items-center justify-between gap-3">
          <p className="text-sm">
            {list.state === 'QUEUED'
              ? 'Waiting for its turn'
              : `${formatCount(done)} of ${formatNumberOf(usable, 'number')} done`}
          </p>
          <IfMay may="lists.upload">
            <StopImportButton listId={list.id} stop={stop} />
          </IfMay>
        </div>
        <Progress label="Numbers worked through" value={usable > 0 ? done / usable : 0} />
        <p className="text-xs text-ink-faint">
          It goes on by itself: you can close this page. If you stop it, what has been added stays.
        </p>
      </div>
    </Card>
  );
}

function ImportResult({ list, isRunning }: { list: NumberListRow; isRunning: boolean }) {
  const left = countUsable(list) - list.added - list.alreadyThere;
  return (
    <>
      {list.state === 'DONE' && (
        <Callout tone={list.added > 0 ? 'good' : 'info'} announce title={describeAdded(list.added)}>
          Nothing on your list was lifted or changed, and no confirmation SMS was sent.
        </Callout>
      )}
      {list.state === 'CANCELLED' && (
        <Callout tone="warn" announce title={`Stopped before ${formatNumberOf(left, 'number')}`}>
          What had been added stays opted out; nothing was lifted. Import the file again for the rest.
        </Callout>
      )}
      {list.state === 'FAILED' && (
        <Callout tone="bad" announce title={`Failed before ${formatNumberOf(left, 'number')}`}>
          {list.reason}
        </Callout>
      )}
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Stat label="Added" value={list.added} note="New on your Auto Opt-Outs" />
        <Stat label="Already there" value={list.alreadyThere} note="Left as they were" />
        <Stat label="Invalid" value={list.invalid} note="Not mobile numbers" />
        <Stat label="Duplicates" value={list.duplicates} note="Again in the same list" />
      </div>
      {!isRunning && (
        <ListFiles
          listId={list.id}
          files={[{ file: 'report', label: 'Download the report', primary: true }]}
        />
      )}
    </>
  );
}

function describeAdded(added: number): string {
  if (added === 0) return 'All of these numbers had been opted out before';
  return `${formatNumberOf(added, 'number')} ${added === 1 ? 'is' : 'are'} opted out now`;
}

function CheckResult({ list, honoursAll }: Pick<ListPageProps, 'list' | 'honoursAll'>) {
  const clear = countUsable(list) - list.blocked;
  return (
    <>
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-4">
        <Stat label="Clear" value={clear} note="You can write to them" />
        <Stat
          label="Blocked"
          value={list.blocked}
          note={honoursAll ? 'On a list of your accounts' : 'On your Auto Opt-Outs'}
        />
        <Stat label="Invalid" value={list.invalid} note="Not mobile numbers" />
        <Stat label="Duplicates" value={list.duplicates} note="Again in the same list" />
      </div>
      <ListFiles
        listId={list.id}
        files={[
          { file: 'clean', label: 'Download the clean list', primary: true },
          { file: 'blocked', label: 'Blocked numbers' },
          { file: 'report', label: 'Report of every line' },
        ]}
      />
      <p className="text-sm text-pretty text-ink-soft">
        The clean list has each clear number once. Whoever opts out between now and the download is left out
        of it too.
      </p>
    </>
  );
}

function Problems({ list, problems }: Pick<ListPageProps, 'list' | 'problems'>) {
  const total = list.invalid + list.duplicates;
  return (
    <Card
      title="Lines and numbers that were not used"
      aside={
        <span className="text-sm text-ink-faint tabular-nums">
          {problems.length < total ? `First ${problems.length} of ${formatCount(total)}` : formatCount(total)}
        </span>
      }
    >
      <div
        tabIndex={0}
        role="region"
        aria-label="Lines and numbers that were not used"
        className="overflow-x-auto"
      >
        <table className="w-full text-left text-sm">
          <thead>
            <tr className="border-b border-line text-ink-soft">
              <th scope="col" className="w-20 px-4 py-2 text-right font-medium max-sm:px-3">
                Line
              </th>
              <th scope="col" className="py-2 font-medium sm:px-4">
                As given
              </th>
              <th scope="col" className="px-4 py-2 font-medium">
                Why
              </th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {problems.map(({ line, input, problem }, index) => (
              <tr key={index}>
                <td className="px-4 py-2 text-right text-ink-soft tabular-nums">{formatCount(line)}</td>
                <td className="max-w-32 truncate py-2 tabular-nums sm:max-w-md sm:px-4" title={input}>
                  {input === '' ? <span className="text-ink-faint">Empty</span> : input}
                </td>
                <td className="px-4 py-2">
                  {problem === 'duplicate' ? (
                    <span className="text-ink-soft">{problemLabels[problem]}</span>
                  ) : (
                    <span className="text-bad-text">{problemLabels[problem]}</span>
                  )}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}
