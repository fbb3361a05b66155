import type { Pool, PoolClient } from 'pg';
import { providerAccountId } from '@/lib/auth/provider-account';
import { AppError } from '@/lib/http/app-error';
import { chooseSenders } from '@/lib/messages/commands';
import { codePlaceholder, composeCodeKey, queueServiceSms } from '@/lib/messages/service-sms';
import { issueSecret, type IssueResult } from '@/lib/secrets/commands';
import type { CodePurpose } from '@/lib/secrets/purposes';
import type { Msisdn } from '@/lib/sms/msisdn';

const codeText = `${codePlaceholder} is your Client Zone code. It works for 10 minutes, once. We never ask you to tell it to anybody.`;

/** The provider's sender number for somebody; null when there is none at all. */
export async function findServiceSender(pool: Pool, msisdn: string): Promise<string | null> {
  try {
    const [addressee] = await chooseSenders(pool, { accountId: providerAccountId }, [msisdn as Msisdn]);
    return addressee?.senderNumber ?? null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'no-sender-number') return null;
    throw error;
  }
}

/** Makes a code and queues its SMS, in one transaction. */
export async function issueCode(
  client: PoolClient,
  code: { id: string; purpose: CodePurpose; subject: string; msisdn: string; sender: string },
  now: Date,
): Promise<IssueResult> {
  const { id, purpose, subject, msisdn, sender } = code;
  const issued = await issueSecret(client, { id, purpose, subject, sentTo: msisdn }, now);
  if (issued.ok) {
    await queueServiceSms(client, { key: composeCodeKey(purpose, id), msisdn, sender, text: codeText });
  }
  return issued;
}
