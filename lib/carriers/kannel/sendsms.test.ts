import { afterEach, describe, expect, test } from 'vitest';
import { accepted, FakeSendsms } from '@/testing/fake-sendsms';
import { composeQuery, readAnswer, SendsmsClient, type SendsmsOutcome } from './sendsms';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const user = { username: 'client-zone', password: 'p&ss wörd%26' };
const message = {
  msisdn: '27825550101',
  senderNumber: '27600100200',
  text: 'Our spring sale begins on Monday',
  receiptUrl: 'http://58324-1001:s1gn@127.0.0.1:3001/carrier/kannel/kannel/receipt?status=%d&answer=%A',
};

async function start(answer?: Parameters<typeof FakeSendsms.start>[0], timeoutMs = 2_000) {
  const service = await FakeSendsms.start(answer);
  const client = new SendsmsClient(service.address, user, { windowSize: 10, timeoutMs });
  closing.push(
    () => client.close(),
    () => service.close(),
  );
  return { service, client };
}

describe('a call', () => {
  test('says who we are, from whom to whom, the coding, and where receipts go', async () => {
    const { service, client } = await start();
    expect(await client.send(message)).toEqual({ outcome: 'taken', isQueued: false });
    expect(Object.fromEntries(service.calls[0] as URLSearchParams)).toEqual({
      username: 'client-zone',
      password: 'p&ss wörd%26',
      from: '+27600100200',
      to: '+27825550101',
      text: message.text,
      charset: 'UTF-8',
      coding: '0',
      'dlr-mask': '31',
      'dlr-url': message.receiptUrl,
    });
  });

  test('keeps what the address names: the network behind Kannel that it is for', async () => {
    const service = await FakeSendsms.start();
    const options = { windowSize: 1, timeoutMs: 2_000 };
    const client = new SendsmsClient(`${service.address}?smsc=vodacom&priority=2`, user, options);
    closing.push(
      () => client.close(),
      () => service.close(),
    );
    expect(await client.send(message)).toEqual({ outcome: 'taken', isQueued: false });
    const [query] = service.calls;
    expect([query?.get('smsc'), query?.get('priority'), query?.get('to')]).toEqual([
      'vodacom',
      '2',
      '+27825550101',
    ]);
  });

  // a raw plus would be a space, a raw percent an escape
  test('writes plus and percent signs as codes', () => {
    const query = composeQuery(user, { ...message, text: '50 % + 1 & more?#' });
    expect(query).toContain('&to=%2B27825550101&');
    expect(query).toContain('&text=50%20%25%20%2B%201%20%26%20more%3F%23&');
    expect(query).toContain('%3Fstatus%3D%25d%26answer%3D%25A');
  });

  test.each([
    ['0', 'Only the basic alphabet: @£$ éèù ÄÖÑÜ §¿'],
    ['0', 'And its extension: ^{}\\[~]|€\f'],
    ['2', 'Ndziyabonga ṱhanḓavhudzo'],
    ['2', 'A heart ❤️ and a 👍🏽'],
    ['2', 'A curly ’ is enough'],
  ])('has coding %s for %j, as its credits were counted', (coding, text) => {
    const query = new URLSearchParams(composeQuery(user, { ...message, text }));
    expect([query.get('coding'), query.get('charset'), query.get('text')]).toEqual([coding, 'UTF-8', text]);
  });

  test.each([
    ['31023', '31023'],
    ['27600100200', '+27600100200'],
    ['ClientZone', 'ClientZone'],
  ])('writes the sender number %s as %s', (senderNumber, from) => {
    expect(new URLSearchParams(composeQuery(user, { ...message, senderNumber })).get('from')).toBe(from);
  });

  test('names a priority when it is urgent, the one that networks take for none', () => {
    const read = (isUrgent?: boolean) =>
      new URLSearchParams(composeQuery(user, { ...message, isUrgent })).get('priority');
    expect([read(), read(false), read(true)]).toEqual([null, null, '0']);
  });

  test('goes over connections that are kept, no more than the window', async () => {
    const { service, client } = await start();
    for (let round = 0; round < 3; round++) {
      await Promise.all(Array.from({ length: 30 }, () => client.send(message)));
    }
    expect(service.calls).toHaveLength(90);
    expect(service.mostOpen).toBeLessThanOrEqual(10);
    expect(service.connections).toBeLessThanOrEqual(10);
  });
});

describe('an answer', () => {
  test.each<[number, string, SendsmsOutcome]>([
    [202, '0: Accepted for delivery', { outcome: 'taken', isQueued: false }],
    [202, '3: Queued for later delivery', { outcome: 'taken', isQueued: true }],
    [
      403,
      'Not routable. Do not try again.',
      { outcome: 'refused', reason: 'The network has no way to this number.' },
    ],
    [
      403,
      'Number(s) has/have been denied by white- and/or black-lists.',
      { outcome: 'refused', reason: 'The network’s lists forbid this number.' },
    ],
    [
      403,
      'Authorization failed for sendsms',
      {
        outcome: 'configuration',
        reason: 'Kannel refused the user name or the password: “Authorization failed for sendsms”',
      },
    ],
    [
      400,
      'Sender missing and no global set, rejected',
      {
        outcome: 'refused',
        reason: 'The network refused the message: “Sender missing and no global set, rejected”',
      },
    ],
    [503, 'Temporal failure, try again later.', { outcome: 'busy', reason: 'The network was busy.' }],
    [502, '<h1>Bad gateway</h1>', { outcome: 'doubt', reason: 'The gateway answered with 502.' }],
    [
      404,
      'Unknown request.',
      { outcome: 'configuration', reason: 'The address answered with 404: “Unknown request.”' },
    ],
    [
      200,
      '<html>Welcome to nginx</html>',
      {
        outcome: 'configuration',
        reason: 'What answers there is not Kannel’s sendsms service: “<html>Welcome to nginx</html>”',
      },
    ],
  ])('%i %j', async (status, body, outcome) => {
    const { client } = await start(() => ({ status, body }));
    expect(await client.send(message)).toEqual(outcome);
  });

  test('that quotes a number or goes on for long is cut', () => {
    const { reason } = readAnswer(400, `Bad number 27825550101\n${'x'.repeat(300)}`) as { reason: string };
    expect(reason).not.toContain('27825550101');
    expect(reason.length).toBeLessThan(160);
  });
});

describe('what goes wrong', () => {
  test('nothing listens: nothing was written', async () => {
    const { service, client } = await start();
    await service.close();
    expect(await client.send(message)).toEqual({
      outcome: 'away',
      reason: 'The gateway cannot be reached (ECONNREFUSED).',
    });
  });

  test('no answer in time: it was written', async () => {
    const { service, client } = await start(() => () => undefined, 100);
    expect(await client.send(message)).toEqual({
      outcome: 'doubt',
      reason: 'The gateway did not answer in time.',
    });
    expect(service.calls).toHaveLength(1);
  });

  test('the connection closes before an answer: it was written', async () => {
    const { client } = await start(() => (response) => response.socket?.destroy());
    expect(await client.send(message)).toMatchObject({ outcome: 'doubt' });
  });

  test('the connection closes within the answer: its status tells', async () => {
    const { client } = await start(() => (response) => {
      response.writeHead(202, { 'content-length': 100 });
      response.write('0: Acc', () => response.socket?.destroy());
    });
    expect(await client.send(message)).toEqual({ outcome: 'taken', isQueued: false });
  });

  test('the connection closes before a word of the answer: nobody knows who took it', async () => {
    const { client } = await start(() => (response) => {
      response.writeHead(202, { 'content-length': 100 });
      response.flushHeaders();
      setImmediate(() => response.socket?.destroy());
    });
    expect(await client.send(message)).toMatchObject({ outcome: 'doubt' });
  });

  test('an answer that begins and never ends is in doubt', async () => {
    const { client } = await start(
      () => (response) => response.writeHead(202, { 'content-length': 100 }).write('0: Accepted'),
      100,
    );
    expect(await client.send(message)).toMatchObject({ outcome: 'doubt' });
  });

  test('an answer of ten megabytes is not read to its end', async () => {
    let written = 0;
    const { client } = await start(() => (response) => {
      response.writeHead(202);
      response.write('0: Accepted for delivery');
      const chunk = Buffer.alloc(64 * 1024, 'x');
      const pour = () => {
        while (written < 10_000_000 && !response.destroyed) {
          written += chunk.length;
          if (!response.write(chunk)) return void response.once('drain', pour);
        }
        response.end();
      };
      pour();
    });
    expect(await client.send(message)).toEqual({ outcome: 'taken', isQueued: false });
    expect(written).toBeLessThan(10_000_000);
  });

  test('after a failure the next call is taken', async () => {
    let isBroken = true;
    const { client } = await start(() => (isBroken ? (response) => response.socket?.destroy() : accepted));
    expect(await client.send(message)).toMatchObject({ outcome: 'doubt' });
    isBroken = false;
    expect(await client.send(message)).toEqual({ outcome: 'taken', isQueued: false });
  });
});
