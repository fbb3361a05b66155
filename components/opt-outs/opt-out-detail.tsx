import { IfMay } from '@/components/permissions/permissions';
import { X } from 'lucide-react';
import { Detail, DetailFoot, DetailList, QuotedText, StoryLink } from '@/components/data-table/detail-list';
import { Button } from '@/components/ui/button';
import { ButtonLink } from '@/components/ui/button-link';
import { CutNote } from '@/components/ui/cut-note';
import { CopyablePhoneNumber, PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { describeRule, kindLabels } from '@/lib/opt-outs/labels';
import type { OptOutRow } from '@/lib/opt-outs/list';
import { kindTips } from './kind-tips';
import { getRemoval, getRequestHref } from './removal';

interface OptOutDetailProps {
  row: OptOutRow;
  timeZone: string;
  onRemove: () => void;
}

/** All about one entry, and how it may go. */
export function OptOutDetail({ row, timeZone, onRemove }: OptOutDetailProps) {
  const removal = getRemoval(row.kind);
  return (
    <>
      {row.replyText !== null && <QuotedText>{row.replyText}</QuotedText>}
      {row.replyText !== null && row.replyWholeLength !== null && (
        <div className="-mt-3 mb-4 px-5">
          <CutNote
            text={row.replyText}
            wholeLength={row.replyWholeLength}
            href={`/api/texts/opt-out/${row.id}`}
          />
        </div>
      )}
      <DetailList>
        <Detail name="Number">
          <CopyablePhoneNumber msisdn={row.msisdn} />
          <StoryLink msisdn={row.msisdn} />
        </Detail>
        {row.rule && <Detail name="Rule">{describeRule(row.rule)}</Detail>}
        <Detail name="How it came">
          {kindLabels[row.kind]}
          <p className="mt-0.5 text-ink-faint">{kindTips[row.kind]}</p>
        </Detail>
        {row.senderNumber && (
          <Detail name="Sender number">
            <PhoneNumber msisdn={row.senderNumber} />
          </Detail>
        )}
        <Detail name="When">
          <Time value={row.createdAt} timeZone={timeZone} />
        </Detail>
      </DetailList>
      <p className="px-5 py-4 text-sm text-ink-soft">
        Messages from your account to this number are blocked and cost nothing. Other accounts are not
        affected.
      </p>
      <DetailFoot>
        {removal === 'own' && (
          <IfMay may="opt-outs.change">
            <Button variant="danger" onClick={onRemove}>
              <X aria-hidden="true" className="size-4" />
              Delete Opt-Out Number
            </Button>
          </IfMay>
        )}
        {removal === 'request' && (
          <>
            <ButtonLink href={getRequestHref(row.msisdn)}>Request removal</ButtonLink>
            <p className="text-ink-faint">
              {row.kind === 'STAFF'
                ? 'Our staff made this entry. It is lifted when the recipient agrees.'
                : 'The recipient asked for this block, so only the recipient can lift it.'}
            </p>
          </>
        )}
      </DetailFoot>
    </>
  );
}
