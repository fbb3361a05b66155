import type { Pool } from 'pg';
import type { AnyOperation } from '@/lib/api-v2/declare';
import { askApi } from './api-client';
import type { TestAccount } from './factories';
import { optOut, request, say } from './removals';
import { createEndpoint } from './webhooks';

/**
 * An operation with an example that can be done: what it names or is about is there, as it must be for the
 * operation to succeed.
 *
 * @param key of the account that may do everything
 */
export async function arrangeExample(
  pool: Pool,
  account: TestAccount,
  key: string,
  operation: AnyOperation,
): Promise<AnyOperation> {
  const withId = (id: string) => ({ ...operation, example: { ...operation.example, params: { id } } });
  if (operation.id === 'getConsent' || operation.id === 'withdrawConsent') {
    const json = { numbers: ['27821234567'], givenAt: new Date(), source: 'paper', wording: 'Yes' };
    await askApi('/consents', { key, json });
    return operation;
  }
  if (operation.path.includes('{number}')) {
    await askApi('/opt-outs/27821234567', { key, method: 'PUT' });
    return operation;
  }
  if (operation.path.startsWith('/messages/{id}')) return withId(await scheduleMessage(key));
  if (operation.path.startsWith('/removal-requests/{id}')) {
    return withId((await request(pool, account)).requestId);
  }
  if (operation.path.startsWith('/replies/{id}')) return withId(await getReply(pool, account, key));
  if (operation.path.startsWith('/webhooks/{id}')) return arrangeWebhook(pool, account, key, operation);
  if (operation.id === 'createRemovalRequest') {
    const { msisdn } = await optOut(pool, account);
    return { ...operation, example: { body: { ...operation.example.body, number: msisdn } } };
  }
  return operation;
}

/** A message that waits for its time. */
async function scheduleMessage(key: string): Promise<string> {
  const sendAt = new Date(Date.now() + 86_400_000).toISOString();
  const { body } = await askApi('/messages', { key, json: { to: ['0841234567'], text: 'Tomorrow', sendAt } });
  return body.recipients[0].messageId as string;
}

async function getReply(pool: Pool, account: TestAccount, key: string): Promise<string> {
  const optedOut = await optOut(pool, account);
  await say(pool, optedOut, 'Thank you');
  const { body } = await askApi(`/replies?number=${optedOut.msisdn}`, { key });
  return body.data[0].id as string;
}

/** A webhook that nothing listens for, with a delivery that waits. */
async function arrangeWebhook(
  pool: Pool,
  account: TestAccount,
  key: string,
  operation: AnyOperation,
): Promise<AnyOperation> {
  // An account has ten at most.
  await pool.query('update webhook_endpoint set removed_at = now() where account_id = $1', [account.id]);
  const { id } = await createEndpoint(pool, account, 'http://127.0.0.1:9/hooks');
  const { body } = await askApi(`/webhooks/${id}/test`, { key, method: 'POST' });
  const params = { id: String(id), ...(operation.path.includes('{deliveryId}') && { deliveryId: body.id }) };
  const { query, body: sent } = operation.example;
  // Of one that waits, none has failed.
  return { ...operation, example: { params, ...(query && { query: {} }), ...(sent && { body: sent }) } };
}
