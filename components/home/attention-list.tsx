import {
  CircleCheck,
  CircleX,
  CalendarClock,
  FileX,
  MessageCircleQuestionMark,
  ShieldX,
  Wallet,
  type LucideIcon,
} from 'lucide-react';
import type { ReactNode } from 'react';
import { formatCount, formatNumberOf } from '@/components/ui/format-count';
import { ButtonLink } from '@/components/ui/button-link';
import type { Attention } from '@/lib/home/schema';
import { formatDay } from '@/lib/registry/labels';

interface Item {
  icon: LucideIcon;
  tone: 'bad' | 'warn' | 'info';
  title: string;
  text: ReactNode;
  action?: { href: string; label: string };
}

const tones = { bad: 'text-bad-text', warn: 'text-warn-text', info: 'text-info-text' };

/** What somebody should act on, each with where to do it. */
export function AttentionList({ attention }: { attention: readonly Attention[] }) {
  return (
    <section aria-labelledby="attention" className="mb-4 rounded-lg border border-line bg-surface">
      <h2 id="attention" className="sr-only">
        What needs attention
      </h2>
      {attention.length === 0 ? (
        <p className="flex items-center gap-2.5 px-4 py-3 text-sm text-ink-soft">
          <CircleCheck aria-hidden="true" className="size-4 shrink-0 text-good-text" />
          Nothing needs your attention.
        </p>
      ) : (
        <ul className="divide-y divide-line">
          {attention.map((each) => (
            <AttentionLine key={each.kind} item={describeAttention(each)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function AttentionLine({ item: { icon: Icon, tone, title, text, action } }: { item: Item }) {
  return (
    <li className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-3">
      <div className="flex min-w-0 grow basis-80 gap-3">
        <Icon aria-hidden="true" className={`mt-0.5 size-4.5 shrink-0 ${tones[tone]}`} />
        <div className="min-w-0">
          <p className="text-sm font-semibold">{title}</p>
          <p className="text-sm text-pretty text-ink-soft">{text}</p>
        </div>
      </div>
      {action && (
        <ButtonLink href={action.href} size="small" className="max-sm:ml-7.5 max-sm:h-10">
          {action.label}
        </ButtonLink>
      )}
    </li>
  );
}

function describeAttention(attention: Attention): Item {
  switch (attention.kind) {
    case 'no-credits':
      return {
        icon: Wallet,
        tone: 'bad',
        title: 'You have no credits',
        text: 'Nothing can be sent until you top up. Replies and opt-outs are received all the same, and confirmations are free.',
      };
    case 'credits-low': {
      const { credits, daysLeft } = attention;
      return {
        icon: Wallet,
        tone: 'warn',
        title: 'Credits are running low',
        text: `At the pace of the last two weeks, the ${formatNumberOf(credits, 'credit')} you have last for ${
          daysLeft === 0 ? 'less than a day' : formatNumberOf(daysLeft, 'day')
        }.`,
      };
    }
    case 'failures': {
      const { failed, percent, usualPercent } = attention;
      return {
        icon: CircleX,
        tone: 'bad',
        title: 'More messages fail than usual',
        text: `${formatNumberOf(failed, 'message')} of the last three days failed: ${Math.round(percent)} % of those sent, where ${Math.round(usualPercent)} % is usual. The reason stands with each.`,
        action: { href: '/messages?status=FAILED', label: 'See what failed' },
      };
    }
    case 'marketing-stopped':
      return attention.why === 'CLEANSING'
        ? {
            icon: ShieldX,
            tone: 'bad',
            title: 'Your marketing is stopped',
            text: 'Your last cleansing against the national opt-out registry is missing or too old. Service messages still go out.',
            action: { href: '/messages/cleansing', label: 'Cleanse your lists' },
          }
        : {
            icon: ShieldX,
            tone: 'bad',
            title: 'Your marketing is stopped',
            text: 'Your registration as a direct marketer is missing or has ended. Service messages still go out.',
            action: { href: '/settings#registration', label: 'Enter the registration' },
          };
    case 'cleansing-due':
      return {
        icon: CalendarClock,
        tone: 'warn',
        title: 'Cleanse your lists soon',
        text: `Your last cleansing is of ${formatDay(attention.cleansedOn)}. Without a newer one, marketing is stopped ${
          attention.daysLeft <= 0 ? 'after today' : `in ${formatNumberOf(attention.daysLeft + 1, 'day')}`
        }.`,
        action: { href: '/messages/cleansing', label: 'Cleanse your lists' },
      };
    case 'registration-ends':
      return {
        icon: CalendarClock,
        tone: 'warn',
        title: 'Your registration ends soon',
        text: `Your registration as a direct marketer ends on ${formatDay(attention.endsOn)}. Marketing is stopped after that day.`,
        action: { href: '/settings#registration', label: 'Enter the new one' },
      };
    case 'import-failed':
      return {
        icon: FileX,
        tone: 'warn',
        title: 'An import did not go through',
        text: `“${attention.name}” could not be imported to the end.`,
        action: { href: `/messages/opt-outs/lists/${attention.listId}`, label: 'See what happened' },
      };
    case 'replies-to-review': {
      const { count } = attention;
      return {
        icon: MessageCircleQuestionMark,
        tone: 'info',
        title:
          count === 1 ? 'A reply to review' : `${count > 99 ? '99+' : formatCount(count)} replies to review`,
        text:
          count === 1
            ? 'It is probably an opt-out. Until you decide, its number can still be written to.'
            : 'They are probably opt-outs. Until you decide, their numbers can still be written to.',
        action: { href: '/messages/review', label: 'Review' },
      };
    }
  }
}
