import { composeUnownedFileName } from '@/app/admin/replies/file-name';
import { staffRoute } from '@/lib/auth/make-route';
import { fileRoute } from '@/lib/lists/download-format';
import { respondFile } from '@/lib/lists/file-download';
import { staffTimeZone } from '@/lib/lists/schema';
import { unownedList } from '@/lib/unowned-replies/list';

/**
 * The replies without an owner as a file: the parameters of their page; ?format=, ?separator= and ?text= as
 * `downloadFormatSchema` has them; ?columns= ids parted by commas.
 */
export const GET = staffRoute(
  {
    ...fileRoute,
    doing: 'Making a file of replies without an owner',
  },
  ({ scope }, { query: format, search, withPlace }) => {
    const query = unownedList.prepareFile(search, scope, staffTimeZone);
    const file = { name: composeUnownedFileName(), sheet: unownedList.file.sheet };
    return withPlace('download', () => respondFile(query, format, file));
  },
);
