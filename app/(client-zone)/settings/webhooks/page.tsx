import type { Metadata } from 'next';
import { WebhooksPage } from '@/components/webhooks/webhooks-page';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import {
  addWebhook,
  changeWebhook,
  pauseWebhook,
  removeWebhook,
  resumeWebhook,
  rotateWebhook,
} from '@/lib/webhooks/actions';
import { listWebhooks } from '@/lib/webhooks/queries';

export const metadata: Metadata = { title: 'Webhooks' };

export default customerPage({ may: 'settings.change' }, async ({ scope, account }) => (
  <WebhooksPage
    webhooks={await listWebhooks(getPool(), scope, new Date())}
    timeZone={account.timeZone}
    add={addWebhook}
    change={changeWebhook}
    rotate={rotateWebhook}
    pause={pauseWebhook}
    resume={resumeWebhook}
    remove={removeWebhook}
  />
));
