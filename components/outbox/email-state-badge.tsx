import { CircleX, Clock, FolderCheck, LoaderCircle, MailCheck, type LucideIcon } from 'lucide-react';
import { Badge, type Tone } from '@/components/ui/badge';
import type { EmailState } from '@/lib/notices/schema';

const looks: Record<EmailState, { label: string; tone: Tone; icon: LucideIcon; tip: string }> = {
  QUEUED: { label: 'Queued', tone: 'neutral', icon: Clock, tip: 'It waits for its next attempt.' },
  SENDING: { label: 'Sending', tone: 'info', icon: LoaderCircle, tip: 'It is being handed over.' },
  SENT: { label: 'Sent', tone: 'good', icon: MailCheck, tip: 'The mail server has taken it.' },
  KEPT: {
    label: 'Kept',
    tone: 'neutral',
    icon: FolderCheck,
    tip: 'Written to a file, as no mail server is set (SMTP_URL).',
  },
  FAILED: {
    label: 'Failed',
    tone: 'bad',
    icon: CircleX,
    tip: 'It was refused for good, or given up after the last attempt.',
  },
};

export function EmailStateBadge({ state }: { state: EmailState }) {
  const { label, ...look } = looks[state];
  return <Badge {...look}>{label}</Badge>;
}
