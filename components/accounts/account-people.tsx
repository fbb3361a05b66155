'use client';

import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import { usePrompt } from '@/components/actions/use-prompt';
import { IfMay } from '@/components/permissions/permissions';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { RelativeTime } from '@/components/ui/relative-time';
import { showToast } from '@/components/ui/toast';
import { memberRoles } from '@/lib/auth/labels';
import { staffTimeZone } from '@/lib/lists/schema';
import type { MemberRow } from '@/lib/people/schema';

interface AccountPeopleProps {
  accountId: number;
  members: readonly MemberRow[];
  resetFactor: ServerAction<[{ accountId: number; userId: number; reason: string }]>;
}

/** Who works with an account, for staff; and what they do for somebody who has lost their phone. */
export function AccountPeople({ accountId, members, resetFactor }: AccountPeopleProps) {
  const prompt = usePrompt();

  function ask({ userId, name }: MemberRow) {
    prompt.ask({
      title: `Take away the second factor of ${name}?`,
      children: (
        <p>
          Make sure by phone that it is them. Their authenticator app, passkeys and recovery codes no longer
          work, and they are signed out everywhere. They and the owners of the account are told by e-mail.
        </p>
      ),
      reason: { label: 'Reason', hint: 'How you made sure who it is. It stays in the audit log.' },
      submitLabel: 'Take it away',
      variant: 'danger',
      words: {
        undone: `${name} has the second factor still.`,
        unsure: `We do not know whether it was taken away. Try again: that does no harm.`,
      },
      command: ({ reason }) => prepareCall(resetFactor, { accountId, userId, reason }),
      onDone: () => showToast(`${name} can sign in with the password alone.`),
    });
  }

  return (
    <Card title="People" className="mt-4">
      <ul aria-label="People" className="divide-y divide-line">
        {members.map((member) => (
          <li
            key={member.userId}
            className="flex flex-wrap items-start justify-between gap-3 px-4 py-2.5 text-sm"
          >
            <div className="min-w-0 grow basis-60">
              <p className="flex flex-wrap items-center gap-2 font-medium wrap-anywhere">
                {member.name} <Badge>{memberRoles[member.role].label}</Badge>
                {(member.isSuspended || member.isBarred) && <Badge tone="bad">Suspended</Badge>}
              </p>
              <p className="text-xs wrap-anywhere text-ink-soft">
                {member.username}, {member.email}. Second factor {member.hasFactor ? 'on' : 'off'}.{' '}
                {member.lastSeenAt && (
                  <>
                    Last seen <RelativeTime value={member.lastSeenAt} timeZone={staffTimeZone} />.
                  </>
                )}
              </p>
            </div>
            {member.hasFactor && (
              <IfMay may="people.manage">
                <Button
                  size="small"
                  aria-label={`Take away the second factor of ${member.name}`}
                  onClick={() => ask(member)}
                >
                  Take away second factor
                </Button>
              </IfMay>
            )}
          </li>
        ))}
      </ul>
      {prompt.dialog}
    </Card>
  );
}
