import { z } from 'zod';
import { viewAccount } from '@/lib/accounts/account-view';
import { formatAccountNumber } from '@/lib/auth/account-number';
import { staffRoute } from '@/lib/auth/make-route';
import { getPool } from '@/lib/db/client';
import { respondProblem } from '@/lib/http/problem';
import { staffTimeZone } from '@/lib/lists/schema';
import { recordLook } from '@/lib/privacy/commands';
import { readPerson } from '@/lib/privacy/queries';
import { parseMsisdn } from '@/lib/sms/msisdn';
import { collectComplaint } from '@/lib/stories/complaint-facts';
import { respondComplaint } from '@/lib/stories/complaint-file';
import { complaintChoice, maxComplaintMessages } from '@/lib/stories/complaint-period';
import { readComplaint } from '@/lib/stories/complaint-queries';
import type { Fact } from '@/lib/stories/evidence-facts';
import { formatOffsetTime } from '@/lib/stories/offset-time';

const form = z.intersection(z.object({ number: z.string().max(40) }), complaintChoice);

/**
 * What answers a complaint about a number, of all accounts that wrote to it, one after the other. The number
 * comes in the body of a form: an address would be kept in the logs of proxies. The file is named by the
 * number's mark. That somebody looked is in the audit log, for each account as well.
 */
export const POST = staffRoute(
  { doing: 'Making a complaint pack across accounts', failed: 'The file could not be made' },
  ({ scope, user }, { request, withPlace }) =>
    withPlace('evidence', async () => {
      const given = form.safeParse(Object.fromEntries(await request.formData()));
      if (!given.success) {
        return respondProblem(400, 'The file cannot be made like this', given.error.issues[0]?.message);
      }
      const { from, to, number: typed } = given.data;
      const number = parseMsisdn(typed);
      if (!number.ok) return respondProblem(400, 'The file cannot be made like this', number.message);
      const { msisdn } = number;
      const person = await readPerson(getPool(), scope, msisdn);
      await recordLook(getPool(), scope, person, 'person.complaint');
      const period = { from, to, timeZone: staffTimeZone };
      const facts: Fact[] = [];
      let left = maxComplaintMessages;
      for (const { accountId, accountName } of person.accounts) {
        const view = await viewAccount(getPool(), scope, accountId);
        if (!view) continue;
        const complaint = await readComplaint(getPool(), view.scope, msisdn, period, Math.max(left, 1));
        left -= complaint.messages.length;
        const whose = formatAccountNumber(accountId);
        facts.push(
          ...collectComplaint({ account: { id: accountId, name: accountName }, complaint }).map((fact) => ({
            ...fact,
            section: `${whose}: ${fact.section}`,
            who: fact.who === 'the account' ? whose : fact.who,
          })),
        );
      }
      if (facts.length === 0) return respondProblem(404, 'Not found', 'No account knows this number.');
      return respondComplaint({
        facts,
        msisdn,
        account: 'All accounts',
        origin: {
          madeAt: formatOffsetTime(new Date().toISOString(), staffTimeZone),
          madeBy: `${user.name}, of the provider’s staff`,
        },
        name: `complaint-${person.mark}-${from}-${to}`,
        choice: given.data,
      });
    }),
);
