import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import { recordSystemAudit } from '@/lib/audit/commands';
import { withTransaction } from '@/lib/db/client';
import { columnsOf, statement } from '@/lib/db/statement';
import { env } from '@/lib/env';
import { log } from '@/lib/log';
import { queuePersonalEmail } from '@/lib/notices/personal-email';
import { tellOfCarriers } from './facts';

const pauseCarrier = statement({
  name: 'pause-carrier-for-problem',
  values: { name: 'text', problem: 'text' },
  sql: ($) => `
    update carrier set state = 'PAUSED', problem = ${$.problem}, problem_at = now()
    where name = ${$.name} and state <> 'PAUSED'`,
});

const listAdministrators = statement({
  name: 'list-staff-administrators',
  columns: columnsOf('User', 'id', 'email'),
  sql: () => `
    select id, email from portal_user
    where staff_role = 'ADMINISTRATOR' and status = 'ACTIVE' and left_staff_at is null order by id`,
});

/**
 * Pauses a carrier that refuses us, for every worker, and tells the administrators of the staff: by an
 * e-mail, in the audit log and on the page of the system. Whichever worker comes first does it.
 */
export async function stopCarrier(pool: Pool, name: string, problem: string): Promise<void> {
  await withTransaction(pool, async (client) => {
    if ((await pauseCarrier.run(client, { name, problem })) === 0) return;
    await recordSystemAudit(client, {
      action: 'carrier.stop',
      target: `Carrier ${name}`,
      accountId: null,
      details: { reason: problem },
    });
    const stop = randomUUID();
    for (const { id, email } of await listAdministrators.all(client, {})) {
      await queuePersonalEmail(client, {
        accountId: null,
        to: email,
        subject: `Carrier ${name} was paused`,
        eventKey: `carrier-stop:${stop}:${id}`,
        heading: `Carrier ${name} was paused`,
        paragraphs: [
          problem,
          'Its messages go by another carrier where a route says so; the others wait. None has failed.',
          'Correct what is wrong, then have it go on.',
        ],
        action: { label: 'Open System', url: `${env.APP_URL}/admin/system` },
        footer: 'You get this e-mail as an administrator of the provider’s staff.',
      });
    }
    await tellOfCarriers(client);
    log.error({ carrier: name, problem }, 'a carrier was paused: it refuses us; its messages wait');
  });
}
