import type { Metadata } from 'next';
import { RemovalRequestPage } from '@/components/opt-outs/removal-request-page';
import { formatAccountNumber } from '@/lib/accounts/account-number';
import { requireCustomer } from '@/lib/auth/gates';
import type { SearchParams } from '@/lib/http/list-search';
import { parseMsisdn } from '@/lib/sms/msisdn';

export const metadata: Metadata = { title: 'Request removal' };

export default async function Page({ searchParams }: { searchParams: SearchParams }) {
  const { account } = await requireCustomer();
  const { number } = await searchParams;
  const parsed = parseMsisdn(typeof number === 'string' ? number : '');
  return (
    <RemovalRequestPage
      accountNumber={formatAccountNumber(account.id)}
      msisdn={parsed.ok ? parsed.msisdn : null}
    />
  );
}
