import { composeFileName, formatAccountNumber } from '@/lib/auth/account-number';
import { recordAct } from '@/lib/auth/activity';
import { customerRoute } from '@/lib/auth/make-route';
import { getPool } from '@/lib/db/client';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { fileRoute } from '@/lib/lists/download-format';
import { respondFile } from '@/lib/lists/file-download';
import { readCalendar } from '@/lib/messages/lawful-hours';
import { composeCleansingFile } from '@/lib/registry/cleansing-queries';
import { listRegistrations } from '@/lib/registry/marketer-queries';

/** Of the account's own lists: more are not kept. */
const mostLists = 50;

/**
 * The file of what an account has to cleanse. ?list= once for each checked list that is to be in it;
 * ?format=, ?separator= and ?text= as `downloadFormatSchema` has them. ?columns= describes columns of one's
 * own, ?headings=0 leaves the line of headings out of a CSV with them.
 */
export const GET = customerRoute(
  { ...fileRoute, doing: 'Making a file of what is to be cleansed' },
  async ({ scope, account: { id: accountId, timeZone } }, { request, query: format, search, withPlace }) => {
    const lists = [search.list ?? []]
      .flat()
      .filter((id) => /^\d{1,18}$/.test(id))
      .slice(0, mostLists);
    const [columns] = [search.columns ?? []].flat();
    const described = columns !== undefined && {
      columns,
      hasHeadings: search.headings !== '0',
      facts: {
        date: readCalendar(new Date()).date,
        account: formatAccountNumber(accountId),
        registration: (await listRegistrations(getPool(), scope))[0]?.number ?? null,
      },
    };
    // Before a place is taken, and where one is only asked for: what cannot be read is told.
    const file = composeCleansingFile(scope, lists, timeZone, described || undefined);
    const name = composeFileName(accountId, 'to-cleanse', timeZone);
    return withPlace('download', async () => {
      const address = readVisitorAddress(request.headers.get('x-forwarded-for'));
      await recordAct(getPool(), scope, 'file.download', { file: name }, address);
      return respondFile(file, format, { name, sheet: 'Numbers' });
    });
  },
);
