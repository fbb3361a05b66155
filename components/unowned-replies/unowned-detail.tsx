'use client';

import { useState } from 'react';
import { Detail, DetailList, QuotedText } from '@/components/data-table/detail-list';
import { VerdictBadge } from '@/components/messages/verdict-badge';
import { IfMay } from '@/components/permissions/permissions';
import { Badge, type Tone } from '@/components/ui/badge';
import { CutNote } from '@/components/ui/cut-note';
import { Link } from '@/components/ui/link';
import { CopyablePhoneNumber, PhoneNumber } from '@/components/ui/phone-number';
import { Time } from '@/components/ui/time';
import { describeRule } from '@/lib/opt-outs/labels';
import { unownedStateLabels } from '@/lib/unowned-replies/labels';
import type { UnownedReply } from '@/lib/unowned-replies/list';
import type { UnownedState } from '@/lib/unowned-replies/schema';
import { staffTimeZone } from '@/lib/lists/schema';
import { UnownedDecision, type UnownedActions } from './unowned-decision';

const tones: Record<UnownedState, Tone> = {
  WAITING: 'bad',
  UNSURE: 'warn',
  ASSIGNED: 'good',
  NOTED: 'neutral',
  KEPT: 'neutral',
};

export function UnownedStateBadge({ state }: { state: UnownedState }) {
  return <Badge tone={tones[state]}>{unownedStateLabels[state]}</Badge>;
}

/** All that is known of a reply without an owner, and below it what a member of staff does about it. */
export function UnownedDetail({
  row,
  decide,
  onDone,
}: {
  row: UnownedReply;
  decide: UnownedActions;
  onDone: () => void;
}) {
  const { decision } = row;
  // A colleague who is first takes neither what was typed away, nor the sentence that says so.
  const [wasUndecided] = useState(!decision);
  return (
    <>
      <QuotedText>{row.text}</QuotedText>
      {row.wholeLength !== null && (
        <div className="-mt-3 mb-4 px-5">
          <CutNote
            text={row.text}
            wholeLength={row.wholeLength}
            href={`/api/admin/texts/unowned/${encodeURIComponent(row.msisdn)}/${row.id}`}
          />
        </div>
      )}
      <DetailList>
        <Detail name="State">
          <UnownedStateBadge state={row.state} />
          {row.state === 'WAITING' && (
            <p className="mt-1 text-ink-soft">
              Certainly an opt-out, but no account is known to have written from this number: nobody is
              blocked by it yet.
            </p>
          )}
          {row.state === 'UNSURE' && (
            <p className="mt-1 text-ink-soft">
              Perhaps an opt-out, and no account is known to have written from this number. Opt the number out
              if you are sure, or let the account decide.
            </p>
          )}
        </Detail>
        {decision && (
          <>
            {decision.account && (
              <Detail name="Account">
                <Link
                  href={`/admin/accounts/${decision.account.id}`}
                  className="text-accent-text underline-offset-4 hover:underline"
                >
                  {decision.account.name}
                </Link>{' '}
                <span className="text-ink-soft tabular-nums">W{decision.account.id}</span>
              </Detail>
            )}
            <Detail name="Reason">
              <span className="wrap-anywhere">{decision.reason}</span>
            </Detail>
            <Detail name="Decided">
              {decision.by}, <Time value={decision.at} timeZone={staffTimeZone} />
            </Detail>
          </>
        )}
        <Detail name="Verdict">
          <VerdictBadge verdict={row.verdict} />
        </Detail>
        {row.rule && <Detail name="Rule">{describeRule(row.rule)}</Detail>}
        <Detail name="Number">
          <CopyablePhoneNumber msisdn={row.msisdn} />
        </Detail>
        <Detail name="Replied to">
          <PhoneNumber msisdn={row.senderNumber} />
        </Detail>
        <Detail name="When">
          <Time value={row.receivedAt} timeZone={staffTimeZone} />
        </Detail>
      </DetailList>
      {wasUndecided && (
        <IfMay may="replies.assign">
          <UnownedDecision reply={row} actions={decide} onDone={onDone} />
        </IfMay>
      )}
    </>
  );
}
