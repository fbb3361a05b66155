import { customerRoute } from '@/lib/auth/make-route';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { storeNumberList } from '@/lib/number-lists/commands';
import { receiveFile } from '@/lib/number-lists/receive-file';
import { uploadParameters } from '@/lib/number-lists/upload';
import { getUploadPool } from '@/lib/number-lists/upload-pool';

/**
 * Takes a file of numbers, as it is, to import or to check: the file is the body; what it is for and how it
 * is to be read stands in the query. Answers with {id} once all of it is kept, or with a problem and nothing
 * kept.
 */
export const POST = customerRoute(
  {
    may: 'lists.upload',
    query: uploadParameters,
    doing: 'Keeping a number list',
    invalid: 'This file cannot be taken',
    failed: 'The file could not be taken',
  },
  ({ scope }, { request, query: list, holder }) =>
    receiveFile(request, holder, (body) => {
      const address = readVisitorAddress(request.headers.get('x-forwarded-for'));
      return storeNumberList(getUploadPool(), scope, list, body, address);
    }),
);
