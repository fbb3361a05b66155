import { composeFileName } from '@/lib/auth/account-number';
import { recordAct } from '@/lib/auth/activity';
import { customerRoute } from '@/lib/auth/make-route';
import { composeConsentsFile } from '@/lib/consents/queries';
import { getPool } from '@/lib/db/client';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { fileRoute } from '@/lib/lists/download-format';
import { respondFile } from '@/lib/lists/file-download';

/**
 * The file of the account's consents in force; ?format=, ?separator= and ?text= as `downloadFormatSchema` has
 * them.
 */
export const GET = customerRoute(
  { ...fileRoute, doing: 'Making a file of consents' },
  ({ scope, account: { id: accountId, timeZone } }, { request, query: format, withPlace }) => {
    const name = composeFileName(accountId, 'consents', timeZone);
    return withPlace('download', async () => {
      const address = readVisitorAddress(request.headers.get('x-forwarded-for'));
      await recordAct(getPool(), scope, 'file.download', { file: name }, address);
      return respondFile(composeConsentsFile(scope, timeZone), format, { name, sheet: 'Consents' });
    });
  },
);
