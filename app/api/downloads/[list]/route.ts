import { z } from 'zod';
import { activityList } from '@/lib/activity/list';
import { recordAct } from '@/lib/auth/activity';
import { ForbiddenError } from '@/lib/auth/forbidden';
import { mayDo } from '@/lib/auth/permissions';
import { getPool } from '@/lib/db/client';
import { composeFileName } from '@/lib/auth/account-number';
import { customerRoute } from '@/lib/auth/make-route';
import { ledgerList } from '@/lib/credits/list';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { fileRoute } from '@/lib/lists/download-format';
import { respondFile } from '@/lib/lists/file-download';
import { messageList } from '@/lib/messages/list';
import { optOutList } from '@/lib/opt-outs/list';
import { replyList } from '@/lib/replies/list';

const lists = [optOutList, messageList, replyList, ledgerList, activityList];

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
  ({ scope, role, account: { id, timeZone } }, { request, params, query: format, search, withPlace }) => {
    const list = lists.find(({ file }) => file.name === params.list);
    if (!list) return null;
    if (list === activityList && !mayDo(role, 'activity.read')) throw new ForbiddenError({ inAccount: role });
    const query = list.prepareFile(search, scope, timeZone);
    const { name, sheet } = list.file;
    const file = { name: composeFileName(id, name, timeZone), sheet };
    return withPlace('download', async () => {
      await recordAct(
        getPool(),
        scope,
        'file.download',
        { file: file.name },
        readVisitorAddress(request.headers.get('x-forwarded-for')),
      );
      return respondFile(query, format, file);
    });
  },
);
