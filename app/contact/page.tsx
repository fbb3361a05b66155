import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { z } from 'zod';
import { ContactPage } from '@/components/removal-requests/contact-page';
import { findCustomer } from '@/lib/auth/gates';
import { openPage } from '@/lib/auth/make-page';
import { sendContactForm } from '@/lib/removal-requests/actions';
import { describePermission } from '@/lib/removal-requests/consent';

export const metadata: Metadata = { title: 'Request removal' };

const query = z.object({ number: z.string().max(40).catch('') });

export default openPage({ search: query }, async (_, { search: { number } }) => {
  // Whoever is signed in need not say which account, nor wait for an e-mail.
  if (await findCustomer()) {
    redirect(`/removal-requests/new${number && `?number=${encodeURIComponent(number)}`}`);
  }
  return (
    <ContactPage
      send={sendContactForm}
      initialNumber={number}
      permissionText={describePermission('this account', null)}
    />
  );
});
