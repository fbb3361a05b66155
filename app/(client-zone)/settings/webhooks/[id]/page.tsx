import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { z } from 'zod';
import { WebhookPage } from '@/components/webhooks/webhook-page';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { resendDelivery, testWebhook } from '@/lib/webhooks/actions';
import { listDeliveries, readWebhook } from '@/lib/webhooks/queries';

export const metadata: Metadata = { title: 'Deliveries' };

const id = z.string().regex(/^\d{1,9}$/);

export default customerPage(
  {
    may: 'settings.change',
    params: z.object({ id: id.transform(Number) }),
    search: z.object({
      before: z
        .string()
        .regex(/^\d{1,18}$/)
        .nullable()
        .catch(null)
        .default(null),
    }),
  },
  async ({ scope, account }, { params, search }) => {
    const webhook = await readWebhook(getPool(), scope, params.id, new Date());
    if (!webhook) notFound();
    const { rows, older } = await listDeliveries(getPool(), scope, params.id, search.before);
    return (
      <WebhookPage
        webhook={webhook}
        deliveries={rows}
        older={older}
        isFirst={search.before === null}
        timeZone={account.timeZone}
        test={testWebhook}
        resend={resendDelivery}
      />
    );
  },
);
