import { staffRoute } from '@/lib/auth/make-route';
import { getPool } from '@/lib/db/client';
import { respondProblem } from '@/lib/http/problem';
import { composeFileHeaders, streamToWeb } from '@/lib/lists/file-download';
import { recordLook } from '@/lib/privacy/commands';
import { readPerson, writePersonXlsx } from '@/lib/privacy/queries';
import { parseMsisdn } from '@/lib/sms/msisdn';

/**
 * All there is of a number, as a workbook. The number comes in the body of a form: an address would be kept
 * in the logs of proxies. The file is named by the number's mark.
 */
export const POST = staffRoute(
  { doing: 'Exporting what there is of a number', failed: 'The file could not be made' },
  ({ scope }, { request, withPlace }) =>
    withPlace('evidence', async () => {
      const written = (await request.formData()).get('number');
      const number = parseMsisdn(typeof written === 'string' ? written.slice(0, 40) : '');
      if (!number.ok) return respondProblem(400, 'The file could not be made', number.message);
      const person = await readPerson(getPool(), scope, number.msisdn);
      await recordLook(getPool(), scope, person, 'person.export');
      const headers = composeFileHeaders(`person-${person.mark}`, 'xlsx');
      return new Response(streamToWeb(writePersonXlsx(getPool(), person)), { headers });
    }),
);
