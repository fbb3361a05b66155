import { z } from 'zod';
import { composeFileName } from '@/lib/auth/account-number';
import { customerRoute } from '@/lib/auth/make-route';
import { downloadFormatSchema } from '@/lib/lists/download-format';
import { getDownloadPool } from '@/lib/lists/download-pool';
import { describeFile, streamFile } from '@/lib/lists/file-download';
import { messageList } from '@/lib/messages/list';
import { optOutList } from '@/lib/opt-outs/list';
import { replyList } from '@/lib/replies/list';

const lists = [optOutList, messageList, replyList];

/**
 * A list as a file: the parameters of its page, which narrow it; ?format=, ?separator= and ?text= as `downloadFormatSchema` has
 * them; ?columns= ids parted by commas.
 */
export const GET = customerRoute(
  {
    params: z.object({ list: z.string() }),
    query: downloadFormatSchema,
    doing: 'Making a file of a list',
    missing: 'There is no such list.',
    invalid: 'The file cannot be made like this',
    failed: 'The file could not be made',
  },
  ({ scope, account: { id, timeZone } }, { params, query: format, search, withPlace }) => {
    const list = lists.find(({ file }) => file.name === params.list);
    if (!list) return null;
    const query = list.prepareFile(search, scope, timeZone);
    return withPlace('download', async () => {
      const rows = await streamFile(getDownloadPool(), query, format, list.file.sheet);
      const name = composeFileName(id, params.list, timeZone);
      return new Response(rows, { headers: describeFile(name, format.type) });
    });
  },
);
