import type { Metadata } from 'next';
import { OwnDetailsPage } from '@/components/people/own-details-page';
import { customerPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import {
  changeOwnEmail,
  changeOwnNumber,
  changeOwnPassword,
  confirmOwnNumber,
} from '@/lib/people/own-actions';
import { readOwnDetails } from '@/lib/people/own-details';

export const metadata: Metadata = { title: 'Your details' };

export default customerPage({}, async ({ user }) => (
  <OwnDetailsPage
    details={await readOwnDetails(getPool(), user.id)}
    changePassword={changeOwnPassword}
    changeEmail={changeOwnEmail}
    changeNumber={changeOwnNumber}
    confirmNumber={confirmOwnNumber}
  />
));
