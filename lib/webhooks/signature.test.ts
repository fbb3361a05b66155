import { Webhook } from 'standardwebhooks';
import { expect, test } from 'vitest';
import { makeSecret, sealWebhookSecret, Signer } from './signature';

const accountId = 58324;
const at = new Date('2026-11-29T08:00:00.999Z');
const bodies = ['{}', '{"text":"Môre — 停止 🛑\\u0000"}', `{"text":"${'x'.repeat(70_000)}"}`];

function readHeaders(given: readonly string[] = []): Record<string, string | undefined> {
  return Object.fromEntries(
    given.flatMap((name, index) => (index % 2 === 0 ? [[name, given[index + 1]]] : [])),
  ) as Record<string, string | undefined>;
}

test.each([1, 2])('with %i secrets, signatures are those of the specification’s library', (count) => {
  const secrets = Array.from({ length: count }, makeSecret);
  const signer = Signer.open(
    accountId,
    secrets.map((secret) => sealWebhookSecret(accountId, secret)),
  );
  for (const body of bodies) {
    const headers = readHeaders(signer?.sign('msg_58324_1', at, body).headers);
    expect(signer?.sign('msg_58324_1', at, body).body.toString()).toBe(body);
    expect(headers).toMatchObject({ 'webhook-id': 'msg_58324_1', 'webhook-timestamp': '1795939200' });
    expect(headers['webhook-signature']).toBe(
      secrets.map((secret) => new Webhook(secret).sign('msg_58324_1', at, body)).join(' '),
    );
  }
});

test('a secret that cannot be read signs nothing; an old one that cannot is left out', () => {
  const sealed = sealWebhookSecret(accountId, makeSecret());
  expect(Signer.open(accountId + 1, [sealed])).toBeNull();
  expect(Signer.open(accountId, ['damaged'])).toBeNull();
  const signed = readHeaders(Signer.open(accountId, [sealed, 'damaged'])?.sign('msg_1', at, '{}').headers);
  expect(signed['webhook-signature']?.split(' ')).toHaveLength(1);
});
