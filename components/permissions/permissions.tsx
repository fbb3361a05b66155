'use client';

import { createContext, use, type ReactNode } from 'react';
import type { Permission } from '@/lib/auth/schema';

/** Nothing, where nobody says otherwise: what one may not do is not shown. */
const PermissionsContext = createContext<readonly Permission[]>([]);

/**
 * Around all pages of somebody: what their role lets them do. Only what is shown depends on it; the server
 * asks again.
 */
export function PermissionsProvider({
  permissions,
  children,
}: {
  permissions: readonly Permission[];
  children: ReactNode;
}) {
  return <PermissionsContext value={permissions}>{children}</PermissionsContext>;
}

/** All that whoever looks may do. */
export function usePermissions(): readonly Permission[] {
  return use(PermissionsContext);
}

/** Whether whoever looks may do something. */
export function useMay(may: Permission): boolean {
  return usePermissions().includes(may);
}

/** Shows what is only for whoever may do something. */
export function IfMay({
  may,
  children,
  otherwise = null,
}: {
  may: Permission;
  children: ReactNode;
  otherwise?: ReactNode;
}) {
  return useMay(may) ? children : otherwise;
}
