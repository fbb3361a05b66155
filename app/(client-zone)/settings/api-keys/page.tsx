import type { Metadata } from 'next';
import { ApiKeysPage } from '@/components/api-keys/api-keys-page';
import { chooseSender, makeKey, revokeKey, rotateKey } from '@/lib/api-keys/actions';
import { listApiKeys, listOwnSenders } from '@/lib/api-keys/queries';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';

export const metadata: Metadata = { title: 'API keys' };

export default customerPage({ may: 'settings.change' }, async ({ scope, account }) => (
  <ApiKeysPage
    keys={await listApiKeys(getPool(), scope, new Date())}
    senders={await listOwnSenders(getPool(), scope)}
    timeZone={account.timeZone}
    make={makeKey}
    rotate={rotateKey}
    chooseSender={chooseSender}
    revoke={revokeKey}
  />
));
