import { customerRoute } from '@/lib/auth/make-route';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { readCalendar } from '@/lib/messages/lawful-hours';
import { receiveFile } from '@/lib/number-lists/receive-file';
import { getUploadPool } from '@/lib/number-lists/upload-pool';
import { storeOwnAnswer } from '@/lib/registry/commands';
import { ownAnswerParameters } from '@/lib/registry/upload';

/**
 * Takes the registry's answer to what an account had cleansed, as it is: the file is the body; of which day
 * it is and how it is to be read stands in the query. It changes nothing until somebody puts it in force.
 */
export const POST = customerRoute(
  {
    may: 'lists.upload',
    query: ownAnswerParameters,
    doing: 'Keeping a cleansing',
    invalid: 'This file cannot be taken',
    failed: 'The file could not be taken',
  },
  ({ scope }, { request, query: answer, holder }) =>
    receiveFile(request, holder, (body) => {
      const address = readVisitorAddress(request.headers.get('x-forwarded-for'));
      const today = readCalendar(new Date()).date;
      return storeOwnAnswer(getUploadPool(), scope, answer, body, today, address);
    }),
);
