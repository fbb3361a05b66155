import { z } from 'zod';
import { composeFileName } from '@/lib/auth/account-number';
import { customerRoute } from '@/lib/auth/make-route';
import { ledgerList } from '@/lib/credits/list';
import { fileRoute } from '@/lib/lists/download-format';
import { respondFile } from '@/lib/lists/file-download';
import { messageList } from '@/lib/messages/list';
import { optOutList } from '@/lib/opt-outs/list';
import { replyList } from '@/lib/replies/list';

const lists = [optOutList, messageList, replyList, ledgerList];

/**
 * A list as a file: the parameters of its page, which narrow it; ?format=, ?separator= and ?text= as
 * `downloadFormatSchema` has them; ?columns= ids parted by commas.
 */
export const GET = customerRoute(
  {
    params: z.object({ list: z.string() }),
    ...fileRoute,
    doing: 'Making a file of a list',
    missing: 'There is no such list.',
  },
  ({ scope, account: { id, timeZone } }, { params, query: format, search, withPlace }) => {
    const list = lists.find(({ file }) => file.name === params.list);
    if (!list) return null;
    const query = list.prepareFile(search, scope, timeZone);
    const { name, sheet } = list.file;
    const file = { name: composeFileName(id, name, timeZone), sheet };
    return withPlace('download', () => respondFile(query, format, file));
  },
);
