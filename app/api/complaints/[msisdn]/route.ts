import { z } from 'zod';
import { recordAct } from '@/lib/auth/activity';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { customerRoute } from '@/lib/auth/make-route';
import { getPool } from '@/lib/db/client';
import { respondProblem } from '@/lib/http/problem';
import { readVisitorAddress } from '@/lib/http/visitor-address';
import { askReplica } from '@/lib/lists/ask-replica';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { readNumberSegment } from '@/lib/stories/canonical-number';
import { collectComplaint } from '@/lib/stories/complaint-facts';
import { respondComplaint } from '@/lib/stories/complaint-file';
import { complaintChoice, maxComplaintMessages } from '@/lib/stories/complaint-period';
import { readComplaint } from '@/lib/stories/complaint-queries';
import { formatOffsetTime } from '@/lib/stories/offset-time';
import { readStory } from '@/lib/stories/queries';

/**
 * What answers a complaint about what the account sent to a number: ?from= and ?to= are days of the account's
 * calendar, both in it; ?format= pdf or csv.
 */
export const GET = customerRoute(
  {
    params: z.object({ msisdn: z.string() }),
    query: complaintChoice,
    doing: 'Making a complaint pack',
    invalid: 'The file cannot be made like this',
    failed: 'The file could not be made',
  },
  ({ scope, account, user }, { request, params, query: choice, withPlace }) =>
    withPlace('evidence', async () => {
      const msisdn = readNumberSegment(params.msisdn);
      // whoever has no story of the number has no complaint about it
      if (msisdn === null || !(await askReplica((pool) => readStory(pool, scope, msisdn, { limit: 1 })))) {
        return respondProblem(404, 'Not found', 'Nothing is known of this number.');
      }
      const { from, to } = choice;
      const { timeZone } = account;
      const complaint = await askReplica((pool) =>
        readComplaint(pool, scope, msisdn, { from, to, timeZone }, maxComplaintMessages),
      );
      await recordAct(
        getPool(),
        scope,
        'file.complaint',
        { file: `${formatMsisdn(msisdn)}, ${from} to ${to}` },
        readVisitorAddress(request.headers.get('x-forwarded-for')),
      );
      const number = formatAccountNumber(account.id);
      return respondComplaint({
        facts: collectComplaint({ account, complaint }),
        msisdn,
        account: `${account.name}, ${number}`,
        origin: {
          madeAt: formatOffsetTime(new Date().toISOString(), timeZone),
          madeBy: `${user.name} (${user.username})`,
        },
        name: `${number}-${msisdn}-complaint-${from}-${to}`,
        choice,
      });
    }),
);
