'use client';

import { prepareCall } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { usePrompt } from '@/components/actions/use-prompt';
import { IfMay, useMay } from '@/components/permissions/permissions';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { EmptyState } from '@/components/ui/empty-state';
import { formatNumberOf } from '@/components/ui/format-count';
import { RadioCards } from '@/components/ui/radio-cards';
import { Time } from '@/components/ui/time';
import { showToast } from '@/components/ui/toast';
import { staffTimeZone } from '@/lib/lists/schema';
import type { DoubtDecision, DoubtGroup, DoubtPolicy } from '@/lib/messages/schema';
import type { SystemActions } from './actions';

interface DoubtsCardProps {
  groups: readonly DoubtGroup[];
  policy: DoubtPolicy;
  /** How many wait to be sent again by themselves. */
  again: number;
  actions: SystemActions;
}

const decisions: Record<DoubtDecision, { label: string; text: string; done: string }> = {
  SENT: {
    label: 'They were sent',
    text: 'They count as sent and cost what they cost.',
    done: 'They count as sent',
  },
  SEND_AGAIN: {
    label: 'Send again',
    text: 'Whoever got one already gets it twice. Who has opted out meanwhile gets none.',
    done: 'They leave again',
  },
  GIVE_UP: {
    label: 'Give up',
    text: 'They fail, and the account gets its credits back.',
    done: 'They were given up',
  },
};

/** Messages of which nobody knows whether the network took them, and what becomes of such. */
export function DoubtsCard({ groups, policy, again, actions }: DoubtsCardProps) {
  const { ask, dialog } = usePrompt<{ ok: true; messages: number }>();
  const choice = useAction({
    undone: 'It is as it was.',
    unsure: 'We do not know whether it was changed. Choose again: that does no harm.',
  });
  const mayManage = useMay('carriers.manage');

  function askAbout(group: DoubtGroup, decision: DoubtDecision) {
    const { accountId, carrier, minute, messages } = group;
    const { label, text, done } = decisions[decision];
    ask({
      title: `${label}: ${formatNumberOf(messages, 'message')} of W${accountId}?`,
      children: <p>{text}</p>,
      submitLabel: label,
      variant: decision === 'GIVE_UP' ? 'danger' : 'primary',
      words: {
        undone: 'Nothing was decided; they still wait.',
        unsure: 'We do not know whether this was decided. Try again: it is decided once.',
      },
      command: () => prepareCall(actions.decide, { accountId, carrier, minute, decision }),
      onDone: () => showToast(done),
    });
  }

  function choose(chosen: DoubtPolicy) {
    if (chosen === policy) return;
    choice.run(prepareCall(actions.choosePolicy, chosen), () => {
      showToast(chosen === 'HOLD' ? 'From now on they wait for a person' : 'From now on they are sent again');
      return undefined;
    });
  }

  return (
    <Card title="Messages in doubt">
      <div className="grid gap-3 px-4 py-3">
        <p className="text-sm text-ink-soft">
          They were handed over, and the answer was lost: a carrier was silent, or a worker died. A receipt
          settles the doubt by itself.
        </p>
        <IfMay
          may="carriers.manage"
          otherwise={
            <p className="text-sm">
              {policy === 'HOLD'
                ? 'They wait for a person.'
                : 'They are sent again after a minute, and marked.'}
            </p>
          }
        >
          <RadioCards
            legend="What becomes of them"
            name="doubt-policy"
            value={policy}
            onChange={choose}
            options={[
              { value: 'SEND_AGAIN', label: 'Send again after a minute' },
              { value: 'HOLD', label: 'Hold for a person' },
            ]}
            className="sm:grid-cols-2"
          />
        </IfMay>
        <ProblemCallout problem={choice.problem} />
        {again > 0 && (
          <p className="text-sm">{formatNumberOf(again, 'message')} will be sent again within a minute.</p>
        )}
      </div>
      {groups.length === 0 ? (
        <div className="border-t border-line">
          <EmptyState kind="nothing-yet" title="None waits for a person">
            Those that are held stand here until somebody has decided.
          </EmptyState>
        </div>
      ) : (
        <ul aria-label="Messages in doubt" className="divide-y divide-line border-t border-line">
          {groups.map((group) => (
            <li
              key={`${group.accountId} ${group.carrier} ${group.minute}`}
              className="flex flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2.5 text-sm"
            >
              <span className="min-w-0 grow basis-60">
                <span className="font-medium">{formatNumberOf(group.messages, 'message')}</span> of{' '}
                <span className="tabular-nums">W{group.accountId}</span>{' '}
                <span className="wrap-anywhere text-ink-soft">{group.name}</span>
                <span className="block text-xs text-ink-soft">
                  By {group.carrier}, <Time value={group.minute} timeZone={staffTimeZone} />,{' '}
                  {formatNumberOf(group.credits, 'credit')}
                </span>
              </span>
              {mayManage && (
                <span className="flex flex-wrap gap-2 max-sm:w-full max-sm:*:grow">
                  {(Object.keys(decisions) as DoubtDecision[]).map((decision) => (
                    <Button
                      key={decision}
                      size="small"
                      variant={decision === 'GIVE_UP' ? 'danger' : 'secondary'}
                      aria-haspopup="dialog"
                      onClick={() => askAbout(group, decision)}
                    >
                      {decisions[decision].label}
                    </Button>
                  ))}
                </span>
              )}
            </li>
          ))}
        </ul>
      )}
      {dialog}
    </Card>
  );
}
