import { StatusBadge } from '@/components/messages/status-badge';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { CutNote } from '@/components/ui/cut-note';
import { formatNumberOf } from '@/components/ui/format-count';
import { PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import {
  isOpen,
  type AnswerRow,
  type ConsentSms,
  type RemovalRequestDetail,
} from '@/lib/removal-requests/schema';
import { getTextHref, type Audience } from './audience';
import { LeavingTime } from './leaving-time';
import { SmsBubble } from './sms-bubble';

/** What the recipient was asked, whether it arrived, and what they answered, word for word. */
export function RequestConversation({
  audience,
  request,
  timeZone,
}: {
  audience: Audience;
  request: RemovalRequestDetail;
  timeZone: string;
}) {
  const { consent, answers, state } = request;
  return (
    <Card title="Asked and answered">
      <div className="space-y-5 px-4 py-4">
        {consent ? (
          <Question consent={consent} isOpen={isOpen(state)} timeZone={timeZone} />
        ) : (
          <p className="text-sm text-ink-soft">
            {isOpen(state)
              ? 'The recipient has not been asked yet.'
              : 'The recipient was not asked: the SMS was kept back before it left.'}
          </p>
        )}
        {answers.map((answer) => (
          <Answer
            key={answer.replyId}
            answer={answer}
            textHref={getTextHref(audience, 'reply', { accountId: request.accountId, id: answer.replyId })}
            timeZone={timeZone}
          />
        ))}
        {consent && answers.length === 0 && (
          <p className="text-sm text-ink-faint">
            {isOpen(state) ? 'No answer yet. It appears here at once.' : 'No answer came.'}
          </p>
        )}
      </div>
    </Card>
  );
}

function Question({ consent, isOpen, timeZone }: { consent: ConsentSms; isOpen: boolean; timeZone: string }) {
  return (
    <div>
      <p className="mb-1.5 flex flex-wrap items-center gap-x-2.5 gap-y-1 text-sm">
        <span className="font-semibold">Consent SMS</span>
        <StatusBadge status={consent.status} reason={consent.reason} />
      </p>
      <SmsBubble>{consent.text}</SmsBubble>
      <p className="mt-1.5 text-xs text-ink-faint">
        From <PhoneNumber msisdn={consent.senderNumber} /> · {formatNumberOf(consent.segments, 'segment')}
        {consent.sentAt ? (
          <>
            {' · sent '}
            <Time value={consent.sentAt} timeZone={timeZone} />
          </>
        ) : (
          isOpen &&
          consent.dueAt && (
            <>
              {' · leaves '}
              <LeavingTime dueAt={consent.dueAt} timeZone={timeZone} />
            </>
          )
        )}
        {consent.status === 'DELIVERED' && consent.finishedAt && (
          <>
            {' · delivered '}
            <Time value={consent.finishedAt} timeZone={timeZone} />
          </>
        )}
      </p>
      {consent.reason && <p className="mt-0.5 text-sm text-ink-soft">{consent.reason}</p>}
    </div>
  );
}

interface AnswerProps {
  answer: AnswerRow;
  /** Where all of a long one is. */
  textHref: string;
  timeZone: string;
}

function Answer({ answer, textHref, timeZone }: AnswerProps) {
  return (
    <div className="text-right">
      <p className="mb-1.5 flex flex-wrap items-center justify-end gap-x-2.5 gap-y-1 text-sm">
        {answer.decided && <Badge tone="accent">Decided</Badge>}
        {answer.late && (
          <Badge tip="It changed nothing about this request.">After the request was over</Badge>
        )}
        <span className="font-semibold">Answer</span>
      </p>
      <div className="text-left">
        <SmsBubble isReply>{answer.text}</SmsBubble>
        <CutNote text={answer.text} wholeLength={answer.wholeLength} href={textHref} />
      </div>
      <p className="mt-1.5 text-xs text-ink-faint">
        To <PhoneNumber msisdn={answer.senderNumber} /> ·{' '}
        <Time value={answer.receivedAt} timeZone={timeZone} />
      </p>
    </div>
  );
}
