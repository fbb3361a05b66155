import { boxName } from './box-name';
import { longestQueue, mostParts } from './configuration';

/** What is wrong with a configuration, and what to write instead. */
export interface ConfigurationProblem {
  /** From 1; null when it is about something that is not there. */
  line: number | null;
  message: string;
}

interface Value {
  text: string;
  line: number;
}

/** A group: its name, and its lines by their names. */
class Group {
  readonly values = new Map<string, Value>();

  constructor(readonly line: number) {}

  get name(): string {
    return this.read('group');
  }

  read(name: string): string {
    return this.values.get(name)?.text ?? '';
  }

  /** The line of a value, or of the group when it is not there. */
  lineOf(name: string): number {
    return this.values.get(name)?.line ?? this.line;
  }

  isOn(name: string): boolean {
    return /^(?:true|yes|on|1)$/i.test(this.read(name));
  }

  /** Null when it is not there or no number. */
  number(name: string): number | null {
    const text = this.read(name);
    return /^-?\d+$/.test(text) ? Number(text) : null;
  }
}

/** Kannel's reading of a value: quotes at both ends go, and so does a backslash before anything. */
function readValue(text: string): string {
  const trimmed = text.trim();
  if (trimmed.length < 2 || !trimmed.startsWith('"') || !trimmed.endsWith('"')) return trimmed;
  return trimmed.slice(1, -1).replaceAll(/\\(.)/g, '$1');
}

/**
 * @internal The groups of a configuration as Kannel reads them: a blank line ends one, a comment does not.
 */
export function parseConfiguration(text: string): { groups: Group[]; problems: ConfigurationProblem[] } {
  const groups: Group[] = [];
  const problems: ConfigurationProblem[] = [];
  let group: Group | null = null;
  const end = () => {
    if (group && group.name === '') {
      problems.push({
        line: group.line,
        message:
          groups.length > 0
            ? 'A blank line above ends the group, and Kannel does not start. Take the blank line out.'
            : 'The group has no name, and Kannel does not start. Begin it with "group = core".',
      });
    } else if (group) groups.push(group);
    group = null;
  };
  for (const [index, source] of text.split(/\r?\n/).entries()) {
    const content = source.trim();
    if (content === '') end();
    if (content === '' || content.startsWith('#')) continue;
    const at = content.indexOf('=');
    const name = content.slice(0, Math.max(at, 0)).trim();
    if (name === '') {
      problems.push({
        line: index + 1,
        message: 'This is no "name = value": write it so, or put # before it.',
      });
    } else if (name === 'include') {
      problems.push({
        line: index + 1,
        message: 'What is included here was not looked at. Check one file that holds all of it.',
      });
    } else {
      group ??= new Group(index + 1);
      group.values.set(name, { text: readValue(content.slice(at + 1)), line: index + 1 });
    }
  }
  end();
  return { groups, problems };
}

/**
 * Finds what in a configuration of Kannel loses or garbles replies, receipts or messages: for each line what
 * happens, and what to write instead. Empty when it is sound.
 */
export function checkConfiguration(text: string): ConfigurationProblem[] {
  const { groups, problems } = parseConfiguration(text);
  const ofName = (name: string) => groups.filter((group) => group.name === name);
  const missing = (name: string, message: string) =>
    ofName(name).length === 0 ? [{ line: null, message: `There is no "group = ${name}": ${message}` }] : [];
  return [
    ...problems,
    ...missing('core', 'Kannel does not start.'),
    ...missing('smsc', 'there is no network to send by. Write one for each network.'),
    ...missing('smsbox', 'Kannel does not start. Write one with http-request-retry and what belongs to it.'),
    ...missing('sendsms-user', 'no message can be sent. Write one with username and password.'),
    ...ofName('core').flatMap(checkCore),
    ...ofName('smsbox').flatMap(checkSmsbox),
    ...ofName('smsbox-route').flatMap(checkRoute),
    ...ofName('sendsms-user').flatMap(checkSendsmsUser),
    ...checkServices(ofName('sms-service')),
    ...checkNetworks(ofName('smsc')),
  ].sort((one, other) => (one.line ?? 0) - (other.line ?? 0));
}

/** One problem, when it is one. */
function when(isWrong: boolean, group: Group, name: string, message: string): ConfigurationProblem[] {
  return isWrong ? [{ line: group.lineOf(name), message }] : [];
}

/** The manual's own example, "+27,0027,0": whatever begins with 00 or 0 gets +27, foreign numbers too. */
function checkPrefix(group: Group): ConfigurationProblem[] {
  const rules = group.read('unified-prefix');
  // One list of alternatives for each prefix; the first of it is what the others become.
  const isHarmful = rules.split(';').some((rule) => {
    const [, ...others] = rule.split(',').map((part) => part.trim());
    return others.includes('0');
  });
  return when(
    isHarmful,
    group,
    'unified-prefix',
    'unified-prefix with a "0" of its own turns foreign numbers (00264…) into +270264…: take the line out. Client Zone reads numbers in every form.',
  );
}

function checkCore(core: Group): ConfigurationProblem[] {
  const incoming = ['sms-incoming-queue-limit', 'maximum-queue-length'].filter((name) => {
    const limit = core.number(name);
    return limit !== null && limit !== -1;
  });
  return [
    ...when(
      !['spool', 'redis'].includes(core.read('store-type')),
      core,
      'store-type',
      'A restart loses what is under way, or mends it only after a while. Write "store-type = spool", and a folder as store-location.',
    ),
    ...when(
      core.read('store-type') === 'spool' && core.read('store-location') === '',
      core,
      'store-location',
      'The store has no folder. Write "store-location = /var/spool/kannel/store".',
    ),
    ...when(
      core.read('dlr-storage') === '' || core.read('dlr-storage') === 'internal',
      core,
      'dlr-storage',
      'A restart loses every receipt that is still to come. Write "dlr-storage = spool", and a folder as dlr-spool.',
    ),
    ...when(
      core.read('dlr-storage') === 'spool' && core.read('dlr-spool') === '',
      core,
      'dlr-spool',
      'Kannel does not start: the receipts have no folder. Write "dlr-spool = /var/spool/kannel/receipts".',
    ),
    ...when(
      core.values.has('sms-combine-concatenated-mo') && !core.isOn('sms-combine-concatenated-mo'),
      core,
      'sms-combine-concatenated-mo',
      'Long replies arrive in parts, and an opt-out in one of them waits for a person. Write "sms-combine-concatenated-mo = true".',
    ),
    ...incoming.flatMap((name) =>
      when(
        true,
        core,
        name,
        `Replies above this number are thrown away. Take the line out, or write "${name} = -1".`,
      ),
    ),
    ...when(
      (core.number('sms-resend-retry') ?? -1) >= 0,
      core,
      'sms-resend-retry',
      'Messages are given up after so many tries while a network is away. Write "sms-resend-retry = -1".',
    ),
    ...checkOutgoing(core),
    ...checkLogs(core, 1),
    ...checkPrefix(core),
  ];
}

/** Above this, what was handed over may leave minutes later, and in no order. */
const mostWaiting = 1000;

function checkOutgoing(core: Group): ConfigurationProblem[] {
  const limit = core.number('sms-outgoing-queue-limit');
  return when(
    limit === null || limit < 1 || limit > mostWaiting,
    core,
    'sms-outgoing-queue-limit',
    `Kannel takes more than the network does and sends the newest first: some messages wait for hours, also after an opt-out. Write "sms-outgoing-queue-limit = ${longestQueue}".`,
  );
}

/**
 * What Kannel writes down. Bearerbox has texts at level 0 alone; smsbox has each message and its number at 1,
 * and at 3 the whole address of a reply that it tries again.
 */
function checkLogs(box: Group, leastLevel: 1 | 4): ConfigurationProblem[] {
  return [
    ...when(
      (box.number('log-level') ?? 0) < leastLevel,
      box,
      'log-level',
      `The log holds texts and numbers of people, and the secrets of addresses. Write "log-level = ${leastLevel}".`,
    ),
    ...when(
      box.read('access-log') !== '',
      box,
      'access-log',
      'This log holds texts and numbers of people, and the secrets of addresses. Take the line out.',
    ),
  ];
}

/** For how long Kannel goes on trying, at least. */
const leastRetrySeconds = 3600;

function checkSmsbox(smsbox: Group): ConfigurationProblem[] {
  const retries = smsbox.number('http-request-retry') ?? 0;
  const delay = smsbox.number('http-queue-delay');
  return [
    ...when(
      retries <= 0,
      smsbox,
      'http-request-retry',
      'A reply or receipt that Client Zone cannot take at once is lost. Write "http-request-retry = 8640".',
    ),
    ...when(
      delay === null || delay <= 0,
      smsbox,
      'http-queue-delay',
      'The pause between two tries is not set. Write "http-queue-delay = 10".',
    ),
    ...when(
      retries > 0 && delay !== null && delay > 0 && retries * delay < leastRetrySeconds,
      smsbox,
      'http-request-retry',
      `Replies are lost when Client Zone is away for ${Math.ceil((retries * (delay ?? 0)) / 60)} minutes. Write "http-request-retry = 8640" and "http-queue-delay = 10".`,
    ),
    ...when(
      (smsbox.number('http-timeout') ?? 0) <= 0,
      smsbox,
      'http-timeout',
      'A request that hangs is waited for four minutes, and others behind it. Write "http-timeout = 30".',
    ),
    ...when(
      !smsbox.isOn('mo-recode'),
      smsbox,
      'mo-recode',
      'Replies in UCS-2 arrive as bytes that nobody can read. Write "mo-recode = true".',
    ),
    ...checkLogs(smsbox, 4),
    ...checkPrefix(smsbox),
  ];
}

function checkRoute(route: Group): ConfigurationProblem[] {
  return when(
    route.read('smsbox-id') !== boxName,
    route,
    'smsbox-id',
    `What is routed to this box does not come to Client Zone. Write "smsbox-id = ${boxName}", or take the group out.`,
  );
}

function checkSendsmsUser(user: Group): ConfigurationProblem[] {
  const altered = ['header', 'footer', 'split-chars', 'split-suffix'].filter(
    (name) => user.read(name) !== '',
  );
  return [
    ...when(
      (user.number('max-messages') ?? 1) < mostParts,
      user,
      'max-messages',
      `Longer texts are cut without a word, and reported as delivered. Write "max-messages = ${mostParts}".`,
    ),
    ...when(
      !user.isOn('concatenation'),
      user,
      'concatenation',
      'A long text arrives as several that do not belong together. Write "concatenation = true".',
    ),
    ...when(
      user.read('faked-sender') !== '',
      user,
      'faked-sender',
      'Every message leaves from this number, and replies to it find no account. Take the line out.',
    ),
    ...altered.flatMap((name) =>
      when(true, user, name, 'It changes texts: more parts leave than were charged. Take the line out.'),
    ),
  ];
}

/** What get-url must hand over, with why. */
const needed: Record<string, string> = {
  b: 'the text, as bytes',
  I: 'its id: without it a second try of the same reply counts as another reply',
  T: 'its second of arrival: without it replies that a restart has shuffled end in the wrong state',
  p: 'who wrote',
  P: 'the number written to, which Kannel never rewrites',
  u: 'the header of parts: without it "Stop" in a part alone looks like all of a reply',
  c: 'the coding: without it binary messages look like texts',
};

const garbledTexts = { a: '%a', k: '%k', r: '%r', s: '%s' };

function checkServices(services: readonly Group[]): ConfigurationProblem[] {
  const defaults = services.filter((service) => service.read('keyword') === 'default');
  const others = services.filter((service) => service.read('keyword') !== 'default');
  return [
    ...(defaults.length === 0
      ? [
          {
            line: null,
            message:
              'No "sms-service" has "keyword = default": replies are lost, and whoever wrote gets "Request Failed". Write one, with catch-all, get-url and "max-messages = 0".',
          },
        ]
      : []),
    ...others.flatMap((service) =>
      when(
        true,
        service,
        'keyword',
        'It takes every reply that begins with these letters ("stop" also "stopping by later"), and Client Zone does not see it. Keep one service alone, with "keyword = default".',
      ),
    ),
    ...defaults
      .slice(1)
      .flatMap((service) => when(true, service, 'keyword', 'There is a default service already. Keep one.')),
    ...defaults.flatMap(checkService),
  ];
}

function checkService(service: Group): ConfigurationProblem[] {
  const url = service.read('get-url');
  const escapes = new Set([...url.replaceAll('%%', '').matchAll(/%([A-Za-z])/g)].map(([, letter]) => letter));
  const limits = [...service.values.keys()].filter((name) =>
    /^(?:accepted-|rejected-|allowed-|denied-|white-list|black-list)/.test(name),
  );
  return [
    ...when(
      !service.isOn('catch-all'),
      service,
      'catch-all',
      'Replies of several words are not handed over. Write "catch-all = true".',
    ),
    ...when(
      service.number('max-messages') !== 0,
      service,
      'max-messages',
      'What Client Zone answers to Kannel is sent to whoever wrote. Write "max-messages = 0".',
    ),
    ...when(
      !service.isOn('omit-empty'),
      service,
      'omit-empty',
      'Whoever wrote gets "<Empty reply from service provider>". Write "omit-empty = true".',
    ),
    ...when(
      service.read('alt-charset') !== '',
      service,
      'alt-charset',
      'Texts arrive half in one encoding, half in another, under one label. Take the line out.',
    ),
    ...when(
      service.isOn('strip-keyword'),
      service,
      'strip-keyword',
      'The first word of a reply, often the "Stop", is taken away. Take the line out.',
    ),
    ...limits.flatMap((name) =>
      when(true, service, name, 'Replies that it leaves out are lost. Take the line out.'),
    ),
    ...when(
      url === '',
      service,
      'get-url',
      'Replies are handed to nobody. Write "get-url" as "npm run kannel -- --print" shows it.',
    ),
    ...(url === '' ? [] : Object.entries(needed)).flatMap(([letter, why]) =>
      when(!escapes.has(letter), service, 'get-url', `get-url lacks %${letter}, ${why}.`),
    ),
    ...Object.entries(garbledTexts).flatMap(([letter, escape]) =>
      when(
        escapes.has(letter),
        service,
        'get-url',
        `get-url has ${escape}, which squeezes white space and loses bytes: %b alone is the text.`,
      ),
    ),
  ];
}

function checkNetworks(networks: readonly Group[]): ConfigurationProblem[] {
  const isOneAlone = new Set(networks.map((network) => network.read('smsc-id'))).size < 2;
  return networks.flatMap((network) => [
    ...when(
      network.read('smsc-id') === '',
      network,
      'smsc-id',
      'The network has no name, and no message can name it. Write "smsc-id = NAME".',
    ),
    ...when(
      !isOneAlone && network.read('allowed-smsc-id') === '' && network.read('preferred-smsc-id') === '',
      network,
      'allowed-smsc-id',
      `Messages meant for another network go out by this one, too. Write "allowed-smsc-id = ${network.read('smsc-id') || 'NAME'}".`,
    ),
    ...when(
      network.read('smsc') === 'smpp' &&
        !network.isOn('transceiver-mode') &&
        !(network.number('receive-port') ?? 0),
      network,
      'transceiver-mode',
      'Messages go out by this link, but no reply and no receipt comes in. Write "transceiver-mode = true", or the port of a second link as receive-port.',
    ),
    ...checkPrefix(network),
  ]);
}
