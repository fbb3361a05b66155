import { PageHeader } from '@/components/shell/page-header';
import { Skeleton } from '@/components/ui/skeleton';
import type { NumberListRow } from '@/lib/number-lists/schema';
import { EarlierLists } from './earlier-lists';
import { ListUpload } from './list-upload';

const aboveLists = [
  { href: '/messages', label: 'Message Logs' },
  { href: '/messages/opt-outs', label: 'Auto Opt-Outs' },
];

const headings = {
  IMPORT: {
    title: 'Import',
    description: 'Opt numbers out that you know do not want messages: a list of another system, a register.',
  },
  CHECK: {
    title: 'Check a list',
    description: 'See which numbers of a list are blocked before you send, and download it without them.',
  },
};

interface UploadPageProps {
  purpose: keyof typeof headings;
  lists: readonly NumberListRow[];
  timeZone: string;
}

export function UploadPage({ purpose, lists, timeZone }: UploadPageProps) {
  return (
    <>
      <PageHeader {...headings[purpose]} above={aboveLists} />
      <ListUpload purpose={purpose} />
      <EarlierLists lists={lists} timeZone={timeZone} />
    </>
  );
}

/** For `loading.tsx`. */
export function UploadPageSkeleton({ purpose }: { purpose: keyof typeof headings }) {
  return (
    <>
      <PageHeader {...headings[purpose]} above={aboveLists} />
      <div className="grid gap-4 lg:grid-cols-2">
        <Skeleton className="h-56" />
        <Skeleton className="h-56" />
      </div>
    </>
  );
}
