'use client';

import { Ellipsis } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import { prepareCall, type ActionCall, type ServerAction } from '@/components/actions/call-action';
import { ProblemCallout } from '@/components/actions/problem-callout';
import { useAction } from '@/components/actions/use-action';
import { useMay } from '@/components/permissions/permissions';
import { PageHeader } from '@/components/shell/page-header';
import { Badge } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { Card } from '@/components/ui/card';
import { Dialog } from '@/components/ui/dialog';
import { Menu, MenuItem } from '@/components/ui/menu';
import { RelativeTime } from '@/components/ui/relative-time';
import { showToast } from '@/components/ui/toast';
import { memberRoles } from '@/lib/auth/labels';
import type { ActionResult } from '@/lib/auth/schema';
import type { MemberRow, OpenInvitation } from '@/lib/people/schema';
import { InviteButton, type Invite } from './invite-button';
import { RoleDialog, type ChangeRole } from './role-dialog';

type OfPerson = ServerAction<[input: { userId: number }], ActionResult>;
type OfInvitation = ServerAction<[input: { id: string }], ActionResult>;

interface PeoplePageProps {
  accountId: number;
  accountName: string;
  /** Who looks. */
  userId: number;
  members: readonly MemberRow[];
  /** Shown to those alone who may invite. */
  invitations: readonly OpenInvitation[];
  timeZone: string;
  /** Server actions. */
  actions: {
    invite: Invite;
    sendAgain: OfInvitation;
    withdraw: OfInvitation;
    changeRole: ChangeRole;
    suspend: OfPerson;
    reinstate: OfPerson;
    remove: OfPerson;
    leave: ServerAction<[input: { accountId: number }], ActionResult>;
    handOver: OfPerson;
  };
}

/** What is asked once more before it is done. */
interface Asked {
  title: string;
  text: string;
  button: string;
  call: () => ActionCall<ActionResult>;
  done: string;
}

/** Who works with the account, and whoever was invited. */
export function PeoplePage(props: PeoplePageProps) {
  const { accountId, accountName, userId, members, invitations, timeZone, actions } = props;
  const mayManage = useMay('people.manage');
  const mayOwners = useMay('owners.manage');
  const router = useRouter();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [changing, setChanging] = useState<MemberRow | null>(null);
  const { run, isPending, problem, clear } = useAction({
    undone: 'Nothing was changed.',
    unsure: 'We do not know whether this was done. Reload the page to see.',
  });

  function act(call: ActionCall<ActionResult>, done: string) {
    run(call, () => {
      setAsked(null);
      showToast(done);
      router.refresh();
      return undefined;
    });
  }
  const canChange = (member: MemberRow) => mayManage && (mayOwners || member.role !== 'OWNER');

  return (
    <>
      <PageHeader
        title="People"
        description={`Everyone who works with ${accountName}, and what each may do.`}
        actions={mayManage && <InviteButton invite={actions.invite} mayOwners={mayOwners} />}
      />
      {!asked && <ProblemCallout problem={problem} />}
      <Card title="In the account">
        <ul aria-label="People" className="divide-y divide-line">
          {members.map((member) => (
            <li key={member.userId} className="flex flex-wrap items-start justify-between gap-3 px-4 py-3">
              <div className="min-w-0 grow basis-60 text-sm">
                <p className="flex flex-wrap items-center gap-x-2 gap-y-1 font-medium wrap-anywhere">
                  {member.name}
                  {member.userId === userId && <Badge tone="accent">You</Badge>}
                  {(member.isSuspended || member.isBarred) && <Badge tone="bad">Suspended</Badge>}
                </p>
                <p className="wrap-anywhere text-ink-soft">
                  {member.username}, {member.email}
                </p>
                <p className="text-xs text-ink-faint">
                  {member.userId === userId ? (
                    'Here now'
                  ) : member.lastSeenAt ? (
                    <>
                      Last seen <RelativeTime value={member.lastSeenAt} timeZone={timeZone} />
                    </>
                  ) : (
                    'Not seen yet'
                  )}
                  . Second factor {member.hasFactor ? 'on' : 'off'}.
                </p>
              </div>
              <div className="flex items-center gap-2">
                <Badge>{memberRoles[member.role].label}</Badge>
                {(canChange(member) || member.userId === userId) && (
                  <Menu
                    label={`Change ${member.name}`}
                    align="end"
                    button={<Ellipsis aria-hidden="true" className="size-4" />}
                    buttonClassName="flex size-8 items-center justify-center rounded-md text-ink-soft hover:bg-hover max-sm:size-10"
                  >
                    {canChange(member) && (
                      <MenuItem onSelect={() => setChanging(member)}>Change role</MenuItem>
                    )}
                    {mayOwners && member.userId !== userId && !member.isSuspended && (
                      <MenuItem
                        onSelect={() =>
                          setAsked({
                            title: `Hand the account over to ${member.name}?`,
                            text: 'They become its owner, and you an administrator. Only they can undo it.',
                            button: 'Hand over',
                            call: () => prepareCall(actions.handOver, { userId: member.userId }),
                            done: `${member.name} owns the account now`,
                          })
                        }
                      >
                        Hand the account over
                      </MenuItem>
                    )}
                    {member.isSuspended ? (
                      <MenuItem
                        onSelect={() =>
                          act(
                            prepareCall(actions.reinstate, { userId: member.userId }),
                            `${member.name} can work again`,
                          )
                        }
                      >
                        Reinstate
                      </MenuItem>
                    ) : (
                      member.userId !== userId && (
                        <MenuItem
                          onSelect={() =>
                            setAsked({
                              title: `Suspend ${member.name}?`,
                              text: 'They are signed out of this account at once, and cannot come back until somebody reinstates them.',
                              button: 'Suspend',
                              call: () => prepareCall(actions.suspend, { userId: member.userId }),
                              done: `${member.name} is suspended`,
                            })
                          }
                        >
                          Suspend
                        </MenuItem>
                      )
                    )}
                    <MenuItem
                      onSelect={() =>
                        setAsked({
                          title:
                            member.userId === userId
                              ? `Leave ${accountName}?`
                              : `Remove ${member.name} from the account?`,
                          text:
                            member.userId === userId
                              ? 'You are signed out of it at once, and its owners are told. To come back you must be invited again.'
                              : 'They are signed out of this account at once. What they have done stays in its histories. To come back they must be invited again.',
                          button: member.userId === userId ? 'Leave' : 'Remove',
                          call: () =>
                            member.userId === userId
                              ? prepareCall(actions.leave, { accountId })
                              : prepareCall(actions.remove, { userId: member.userId }),
                          done:
                            member.userId === userId
                              ? `You have left ${accountName}`
                              : `${member.name} is removed`,
                        })
                      }
                    >
                      {member.userId === userId ? 'Leave the account' : 'Remove'}
                    </MenuItem>
                  </Menu>
                )}
              </div>
            </li>
          ))}
        </ul>
      </Card>
      {mayManage && invitations.length > 0 && (
        <Card title="Invited" className="mt-4">
          <ul aria-label="Invitations" className="divide-y divide-line">
            {invitations.map((invitation) => (
              <li
                key={invitation.id}
                className="flex flex-wrap items-start justify-between gap-3 px-4 py-3 text-sm"
              >
                <div className="min-w-0 grow basis-60">
                  <p className="font-medium wrap-anywhere">{invitation.email}</p>
                  <p className="text-xs text-ink-faint">
                    As {memberRoles[invitation.role].label.toLowerCase()}, sent{' '}
                    <RelativeTime value={invitation.sentAt} timeZone={timeZone} />.{' '}
                    {invitation.isExpired ? 'The link has expired.' : 'The link works for seven days.'}
                  </p>
                </div>
                {(mayOwners || invitation.role !== 'OWNER') && (
                  <div className="flex gap-2">
                    <Button
                      size="small"
                      aria-label={`Send the invitation to ${invitation.email} again`}
                      pending={isPending}
                      onClick={() =>
                        act(
                          prepareCall(actions.sendAgain, { id: invitation.id }),
                          `The invitation was sent to ${invitation.email} again`,
                        )
                      }
                    >
                      Send again
                    </Button>
                    <Button
                      size="small"
                      aria-label={`Withdraw the invitation to ${invitation.email}`}
                      pending={isPending}
                      onClick={() =>
                        act(
                          prepareCall(actions.withdraw, { id: invitation.id }),
                          `The invitation to ${invitation.email} was withdrawn`,
                        )
                      }
                    >
                      Withdraw
                    </Button>
                  </div>
                )}
              </li>
            ))}
          </ul>
        </Card>
      )}
      <RoleDialog
        member={changing}
        mayOwners={mayOwners}
        changeRole={actions.changeRole}
        onClose={() => setChanging(null)}
      />
      <Dialog
        open={asked !== null}
        onClose={() => {
          setAsked(null);
          clear();
        }}
        title={asked?.title ?? ''}
      >
        <div className="grid gap-4 px-5 pt-1 pb-5">
          <p className="text-sm text-ink-soft">{asked?.text}</p>
          <ProblemCallout problem={problem} />
          <div className="flex flex-wrap justify-end gap-2">
            <Button
              onClick={() => {
                setAsked(null);
                clear();
              }}
            >
              Cancel
            </Button>
            <Button
              variant="danger"
              pending={isPending}
              onClick={() => asked && act(asked.call(), asked.done)}
            >
              {asked?.button}
            </Button>
          </div>
        </div>
      </Dialog>
    </>
  );
}
