import path from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { composeConfiguration, type KannelSettings, type NetworkSettings } from './configuration';
import { checkConfiguration, parseConfiguration } from './configuration-check';

const settings: KannelSettings = {
  folder: '/var/lib/client-zone/kannel',
  replyUrl:
    'http://kannel:secret@127.0.0.1:3001/carrier/kannel/kannel/reply?id=%I&from=%p&to=%P&text=%b&coding=%c&at=%T&header=%u',
  sendsms: { port: 13013, username: 'client-zone', password: 'a password' },
  adminPort: 13000,
  adminPassword: 'another',
  boxPort: 13001,
  networks: [
    { kind: 'smpp', id: 'one', host: 'smsc.example', port: 2775, username: 'cz', password: 'pass' },
    { kind: 'fake', id: 'two', port: 10000 },
  ],
};
const sound = composeConfiguration(settings);

/** The configuration with the lines that begin with a name replaced. */
function withLine(name: string, line: string | null): string {
  const pattern = new RegExp(`^${name} = .*$`, 'gm');
  expect(sound).toMatch(pattern);
  // A function: `$` in a replacement would mean something.
  return sound.replace(pattern, () => line ?? '# taken out');
}

const messages = (text: string) => checkConfiguration(text).map(({ message }) => message);

test('what is generated is sound, whatever the settings hold', () => {
  // Anything printable, with what Kannel gives a meaning of its own.
  const word = fc.string({ unit: fc.constantFrom(...'ab 1"\\%#=é$&.-'), minLength: 1, maxLength: 12 });
  const id = fc.stringMatching(/^[a-z][a-z0-9-]{0,9}$/);
  const port = fc.integer({ min: 1, max: 65_535 });
  const network: fc.Arbitrary<NetworkSettings> = fc.oneof(
    fc.record({ kind: fc.constant('fake' as const), id, port }),
    fc.record(
      {
        kind: fc.constant('smpp' as const),
        id,
        host: fc.domain(),
        port,
        username: word,
        password: word,
        systemType: word,
        perSecond: fc.integer({ min: 1, max: 1000 }),
      },
      { requiredKeys: ['kind', 'id', 'host', 'port', 'username', 'password'] },
    ),
  );
  fc.assert(
    fc.property(
      fc.record({
        folder: word.map((name) => `/data/${name}`),
        sendsms: fc.record({ port, username: word, password: word }),
        adminPort: port,
        adminPassword: word,
        boxPort: port,
        hasOwnBox: fc.boolean(),
        networks: fc.uniqueArray(network, { selector: (one) => one.id, minLength: 1, maxLength: 4 }),
      }),
      (given) => {
        const text = composeConfiguration({ ...given, replyUrl: settings.replyUrl });
        expect(checkConfiguration(text)).toEqual([]);
        const { groups } = parseConfiguration(text);
        const find = (name: string) => groups.find((group) => group.name === name);
        // Read as Kannel reads it, every value is what was given.
        expect(find('core')?.read('admin-password')).toBe(given.adminPassword);
        expect(find('core')?.read('store-location')).toBe(path.join(given.folder, 'store'));
        expect(find('sendsms-user')?.read('password')).toBe(given.sendsms.password);
        expect(find('sms-service')?.read('get-url')).toBe(settings.replyUrl);
        // Every network's replies and receipts go to the worker's own box, if it has one.
        expect(find('smsbox-route')?.read('smsc-id').split(';')).toEqual(
          given.hasOwnBox ? given.networks.map((one) => one.id) : undefined,
        );
        expect(groups.filter((group) => group.name === 'smsc').map((group) => group.read('smsc-id'))).toEqual(
          given.networks.map((one) => one.id),
        );
      },
    ),
  );
});

test('a value that would need two lines is refused', () => {
  expect(() => composeConfiguration({ ...settings, adminPassword: 'one\ntwo = three' })).toThrow(RangeError);
});

test('every group says why it is there', () => {
  const all = composeConfiguration({ ...settings, hasOwnBox: true });
  for (const name of ['core', 'smsc', 'smsbox', 'smsbox-route', 'sendsms-user', 'sms-service']) {
    expect(all).toMatch(new RegExp(`^# .+\\ngroup = ${name}$`, 'm'));
  }
});

describe('a line that loses or garbles something is named', () => {
  const cases: [name: string, line: string | null, word: RegExp][] = [
    ['http-request-retry', null, /http-request-retry = 8640/],
    ['http-request-retry', 'http-request-retry = 0', /http-request-retry = 8640/],
    ['http-request-retry', 'http-request-retry = 6', /away for 1 minutes/],
    ['http-queue-delay', null, /http-queue-delay = 10/],
    ['http-timeout', null, /http-timeout = 30/],
    ['mo-recode', null, /mo-recode = true/],
    ['mo-recode', 'mo-recode = false', /mo-recode = true/],
    ['dlr-storage', 'dlr-storage = internal', /dlr-storage = spool/],
    ['dlr-storage', null, /dlr-storage = spool/],
    ['dlr-spool', null, /dlr-spool = /],
    ['store-type', 'store-type = file', /store-type = spool/],
    ['store-type', null, /store-type = spool/],
    ['store-location', null, /store-location = /],
    ['sms-combine-concatenated-mo', 'sms-combine-concatenated-mo = false', /in parts/],
    ['sms-resend-retry', 'sms-resend-retry = 3', /given up/],
    ['sms-outgoing-queue-limit', null, /sms-outgoing-queue-limit = 100/],
    ['sms-outgoing-queue-limit', 'sms-outgoing-queue-limit = -1', /after an opt-out/],
    ['sms-outgoing-queue-limit', 'sms-outgoing-queue-limit = 100000', /newest first/],
    ['box-allow-ip', 'sms-incoming-queue-limit = 1000', /thrown away/],
    ['box-allow-ip', 'maximum-queue-length = 0', /thrown away/],
    ['box-allow-ip', 'unified-prefix = "+27,0027,0"', /foreign numbers/],
    ['sendsms-interface', 'unified-prefix = "+27,0027,0;+,00"', /foreign numbers/],
    ['interface-version', 'unified-prefix = "+,00;+27,0"', /foreign numbers/],
    ['log-level', null, /log-level = 1/],
    ['log-level', 'log-level = 0', /log-level = 1/],
    ['log-level', 'log-level = 1', /log-level = 4/],
    ['sendsms-interface', 'access-log = "/var/log/kannel/access.log"', /secrets/],
    ['concatenation', null, /concatenation = true/],
    ['username', 'faked-sender = 30123', /leaves from this number/],
    ['username', 'footer = "Sent by us"', /changes texts/],
    ['max-messages', null, /cut without a word[^]*is sent to whoever wrote/],
    ['keyword', 'keyword = stop', /stopping by later/],
    ['catch-all', null, /catch-all = true/],
    ['omit-empty', null, /omit-empty = true/],
    ['omit-empty', 'alt-charset = "UTF-8"', /one encoding/],
    ['omit-empty', 'strip-keyword = true', /taken away/],
    ['omit-empty', 'accepted-smsc = one', /are lost/],
    ['omit-empty', 'allowed-receiver-prefix = 27', /are lost/],
    ['get-url', null, /handed to nobody/],
    ['get-url', 'get-url = "http://127.0.0.1/?text=%a&id=%I&from=%p&to=%P&t=%T&u=%u&c=%c"', /lacks %b/],
    ['get-url', 'get-url = "http://127.0.0.1/?text=%b&from=%p&to=%P&t=%T&u=%u&c=%c"', /lacks %I/],
    ['get-url', 'get-url = "http://127.0.0.1/?text=%b&from=%p&to=%P&t=%%T&u=%u&c=%c&i=%I"', /lacks %T/],
    ['allowed-smsc-id', null, /allowed-smsc-id = one/],
    ['smsc-id', null, /smsc-id = NAME/],
    ['transceiver-mode', null, /no receipt comes in/],
  ];
  test.each(cases)('%s: %s', (name, line, word) => {
    const changed = withLine(name, line);
    expect(messages(changed).join('\n')).toMatch(word);
    const [problem] = checkConfiguration(changed);
    // It points into the file, at the line or at its group.
    expect(problem?.line === null || changed.split('\n')[(problem?.line ?? 0) - 1] !== '').toBe(true);
  });

  test('max-messages of the sender too low, and of the service above 0', () => {
    // 918 characters in UCS-2 are 14 parts, and Kannel's own examples have 10.
    expect(sound).toContain('max-messages = 14');
    expect(messages(sound.replace('max-messages = 14', 'max-messages = 10'))).toEqual([
      expect.stringMatching(/cut without a word/),
    ]);
    expect(messages(sound.replace('max-messages = 0', 'max-messages = 1'))).toEqual([
      expect.stringMatching(/is sent to whoever wrote/),
    ]);
  });

  test('a second service, or a second default one', () => {
    const service = 'group = sms-service\nkeyword = stop\nget-url = "http://127.0.0.1/stop"\n';
    expect(messages(`${sound}\n${service}`)).toEqual([expect.stringMatching(/stopping by later/)]);
    const last = sound.slice(sound.indexOf('keyword = default'));
    expect(messages(`${sound}\ngroup = sms-service\n${last}`)).toEqual([
      expect.stringMatching(/default service already/),
    ]);
  });

  test('a route to a box that is not ours', () => {
    const routed = composeConfiguration({ ...settings, hasOwnBox: true });
    expect(messages(routed)).toEqual([]);
    expect(messages(routed.replace(/^smsbox-id = .*$/m, 'smsbox-id = another'))).toEqual([
      expect.stringMatching(/does not come to Client Zone/),
    ]);
  });

  test('a network alone needs no line of its own for messages that name it', () => {
    const alone = composeConfiguration({ ...settings, networks: settings.networks.slice(0, 1) });
    expect(messages(alone.replace(/^preferred-smsc-id = .*$/m, '#'))).toEqual([]);
  });

  test('the harmless form of unified-prefix passes', () => {
    expect(messages(withLine('box-allow-ip', 'unified-prefix = "+,00"'))).toEqual([]);
  });

  test('a group that is not there', () => {
    expect(messages('')).toEqual([
      expect.stringMatching(/group = core/),
      expect.stringMatching(/group = smsc"/),
      expect.stringMatching(/group = smsbox/),
      expect.stringMatching(/group = sendsms-user/),
      expect.stringMatching(/keyword = default/),
    ]);
  });

  test('a blank line within a group, at its line', () => {
    const broken = sound.replace('\nmo-recode = true\n', '\n\nmo-recode = true\n');
    const at = broken.split('\n').indexOf('mo-recode = true') + 1;
    expect(checkConfiguration(broken)).toContainEqual({
      line: at,
      message: expect.stringMatching(/Take the blank line out/) as string,
    });
    expect(checkConfiguration(`port = 1\n\n${sound}`)).toEqual([
      { line: 1, message: expect.stringMatching(/Begin it with/) as string },
    ]);
  });

  test('a line that is none, and one that brings in another file', () => {
    expect(checkConfiguration(`${sound}\nnonsense\n`)).toEqual([
      { line: sound.split('\n').length + 1, message: expect.stringMatching(/name = value/) as string },
    ]);
    expect(messages(`${sound}\ninclude = "more.conf"\n`)).toEqual([expect.stringMatching(/not looked at/)]);
  });

  test('comments, quotes, carriage returns and white space are read as Kannel reads them', () => {
    const spaced = sound.replaceAll(/^([a-z-]+) = (.*)$/gm, '  $1=$2  ').replaceAll('\n', '\r\n');
    expect(messages(spaced)).toEqual([]);
  });
});
