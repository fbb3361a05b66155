import { Field, Select } from '@/components/ui/field';
import { memberRoles } from '@/lib/auth/labels';
import type { MemberRow } from '@/lib/people/schema';

type Role = MemberRow['role'];

/** A choice among the roles, with what the chosen one may do. */
export function RoleChoice({
  value,
  onChange,
  mayOwners,
}: {
  value: Role;
  onChange: (role: Role) => void;
  mayOwners: boolean;
}) {
  const roles = (Object.keys(memberRoles) as Role[]).filter((role) => mayOwners || role !== 'OWNER');
  return (
    <Field label="Role" hint={memberRoles[value].says}>
      {(control) => (
        <Select
          {...control}
          name="role"
          value={value}
          onChange={(event) => onChange(event.target.value as Role)}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {memberRoles[role].label}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
