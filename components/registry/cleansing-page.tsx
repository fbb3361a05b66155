import { LiveRefresh } from '@/components/live/live-indicator';
import { To } from '@/components/help/prose';
import { IfMay } from '@/components/permissions/permissions';
import { PageHeader } from '@/components/shell/page-header';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { formatNumberOf } from '@/components/ui/format-count';
import { formatDay } from '@/lib/registry/labels';
import type { MarketerStanding, RegistryImportRow } from '@/lib/registry/schema';
import { AnswerList } from './answer-list';
import { CleansingExport, type CheckedList } from './cleansing-export';
import { CleansingUpload, type ReportNobody } from './cleansing-upload';
import { MarketingNotice } from './marketing-notice';

interface CleansingPageProps {
  standing: MarketerStanding;
  answers: readonly RegistryImportRow[];
  /** As many as are shown. */
  most: number;
  /** Lists that were checked and are still kept. */
  lists: readonly CheckedList[];
  /** "2026-11-29" */
  today: string;
  timeZone: string;
  /** A server action. */
  reportNobody: ReportNobody;
}

/** Cleansing the account's marketing lists against the national registry: out, in, and what came of it. */
export function CleansingPage(props: CleansingPageProps) {
  const { standing, answers, most, lists, today, timeZone, reportNobody } = props;
  return (
    <>
      <PageHeader
        title="Cleansing"
        description="Marketers compare their lists with the national opt-out registry at least once a month. Whoever is on it gets no marketing from you; service messages pass."
      />
      <LiveRefresh topics={['registry']} />
      <MarketingNotice standing={standing} />
      <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
        <Card title="Where you are">
          <p className="p-4 text-sm text-pretty">
            {describeStanding(standing)} <To href="/help#cleansing">How cleansing works</To>
          </p>
        </Card>
        <CleansingExport lists={lists} />
        <IfMay may="lists.upload">
          <CleansingUpload today={today} reportNobody={reportNobody} />
        </IfMay>
        <Card title="Answers">
          {answers.length === 0 ? (
            <EmptyState kind="nothing-yet" title="You have not cleansed yet">
              Each answer that you hand in stands here, with who came and who left.
            </EmptyState>
          ) : (
            <AnswerList answers={answers} path="/messages/cleansing" timeZone={timeZone} />
          )}
          {answers.length === most && (
            <p className="border-t border-line px-4 py-3 text-sm text-ink-faint">
              These are the last {most}.
            </p>
          )}
        </Card>
      </div>
    </>
  );
}

function describeStanding(standing: MarketerStanding): string {
  const { cleansedOn, age, mostDays, isOfIndustry, mustCleanse, cleansingRequiredFrom } = standing;
  if (cleansedOn === null) {
    return cleansingRequiredFrom === null
      ? 'Your lists have not been cleansed yet. Once you begin, marketing goes out only while your last cleansing is fresh.'
      : `Your lists have not been cleansed yet. From ${formatDay(cleansingRequiredFrom)} on your provider sends marketing only of accounts that have.`;
  }
  const what = isOfIndustry
    ? `Your provider last put an answer for the whole industry in force as of ${formatDay(cleansedOn)}`
    : `Your last cleansing is as of ${formatDay(cleansedOn)}`;
  const old = age === 0 ? 'today' : `${formatNumberOf(age ?? 0, 'day')} old`;
  return mustCleanse
    ? `${what}: ${old}. It may be ${formatNumberOf(mostDays, 'day')} old.`
    : `${what}: ${old}. That counts for you too.`;
}
