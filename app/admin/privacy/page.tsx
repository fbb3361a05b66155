import type { Metadata } from 'next';
import { Holds } from '@/components/privacy/holds';
import { PersonSearch } from '@/components/privacy/person-search';
import { PageHeader } from '@/components/shell/page-header';
import { staffPage } from '@/lib/auth/make-page';
import { getPool } from '@/lib/db/client';
import { readCalendar } from '@/lib/messages/lawful-hours';
import { erasePerson, findPerson, liftHold, setHold } from '@/lib/privacy/actions';
import { listHolds } from '@/lib/privacy/queries';

export const metadata: Metadata = { title: 'Privacy' };

export default staffPage({}, async ({ scope }) => (
  <>
    <PageHeader
      title="Privacy"
      description="What there is of one person, and what may not be erased. How long texts are kept is under Settings."
    />
    <div className="grid max-w-3xl gap-4">
      <PersonSearch today={readCalendar(new Date()).date} find={findPerson} erase={erasePerson} />
      <Holds holds={await listHolds(getPool(), scope)} set={setHold} lift={liftHold} />
    </div>
  </>
));
