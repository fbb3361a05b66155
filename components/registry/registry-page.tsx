import { LiveRefresh } from '@/components/live/live-indicator';
import { IfMay } from '@/components/permissions/permissions';
import { PageHeader } from '@/components/shell/page-header';
import { Callout } from '@/components/ui/callout';
import { Card, Stat } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { formatCount } from '@/components/ui/format-count';
import { Link } from '@/components/ui/link';
import { Time } from '@/components/ui/time';
import { describeMarketer } from '@/lib/registry/labels';
import type { RegistryImportRow, RegistrySize } from '@/lib/registry/schema';
import { AnswerUpload } from './answer-upload';
import { ImportStateBadge } from './import-state-badge';
import { NumberLookup, type LookUp } from './number-lookup';

interface RegistryPageProps {
  size: RegistrySize;
  imports: readonly RegistryImportRow[];
  /** As many as are shown. */
  most: number;
  /** "2026-11-29" */
  today: string;
  timeZone: string;
  /** A server action. */
  lookUp: LookUp;
}

/** The national opt-out registry: what of it is in force, and the answers that brought it. */
export function RegistryPage({ size, imports, most, today, timeZone, lookUp }: RegistryPageProps) {
  return (
    <>
      <PageHeader
        title="Registry"
        description="Who has blocked direct marketing with the National Consumer Commission. Marketing to them is blocked, at every account; service messages pass."
      />
      <LiveRefresh topics={['registry']} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {size.answeredOn === null && (
          <Callout tone="warn" title="No answer is in force">
            Marketing is not held against the registry until you hand in an answer file of the Commission.
          </Callout>
        )}
        <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_24rem]">
          <div className="grid gap-4">
            <IfMay may="registry.change">
              <AnswerUpload today={today} />
            </IfMay>
            <Card title="Answers">
              {imports.length === 0 ? (
                <EmptyState kind="nothing-yet" title="No answer has been handed in">
                  Each file that you hand in stands here, with what came of it.
                </EmptyState>
              ) : (
                <ul aria-label="Answers" className="divide-y divide-line">
                  {imports.map((row) => (
                    <li
                      key={row.id}
                      className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 px-4 py-3 text-sm"
                    >
                      <div className="min-w-0">
                        <Link
                          href={`/admin/registry/${row.id}`}
                          className="font-medium wrap-anywhere text-accent-text underline-offset-4 hover:underline"
                        >
                          {row.name}
                        </Link>
                        <p className="text-xs text-ink-faint">
                          Of {row.answeredOn}. {describeMarketer(row.marketerId)}. Handed in{' '}
                          <Time value={row.createdAt} timeZone={timeZone} />
                          {row.createdBy !== null && ` by ${row.createdBy}`}.
                        </p>
                      </div>
                      <div className="flex items-center gap-3">
                        <span className="text-xs text-ink-soft tabular-nums">{describeDifference(row)}</span>
                        <ImportStateBadge state={row.state} />
                      </div>
                    </li>
                  ))}
                </ul>
              )}
              {imports.length === most && (
                <p className="border-t border-line px-4 py-3 text-sm text-ink-faint">
                  These are the last {most}.
                </p>
              )}
            </Card>
          </div>
          <div className="grid gap-4">
            <Stat
              label="Entries in force"
              value={size.entries}
              note={size.answeredOn === null ? 'No answer yet' : `Last answer of ${size.answeredOn}`}
            />
            <NumberLookup lookUp={lookUp} />
          </div>
        </div>
      </div>
    </>
  );
}

function describeDifference({ state, comes, goes, added, lifted }: RegistryImportRow): string {
  const isDone = state === 'DONE' || state === 'FAILED';
  return `+${formatCount(isDone ? added : comes)} −${formatCount(isDone ? lifted : goes)}`;
}
