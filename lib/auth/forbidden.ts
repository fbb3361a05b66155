import type { MemberRole, StaffRole } from '@/lib/db/generated/enums';
import { AppError } from '@/lib/http/app-error';
import { memberRoles, staffRoles } from './labels';

/** Somebody's role does not allow what they asked for; says so to them. */
export class ForbiddenError extends AppError {
  constructor(role: { inAccount: MemberRole } | { ofStaff: StaffRole }) {
    super('forbidden', 'The role does not allow it', {
      userMessage:
        'inAccount' in role
          ? `Your role in this account, ${memberRoles[role.inAccount].label.toLowerCase()}, does not allow this. Ask an owner or administrator of the account.`
          : `Your role, ${staffRoles[role.ofStaff].label.toLowerCase()}, does not allow this. Ask an administrator.`,
    });
  }
}
