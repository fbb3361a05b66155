import { staffRoute } from '@/lib/auth/make-route';
import { readCalendar } from '@/lib/messages/lawful-hours';
import { receiveFile } from '@/lib/number-lists/receive-file';
import { getUploadPool } from '@/lib/number-lists/upload-pool';
import { storeAnswer } from '@/lib/registry/commands';
import { answerParameters } from '@/lib/registry/upload';

/**
 * Takes an answer file of the national opt-out registry, as it is: the file is the body; of which day it is
 * and how it is to be read stands in the query. It changes nothing until somebody puts it in force.
 */
export const POST = staffRoute(
  {
    may: 'registry.change',
    query: answerParameters,
    doing: 'Keeping an answer of the registry',
    invalid: 'This file cannot be taken',
    failed: 'The file could not be taken',
  },
  ({ scope }, { request, query: answer, holder }) =>
    receiveFile(request, holder, (body) =>
      storeAnswer(getUploadPool(), scope, answer, body, readCalendar(new Date()).date),
    ),
);
