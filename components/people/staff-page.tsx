'use client';

import { Ellipsis } from 'lucide-react';
import { prepareCall, type ServerAction } from '@/components/actions/call-action';
import type { Prompt } from '@/components/actions/prompt-dialog';
import { usePrompt } from '@/components/actions/use-prompt';
import { IfMay } from '@/components/permissions/permissions';
import { PageHeader } from '@/components/shell/page-header';
import { Badge } from '@/components/ui/badge';
import { Card } from '@/components/ui/card';
import { Menu, MenuItem } from '@/components/ui/menu';
import { RelativeTime } from '@/components/ui/relative-time';
import { showToast } from '@/components/ui/toast';
import { staffRoles } from '@/lib/auth/labels';
import { staffTimeZone } from '@/lib/lists/schema';
import type { StaffChange, StaffRow } from '@/lib/people/schema';
import { AddStaffButton, type AddStaff } from './add-staff-button';

interface StaffPageProps {
  /** Who looks. */
  userId: number;
  staff: readonly StaffRow[];
  /** Server actions. */
  actions: {
    add: AddStaff;
    change: ServerAction<[input: { userId: number; change: StaffChange }]>;
    resetFactor: ServerAction<[input: { userId: number; reason: string }]>;
  };
}

/** Who is of the provider's staff, and what each may do. */
export function StaffPage({ userId, staff, actions }: StaffPageProps) {
  const prompt = usePrompt();
  return (
    <>
      <PageHeader
        title="Staff"
        description="Who of the provider works in the admin view, and what each may do. Every change is in the audit log."
        actions={
          <IfMay may="staff.manage">
            <AddStaffButton add={actions.add} />
          </IfMay>
        }
      />
      <Card title="Of the staff">
        <ul aria-label="Staff" className="divide-y divide-line">
          {staff.map((member) => (
            <li key={member.userId} className="flex flex-wrap items-start justify-between gap-3 px-4 py-3">
              <div className="min-w-0 grow basis-60 text-sm">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium wrap-anywhere">
                  {member.name}
                  {member.userId === userId && <Badge tone="accent">You</Badge>}
                  {member.isSuspended && <Badge tone="bad">Suspended</Badge>}
                </p>
                <p className="wrap-anywhere text-ink-soft">
                  {member.username}, {member.email}
                </p>
                <p className="text-xs text-ink-faint">
                  {member.lastSignInAt ? (
                    <>
                      Signed in <RelativeTime value={member.lastSignInAt} timeZone={staffTimeZone} />
                    </>
                  ) : (
                    'Has not signed in yet'
                  )}
                  . Second factor {member.hasFactor ? 'on' : 'off'}.
                </p>
              </div>
              <div className="flex items-center gap-2">
                <Badge>{staffRoles[member.role].label}</Badge>
                <IfMay may="staff.manage">
                  <Menu
                    label={`Change ${member.name}`}
                    align="end"
                    button={<Ellipsis aria-hidden="true" className="size-4" />}
                    buttonClassName="flex size-8 items-center justify-center rounded-md text-ink-soft hover:bg-hover max-sm:size-10"
                  >
                    {listChanges(member, member.userId === userId, actions).map(({ item, ...asked }) => (
                      <MenuItem key={item} onSelect={() => prompt.ask(asked)}>
                        {item}
                      </MenuItem>
                    ))}
                  </Menu>
                </IfMay>
              </div>
            </li>
          ))}
        </ul>
      </Card>
      {prompt.dialog}
    </>
  );
}

const words = {
  undone: 'Nothing was changed.',
  unsure: 'We do not know whether this was done. Try again: that does no harm.',
};

/** What can be done with somebody, each with what is asked before. */
function listChanges(
  { userId, name, role, isSuspended, hasFactor, lastSignInAt }: StaffRow,
  isSelf: boolean,
  actions: StaffPageProps['actions'],
): (Prompt & { item: string })[] {
  const other = role === 'ADMINISTRATOR' ? 'SUPPORT' : 'ADMINISTRATOR';
  const label = staffRoles[other].label.toLowerCase();
  const ask = (
    item: string,
    title: string,
    says: string,
    change: StaffChange,
    done: string,
    more: Partial<Prompt> = {},
  ): Prompt & { item: string } => ({
    item,
    title,
    children: <p>{says}</p>,
    submitLabel: item,
    words,
    command: () => prepareCall(actions.change, { userId, change }),
    onDone: () => showToast(done),
    ...more,
  });
  const danger = { variant: 'danger' } as const;
  return [
    ask(
      `Make ${label}`,
      `Make ${name} ${label}?`,
      `${staffRoles[other].says} It counts at their next click, and they are told by e-mail.`,
      other === 'SUPPORT' ? 'make-support' : 'make-administrator',
      `${name} is ${label} now`,
    ),
    ...(lastSignInAt === null && !isSuspended
      ? [
          ask(
            'Send the link again',
            `Send ${name} another link?`,
            'They get an e-mail with a link to choose a password, which works for 30 minutes. The one before no longer works.',
            'send-link',
            `A link is on its way to ${name}`,
          ),
        ]
      : []),
    ...(hasFactor && !isSelf
      ? [
          {
            ...danger,
            item: 'Take away second factor',
            title: `Take away the second factor of ${name}?`,
            children: (
              <p>
                Make sure by phone that it is them. Their authenticator app, passkeys and recovery codes no
                longer work, and they are signed out everywhere.
              </p>
            ),
            reason: { label: 'Reason', hint: 'How you made sure who it is. It stays in the audit log.' },
            submitLabel: 'Take it away',
            words,
            command: ({ reason }: { reason: string }) => prepareCall(actions.resetFactor, { userId, reason }),
            onDone: () => showToast(`${name} can sign in with the password alone`),
          },
        ]
      : []),
    ...(isSuspended
      ? [
          ask(
            'Reinstate',
            `Let ${name} sign in again?`,
            'They are what they were before, and are told by e-mail.',
            'reinstate',
            `${name} can sign in again`,
          ),
        ]
      : isSelf
        ? []
        : [
            ask(
              'Suspend',
              `Suspend ${name}?`,
              'They are signed out at once, and cannot sign in until somebody reinstates them.',
              'suspend',
              `${name} is suspended`,
              danger,
            ),
          ]),
    ...(isSelf
      ? []
      : [
          ask(
            'Remove',
            `Remove ${name} from the staff?`,
            'They are signed out at once and for good. The audit log goes on naming them; their username and address are free again. To come back they must be added again.',
            'remove',
            `${name} is removed`,
            danger,
          ),
        ]),
  ];
}
