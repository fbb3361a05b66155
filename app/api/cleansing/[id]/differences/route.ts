import { z } from 'zod';
import { composeFileName } from '@/lib/auth/account-number';
import { recordAct } from '@/lib/auth/activity';
import { customerRoute } from '@/lib/auth/make-route';
import { getPool } from '@/lib/db/client';
import { idSchema } from '@/lib/db/ids';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { fileRoute } from '@/lib/lists/download-format';
import { respondFile } from '@/lib/lists/file-download';
import { composeDifferencesFile, findOwnAnswer } from '@/lib/registry/cleansing-queries';

/**
 * The file of who came with an answer of the account and who left. ?format=, ?separator= and ?text= as
 * `downloadFormatSchema` has them.
 */
export const GET = customerRoute(
  {
    params: z.object({ id: idSchema }),
    ...fileRoute,
    doing: 'Making a file of an answer of the registry',
    missing: 'There is no such answer.',
  },
  async (
    { scope, account: { id: accountId, timeZone } },
    { request, params: { id }, query: format, withPlace },
  ) => {
    const answer = await findOwnAnswer(getPool(), scope, id);
    if (!answer) return null;
    const name = composeFileName(accountId, `cleansing-${id}-differences`, timeZone);
    return withPlace('download', async () => {
      const address = readVisitorAddress(request.headers.get('x-forwarded-for'));
      await recordAct(getPool(), scope, 'file.download', { file: name }, address);
      return respondFile(composeDifferencesFile(scope, answer, timeZone), format, {
        name,
        sheet: 'Differences',
      });
    });
  },
);
