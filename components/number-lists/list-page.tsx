import { IfMay } from '@/components/permissions/permissions';
import { LiveIndicator } from '@/components/live/live-indicator';
import { PageHeader } from '@/components/shell/page-header';
import { Callout } from '@/components/ui/callout';
import { Card, Stat } from '@/components/ui/card';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { Time } from '@/components/ui/time';
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
import { ProblemTable } from './problem-table';
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

/** Where lists of each purpose are handed in. */
const pages = {
  IMPORT: { href: '/messages/opt-outs/import', label: 'Import' },
  CHECK: { href: '/messages/opt-outs/check', label: 'Check a list' },
  CONSENT: { href: '/messages/consents', label: 'Consents' },
};

/** One import or check: how far it has come, what came of it, its files. */
export function ListPage({ list, problems, honoursAll, timeZone, stop }: ListPageProps) {
  const { purpose } = list;
  const isImport = purpose !== 'CHECK';
  const isRunning = isUnderWay(list);
  return (
    <>
      <PageHeader
        title={list.name}
        above={[{ href: '/messages/opt-outs', label: 'Auto Opt-Outs' }, pages[purpose]]}
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
        {purpose === 'CONSENT' ? (
          <ConsentResult list={list} isRunning={isRunning} />
        ) : purpose === 'IMPORT' ? (
          <ImportResult list={list} isRunning={isRunning} />
        ) : (
          <CheckResult list={list} honoursAll={honoursAll} />
        )}
        {problems.length > 0 && <ProblemTable problems={problems} total={list.invalid + list.duplicates} />}
      </div>
    </>
  );
}

/** How many of the usable numbers of an import have been worked through. */
function countDone({ added, alreadyThere, blocked }: NumberListRow): number {
  return added + alreadyThere + blocked;
}

function ImportProgress({ list, stop }: Pick<ListPageProps, 'list' | 'stop'>) {
  const done = countDone(list);
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
  const left = countUsable(list) - countDone(list);
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

function ConsentResult({ list, isRunning }: { list: NumberListRow; isRunning: boolean }) {
  const left = countUsable(list) - countDone(list);
  return (
    <>
      {list.state === 'DONE' && (
        <Callout
          tone={list.added > 0 ? 'good' : 'info'}
          announce
          title={
            list.added === 0 ? 'No consent was recorded' : `${formatNumberOf(list.added, 'consent')} recorded`
          }
        >
          Each stands in the story of its number. No block was lifted.
        </Callout>
      )}
      {(list.state === 'CANCELLED' || list.state === 'FAILED') && (
        <Callout
          tone={list.state === 'FAILED' ? 'bad' : 'warn'}
          announce
          title={`Stopped before ${formatNumberOf(left, 'number')}`}
        >
          {list.reason ?? 'What had been recorded stays. Hand the file in again for the rest.'}
        </Callout>
      )}
      <div className="grid grid-cols-2 gap-3 lg:grid-cols-5">
        <Stat label="Recorded" value={list.added} note="In force now" />
        <Stat label="Already there" value={list.alreadyThere} note="This one, or a later one" />
        <Stat label="Ended since" value={list.blocked} note="By an opt-out or a withdrawal" />
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
          { file: 'marketing', label: 'Clean list for marketing' },
          { file: 'blocked', label: 'Blocked numbers' },
          { file: 'report', label: 'Report of every line' },
        ]}
      />
      <p className="text-sm text-pretty text-ink-soft">
        The clean list has each clear number once; that for marketing is without whoever is on the national
        opt-out registry. Whoever opts out between now and the download is left out too.
      </p>
    </>
  );
}
