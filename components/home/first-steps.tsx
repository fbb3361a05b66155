import { ArrowRight, FileUp, MessageSquareText, Send, type LucideIcon } from 'lucide-react';
import { Card } from '@/components/ui/card';
import { Link } from '@/components/ui/link';

const steps: readonly { href: string; icon: LucideIcon; title: string; text: string }[] = [
  {
    href: '/messages/opt-outs/import',
    icon: FileUp,
    title: 'Bring the opt-outs you know of',
    text: 'Who has opted out elsewhere should not hear from you here. Import the list from a file.',
  },
  {
    href: '/settings',
    icon: MessageSquareText,
    title: 'Look at your confirmation text',
    text: 'Whoever opts out gets one SMS that says so. Keep the standard text or write your own.',
  },
  {
    href: '/send',
    icon: Send,
    title: 'Send your first message',
    text: 'To one number or to a thousand. What is delivered and what comes back appears here.',
  },
];

/** For an account with which nothing has happened yet. */
export function FirstSteps() {
  return (
    <Card title="First steps">
      <ol className="divide-y divide-line">
        {steps.map(({ href, icon: Icon, title, text }) => (
          <li key={href}>
            <Link
              href={href}
              className="group flex items-center gap-4 px-4 py-4 transition-colors hover:bg-hover"
            >
              <span className="flex size-9 shrink-0 items-center justify-center rounded-full bg-accent-soft text-accent-text">
                <Icon aria-hidden="true" className="size-4.5" />
              </span>
              <span className="min-w-0 grow">
                <span className="block font-medium">{title}</span>
                <span className="block text-sm text-pretty text-ink-soft">{text}</span>
              </span>
              <ArrowRight
                aria-hidden="true"
                className="size-4 shrink-0 text-ink-faint transition-transform group-hover:translate-x-0.5"
              />
            </Link>
          </li>
        ))}
      </ol>
    </Card>
  );
}
