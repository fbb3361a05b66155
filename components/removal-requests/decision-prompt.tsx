import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { formatNumberOf } from '@/components/ui/format-count';
import type { Decision, DecisionResult, RequestKey } from '@/lib/removal-requests/schema';
import { formatMsisdn } from '@/lib/sms/format-msisdn';
import type { Prompt } from '@/components/actions/prompt-dialog';

/** A server action; approves or rejects. */
export type Decide = ServerAction<[{ requests: RequestKey[]; decision: Decision }], Decided>;
export type Decided = { ok: true; results: DecisionResult[] };

/** What of a request a prompt names. */
export interface RequestToDecide extends RequestKey {
  msisdn: string;
  accountName: string;
}

/** What is asked before requests are approved or rejected. */
export function composeDecisionPrompt(
  decision: Decision['decision'],
  requests: readonly RequestToDecide[],
  decide: Decide,
  onDone: (results: DecisionResult[]) => void,
): Prompt<Decided> {
  const [only, ...others] = requests;
  const what =
    only && others.length === 0
      ? `the request for ${formatMsisdn(only.msisdn)}`
      : formatNumberOf(requests.length, 'request');
  const keys = requests.map(({ accountId, requestId }) => ({ accountId, requestId }));
  const accounts = new Set(requests.map(({ accountName }) => accountName));
  const account = accounts.size === 1 && only ? only.accountName : 'each account';
  const isMany = others.length > 0;
  const words = {
    undone: `${isMany ? 'The requests still wait' : 'The request still waits'} for a decision; nothing was changed.`,
    unsure: `We do not know whether ${isMany ? 'they were' : 'it was'} ${decision === 'approve' ? 'approved' : 'rejected'}. Try again: ${isMany ? 'each' : 'it'} is decided once, and you are told how.`,
  };
  const onAnswer = (answer: { results: DecisionResult[] }) => onDone(answer.results);
  if (decision === 'approve') {
    return {
      title: `Approve ${what}?`,
      children: (
        <p>
          The block is lifted at once: {account} can write to{' '}
          {others.length > 0 ? 'these numbers' : 'this number'} again, and is told so.
        </p>
      ),
      submitLabel: 'Approve',
      words,
      command: () => prepareCall(decide, { requests: keys, decision: { decision: 'approve' } }),
      onDone: onAnswer,
    };
  }
  return {
    title: `Reject ${what}?`,
    children: (
      <p>
        {others.length > 0
          ? 'The numbers stay blocked, and their owners are not asked again.'
          : 'The number stays blocked, and its owner is not asked again.'}{' '}
        {account === 'each account' ? 'Each account' : account} is told, with your reason.
      </p>
    ),
    reason: { label: 'Reason', hint: 'The account reads it.' },
    submitLabel: 'Reject',
    variant: 'danger',
    words,
    command: ({ reason }) =>
      prepareCall(decide, { requests: keys, decision: { decision: 'reject', reason } }),
    onDone: onAnswer,
  };
}
