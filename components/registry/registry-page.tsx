import { LiveRefresh } from '@/components/live/live-indicator';
import { IfMay } from '@/components/permissions/permissions';
import { PageHeader } from '@/components/shell/page-header';
import { Callout } from '@/components/ui/callout';
import { Card, Stat } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { formatDay } from '@/lib/registry/labels';
import type { RegistryImportRow, RegistrySize } from '@/lib/registry/schema';
import { AnswerList } from './answer-list';
import { AnswerUpload } from './answer-upload';
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
                <AnswerList answers={imports} path="/admin/registry" timeZone={timeZone} />
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
              note={
                size.answeredOn === null ? 'No answer yet' : `Last answer of ${formatDay(size.answeredOn)}`
              }
            />
            <NumberLookup lookUp={lookUp} />
          </div>
        </div>
      </div>
    </>
  );
}
