import { composeFileName } from '@/lib/auth/account-number';
import { recordAct } from '@/lib/auth/activity';
import { customerRoute } from '@/lib/auth/make-route';
import { getPool } from '@/lib/db/client';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { fileRoute } from '@/lib/lists/download-format';
import { respondFile } from '@/lib/lists/file-download';
import { composeCleansingFile } from '@/lib/registry/cleansing-queries';

/** Of the account's own lists: more are not kept. */
const mostLists = 50;

/**
 * The file of what an account has to cleanse. ?list= once for each checked list that is to be in it;
 * ?format=, ?separator= and ?text= as `downloadFormatSchema` has them.
 */
export const GET = customerRoute(
  { ...fileRoute, doing: 'Making a file of what is to be cleansed' },
  ({ scope, account: { id: accountId, timeZone } }, { request, query: format, search, withPlace }) => {
    const lists = [search.list ?? []]
      .flat()
      .filter((id) => /^\d{1,18}$/.test(id))
      .slice(0, mostLists);
    const name = composeFileName(accountId, 'to-cleanse', timeZone);
    return withPlace('download', async () => {
      const address = readVisitorAddress(request.headers.get('x-forwarded-for'));
      await recordAct(getPool(), scope, 'file.download', { file: name }, address);
      return respondFile(composeCleansingFile(scope, lists, timeZone), format, { name, sheet: 'Numbers' });
    });
  },
);
