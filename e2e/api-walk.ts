import { randomUUID } from 'node:crypto';
import type { Pool } from 'pg';
import type { Walk } from '@/testing/api-walk';
import { createAccount, type TestAccount } from './accounts';
import { createKey } from './api-keys';

/** Where the program is, and what is needed to write to an account as a recipient. */
interface Program {
  url: string;
  /** The door for a carrier's replies. */
  door: string;
  carrierSecret: string;
}

/** An account made for a walk of both APIs, with a sub-account, and keys for what each may do. */
export async function arrangeWalk(
  database: Pool,
  { url, door, carrierSecret }: Program,
): Promise<Omit<Walk, 'report'> & { accounts: TestAccount[] }> {
  const account = await createAccount(database);
  const sub = await createAccount(database, { credits: 0, parentAccountId: account.id });
  return {
    url,
    accounts: [account, sub],
    key: await createKey(database, account.id, 'Walk'),
    own: {
      accountNumber: account.id,
      subAccountNumber: sub.id,
      limitedKeys: {
        read: await createKey(database, account.id, 'Walk, reads', 'active', ['READ']),
        webhooks: await createKey(database, account.id, 'Walk, webhooks', 'active', ['WEBHOOKS']),
      },
      reply: async (from, text) => {
        const answer = await fetch(door, {
          method: 'POST',
          headers: { authorization: `Bearer ${carrierSecret}`, 'content-type': 'application/json' },
          body: JSON.stringify({ id: `walk-${randomUUID()}`, from, to: account.senderNumber, text }),
        });
        if (!answer.ok) throw new Error(`A reply was refused: ${answer.status} ${await answer.text()}`);
      },
    },
  };
}
