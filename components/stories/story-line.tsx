import { clsx } from 'clsx';
import { MessageSquareReply, Send, ShieldBan, ShieldCheck, type LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { StatusBadge } from '@/components/messages/status-badge';
import { VerdictBadge } from '@/components/messages/verdict-badge';
import { CutNote } from '@/components/ui/cut-note';
import { formatFullMoment } from '@/components/ui/format-time';
import { Link } from '@/components/ui/link';
import { PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { firstPartNote, purposeLabels } from '@/lib/messages/labels';
import { describeRule } from '@/lib/opt-outs/labels';
import { reviewDecisionLabels, storyEventLabels } from '@/lib/stories/labels';
import type { AnsweredMessage, StoryItem } from '@/lib/stories/schema';
import { formatClock } from './format-clock';

const messageNames = {
  NORMAL: 'Message',
  CONFIRMATION: 'Confirmation SMS',
  CONSENT: 'Consent SMS',
  SERVICE: 'Service SMS',
};

interface LineProps {
  item: StoryItem;
  timeZone: string;
}

/** One thing that happened. */
export function StoryLine({ item, timeZone }: LineProps) {
  switch (item.type) {
    case 'message':
      return <MessageLine item={item} timeZone={timeZone} />;
    case 'reply':
      return <ReplyLine item={item} timeZone={timeZone} />;
    case 'event':
      return <EventLine item={item} timeZone={timeZone} />;
  }
}

type OfType<Type extends StoryItem['type']> = { item: Extract<StoryItem, { type: Type }>; timeZone: string };

function MessageLine({ item, timeZone }: OfType<'message'>) {
  const isOver = item.finishedAt !== null && (item.status === 'DELIVERED' || item.status === 'FAILED');
  return (
    <Line
      icon={Send}
      look="text-ink-faint"
      title={messageNames[item.kind]}
      badge={<StatusBadge status={item.status} reason={item.reason} isFirstPart={item.isFirstPart} />}
      at={item.at}
      timeZone={timeZone}
    >
      <Text>{item.text}</Text>
      <p className="mt-1 text-xs text-ink-faint">
        {item.purpose && `${purposeLabels[item.purpose]} · from `}
        {!item.purpose && 'From '}
        <PhoneNumber msisdn={item.senderNumber} />
        {item.sentAt && ` · sent ${formatClock(item.sentAt, timeZone)}`}
        {isOver &&
          item.finishedAt &&
          ` · ${item.status === 'DELIVERED' ? 'delivered' : 'failed'} ${formatClock(item.finishedAt, timeZone)}`}
      </p>
      {item.isFirstPart && !item.reason && <p className="mt-0.5 text-sm text-ink-soft">{firstPartNote}</p>}
      {item.reason && <p className="mt-0.5 text-sm text-ink-soft">{item.reason}</p>}
    </Line>
  );
}

function ReplyLine({ item, timeZone }: OfType<'reply'>) {
  return (
    <Line
      icon={MessageSquareReply}
      look="border-accent-text text-accent-text"
      title="Reply"
      badge={item.verdict !== 'NONE' && <VerdictBadge verdict={item.verdict} />}
      at={item.at}
      timeZone={timeZone}
    >
      <Text isReply>{item.text}</Text>
      <CutNote text={item.text} wholeLength={item.wholeLength} href={`/api/texts/reply/${item.id}`} />
      <p className="mt-1 text-xs text-ink-faint">
        To <PhoneNumber msisdn={item.senderNumber} />
        {item.rule && ` · ${describeRule(item.rule)}`}
      </p>
      <Answered message={item.answered} timeZone={timeZone} />
      {item.review && (
        <p className="mt-0.5 text-sm text-ink-soft">
          {item.review.by} decided: {reviewDecisionLabels[item.review.decision]},{' '}
          <Time value={item.review.at} timeZone={timeZone} />
        </p>
      )}
    </Line>
  );
}

function EventLine({ item, timeZone }: OfType<'event'>) {
  const isBlock = item.kind === 'OPTED_OUT' || item.kind === 'CONFIRMED_BY_REPLY';
  return (
    <Line
      icon={isBlock ? ShieldBan : ShieldCheck}
      look={isBlock ? 'bg-warn-soft text-warn-text' : 'bg-good-soft text-good-text'}
      title={storyEventLabels[item.kind]}
      at={item.at}
      timeZone={timeZone}
    >
      <p className="text-sm text-ink-soft">
        By {item.who}
        {item.reply && (
          <>
            {item.who === 'the recipient' ? ', who replied' : ', on the reply'} “
            <span className="wrap-anywhere whitespace-pre-wrap text-ink">{item.reply.text}</span>”
          </>
        )}
        .{item.reply?.rule && ` ${describeRule(item.reply.rule)}.`}
        {item.list && (
          <>
            {' '}
            From the list{' '}
            {item.list.id ? <ListLink id={item.list.id} name={item.list.name} /> : item.list.name}
            {item.list.line !== null && `, line ${item.list.line}`}.
          </>
        )}
        {item.source && ` Source: ${item.source}.`}
      </p>
      {item.reply && (
        <CutNote
          text={item.reply.text}
          wholeLength={item.reply.wholeLength}
          href={`/api/texts/event/${item.id}`}
        />
      )}
      <Answered message={item.reply?.answered ?? null} timeZone={timeZone} />
      {item.reason && <p className="mt-0.5 text-sm text-ink-soft">Reason: {item.reason}</p>}
    </Line>
  );
}

function ListLink({ id, name }: { id: string; name: string }) {
  return (
    <Link href={`/messages/opt-outs/lists/${id}`} className="text-accent-text underline underline-offset-4">
      {name}
    </Link>
  );
}

function Answered({ message, timeZone }: { message: AnsweredMessage | null; timeZone: string }) {
  if (!message) return null;
  return (
    <p className="mt-0.5 line-clamp-2 text-xs text-ink-faint">
      Answers “{message.text}” of <Time value={message.sentAt} timeZone={timeZone} />
    </p>
  );
}

/** A text as it was sent or came, in a bubble. */
function Text({ isReply = false, children }: { isReply?: boolean; children: string }) {
  return (
    <p
      className={clsx(
        'w-fit max-w-prose rounded-lg px-3 py-1.5 text-base wrap-anywhere whitespace-pre-wrap',
        isReply ? 'bg-accent-soft' : 'bg-hover',
      )}
    >
      {children || <span className="text-ink-soft italic">Empty text</span>}
    </p>
  );
}

interface LineFrameProps {
  icon: LucideIcon;
  look: string;
  title: string;
  badge?: ReactNode;
  at: string;
  timeZone: string;
  children: ReactNode;
}

function Line({ icon: Icon, look, title, badge, at, timeZone, children }: LineFrameProps) {
  return (
    <li className="group relative grid grid-cols-[1.75rem_minmax(0,1fr)] gap-x-3 pb-5">
      <span
        aria-hidden="true"
        className="absolute top-7 bottom-0 left-3.5 w-px -translate-x-1/2 bg-line group-last:hidden"
      />
      <span
        className={clsx(
          'flex size-7 items-center justify-center rounded-full border border-line bg-surface',
          look,
        )}
      >
        <Icon aria-hidden="true" className="size-3.5" />
      </span>
      <div className="min-w-0">
        <div className="mb-1.5 flex min-h-7 flex-wrap items-center gap-x-2.5 gap-y-1 text-sm">
          <span className="font-semibold">{title}</span>
          {badge}
          <time
            dateTime={at}
            title={formatFullMoment(at, timeZone)}
            className="ml-auto text-xs whitespace-nowrap text-ink-faint tabular-nums"
          >
            {formatClock(at, timeZone)}
          </time>
        </div>
        {children}
      </div>
    </li>
  );
}
