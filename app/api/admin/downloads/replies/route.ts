import { composeUnownedFileName } from '@/app/admin/replies/file-name';
import { staffRoute } from '@/lib/auth/make-route';
import { downloadFormatSchema } from '@/lib/lists/download-format';
import { getDownloadPool } from '@/lib/lists/download-pool';
import { describeFile, streamFile } from '@/lib/lists/file-download';
import { staffTimeZone } from '@/lib/lists/schema';
import { unownedList } from '@/lib/unowned-replies/list';

/**
 * The replies without an owner as a file: the parameters of their page; ?format=, ?separator= and ?text= as `downloadFormatSchema`
 * has them; ?columns= ids parted by commas.
 */
export const GET = staffRoute(
  {
    query: downloadFormatSchema,
    doing: 'Making a file of replies without an owner',
    invalid: 'The file cannot be made like this',
    failed: 'The file could not be made',
  },
  ({ scope }, { query: format, search, withPlace }) => {
    const query = unownedList.prepareFile(search, scope, staffTimeZone);
    return withPlace('download', async () => {
      const rows = await streamFile(getDownloadPool(), query, format, unownedList.file.sheet);
      return new Response(rows, { headers: describeFile(composeUnownedFileName(), format.type) });
    });
  },
);
