import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { RequestPage } from '@/components/removal-requests/request-page';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { readRegistryRecords } from '@/lib/registry/queries';
import { cancelRemovalRequest } from '@/lib/removal-requests/actions';
import { readRequest } from '@/lib/removal-requests/queries';

export const metadata: Metadata = { title: 'Removal request' };

export default customerPage(
  { params: z.object({ id: z.string() }) },
  async ({ scope, account }, { params }) => {
    const request = await readRequest(getPool(), scope, params.id);
    if (!request) notFound();
    const registry = await readRegistryRecords(getPool(), scope, request.msisdn);
    return (
      <RequestPage
        request={request}
        isOnRegistry={registry.some(({ liftedAt }) => liftedAt === null)}
        timeZone={account.timeZone}
        cancel={cancelRemovalRequest}
      />
    );
  },
);
