import type { MemberRole, StaffRole } from '@/lib/db/generated/enums';

/** The words for the roles in an account, and what each may do, as people choose among them. */
export const memberRoles: Record<MemberRole, { label: string; says: string }> = {
  OWNER: { label: 'Owner', says: 'Everything, and decides who else is an owner.' },
  ADMINISTRATOR: { label: 'Administrator', says: 'Everything but deciding who is an owner.' },
  SENDER: {
    label: 'Sender',
    says: 'Sends messages and works with opt-outs and replies. No settings, no people.',
  },
  VIEWER: { label: 'Viewer', says: 'Looks at everything and downloads it. Changes nothing.' },
};

/** The words for the roles of staff. */
export const staffRoles: Record<StaffRole, { label: string; says: string }> = {
  ADMINISTRATOR: { label: 'Administrator', says: 'Looks at everything, decides and changes.' },
  SUPPORT: { label: 'Support', says: 'Looks at everything. Changes nothing.' },
};
