import type { Metadata } from 'next';
import { RegistryPage } from '@/components/registry/registry-page';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { staffTimeZone } from '@/lib/lists/schema';
import { readCalendar } from '@/lib/messages/lawful-hours';
import { lookUpOnRegistry } from '@/lib/registry/staff-actions';
import { shownImports } from '@/lib/registry/schema';
import { listRegistryImports, readRegistrySize } from '@/lib/registry/staff-queries';

export const metadata: Metadata = { title: 'Registry' };

export default staffPage({}, async ({ scope }) => {
  const [size, imports] = await Promise.all([
    readRegistrySize(getPool(), scope),
    listRegistryImports(getPool(), scope),
  ]);
  return (
    <RegistryPage
      size={size}
      imports={imports}
      most={shownImports}
      today={readCalendar(new Date()).date}
      timeZone={staffTimeZone}
      lookUp={lookUpOnRegistry}
    />
  );
});
