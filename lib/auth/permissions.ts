import type { MemberRole, StaffRole } from '@/lib/db/generated/enums';

const everybody = ['OWNER', 'ADMINISTRATOR', 'SENDER', 'VIEWER'] as const;
const senders = ['OWNER', 'ADMINISTRATOR', 'SENDER'] as const;
const administrators = ['OWNER', 'ADMINISTRATOR'] as const;

/**
 * Which role in an account may do what: the one table that actions, routes and pages ask. What a viewer may
 * do, changes nothing: it is done with an `AccountReadScope`, which no command takes.
 */
export const permissions = {
  /** Its pages, its files, and what is computed from them. */
  'account.read': everybody,
  'messages.send': senders,
  /** By hand or by a file, and what one added so may be taken out again. */
  'opt-outs.change': senders,
  /** A file of numbers, to import or to check. */
  'lists.upload': senders,
  'replies.decide': senders,
  'removal-requests.make': senders,
  /** Marking them as read, for everybody in the account. */
  'notices.read': senders,
  'settings.change': administrators,
  /** Moving them, opening sub-accounts, and when to be warned. */
  'credits.manage': administrators,
  /** Inviting, roles, suspending, removing. Of owners: only by owners. */
  'people.manage': administrators,
  'activity.read': administrators,
  /** Making others owners, and owners something else. */
  'owners.manage': ['OWNER'],
} as const satisfies Record<string, readonly MemberRole[]>;

export type CustomerPermission = keyof typeof permissions;
/** What changes nothing. */
export type ReadingPermission = {
  [May in CustomerPermission]: 'VIEWER' extends (typeof permissions)[May][number] ? May : never;
}[CustomerPermission];

const allStaff = ['ADMINISTRATOR', 'SUPPORT'] as const;
const staffAdministrators = ['ADMINISTRATOR'] as const;

/** The same for the provider's staff. Support looks, and changes nothing. */
export const staffPermissions = {
  'staff.read': allStaff,
  'accounts.manage': staffAdministrators,
  /** Of an account, on its behalf or against a mistake. */
  'opt-outs.correct': staffAdministrators,
  'removal-requests.decide': staffAdministrators,
  'replies.assign': staffAdministrators,
  'keywords.change': staffAdministrators,
  'settings.change': staffAdministrators,
  /** Answers of the national opt-out registry. */
  'registry.change': staffAdministrators,
  'emails.send-again': staffAdministrators,
  /** Carriers, their routes, and what becomes of messages in doubt. */
  'carriers.manage': staffAdministrators,
  /** Erasing what there is of a person, and legal holds, which forbid it. */
  'people.erase': staffAdministrators,
  /** Suspending the users of accounts, and taking away a second factor that they have lost. */
  'people.manage': staffAdministrators,
  /** Who is of the staff, and as what. */
  'staff.manage': staffAdministrators,
} as const satisfies Record<string, readonly StaffRole[]>;

export type StaffPermission = keyof typeof staffPermissions;
/** What changes nothing. */
export type StaffReadingPermission = {
  [May in StaffPermission]: 'SUPPORT' extends (typeof staffPermissions)[May][number] ? May : never;
}[StaffPermission];

/** Whether a role in an account may do something. */
export function mayDo(role: MemberRole, may: CustomerPermission): boolean {
  const roles: readonly MemberRole[] = permissions[may];
  return roles.includes(role);
}

/** Whether a member of staff of this role may do something. */
export function mayDoAsStaff(role: StaffRole, may: StaffPermission): boolean {
  const roles: readonly StaffRole[] = staffPermissions[may];
  return roles.includes(role);
}

/** All that a role may do, for what a page shows. */
export function listPermissions(role: MemberRole): CustomerPermission[] {
  return (Object.keys(permissions) as CustomerPermission[]).filter((may) => mayDo(role, may));
}

/** The same for staff. */
export function listStaffPermissions(role: StaffRole): StaffPermission[] {
  return (Object.keys(staffPermissions) as StaffPermission[]).filter((may) => mayDoAsStaff(role, may));
}
