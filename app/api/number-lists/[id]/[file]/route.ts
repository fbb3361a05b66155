import { z } from 'zod';
import { composeFileName } from '@/lib/auth/account-number';
import { recordAct } from '@/lib/auth/activity';
import { customerRoute } from '@/lib/auth/make-route';
import { getPool } from '@/lib/db/client';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { fileRoute } from '@/lib/lists/download-format';
import { respondFile } from '@/lib/lists/file-download';
import { idSchema } from '@/lib/db/ids';
import { composeListFile, readNumberList, readOtherAccounts } from '@/lib/number-lists/queries';
import { listFiles, type ListFile } from '@/lib/number-lists/schema';

const sheetNames: Record<ListFile, string> = {
  report: 'Report',
  clean: 'Clear',
  marketing: 'Marketing',
  blocked: 'Blocked',
};

/**
 * A file of a number list: its report; of a check, the numbers that are clear, those of them that may get
 * marketing, and those that are blocked.
 * ?format=, ?separator= and ?text= as `downloadFormatSchema` has them.
 */
export const GET = customerRoute(
  {
    params: z.object({ id: idSchema, file: z.enum(listFiles) }),
    ...fileRoute,
    doing: 'Making a file of a number list',
    missing: 'There is no such list. Lists are removed after 30 days.',
  },
  async (
    { scope, account: { id: accountId, timeZone } },
    { request, params: { id, file }, query: format, withPlace },
  ) => {
    const list = await readNumberList(getPool(), scope, id);
    if (!list || (list.purpose !== 'CHECK' && file !== 'report')) return null;
    const others = await readOtherAccounts(getPool(), scope);
    const query = composeListFile(scope, list, file, timeZone, others);
    const what = `${list.purpose.toLowerCase()}-${list.id}-${file}`;
    const name = composeFileName(accountId, what, timeZone);
    return withPlace('download', async () => {
      const address = readVisitorAddress(request.headers.get('x-forwarded-for'));
      await recordAct(getPool(), scope, 'file.download', { file: name }, address);
      return respondFile(query, format, { name, sheet: sheetNames[file] });
    });
  },
);
