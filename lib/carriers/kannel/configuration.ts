import path from 'node:path';
import { maxTextLength } from '@/lib/sms/segments';
import { boxName } from './box-name';

/** Where a network is reached, as `group = smsc` of Kannel's configuration says it. */
export type NetworkSettings =
  | {
      kind: 'fake';
      /** Its name: what a message's `smsc` names, and a reply's `%i`. */
      id: string;
      /** Kannel's own port, on which the fake network calls. */
      port: number;
    }
  | {
      kind: 'smpp';
      id: string;
      host: string;
      port: number;
      username: string;
      password: string;
      systemType?: string;
      /** The most messages a second; left out: as many as the window lets through. */
      perSecond?: number;
      /** Seconds until a lost link is tried again; left out: 10. */
      reconnectSeconds?: number;
    };

/** What Kannel's whole configuration is made of. */
export interface KannelSettings {
  /** For its logs, and for what it must not forget; absolute. */
  folder: string;
  /** Where replies go: `composeReplyUrl`. It may hold Kannel's escapes, and holds the carrier's secret. */
  replyUrl: string;
  sendsms: { port: number; username: string; password: string };
  adminPort: number;
  adminPassword: string;
  /** Between bearerbox and its boxes. */
  boxPort: number;
  /** Whether the worker is a box of its own (box.ts), which replies and receipts are routed to. */
  hasOwnBox?: boolean;
  /** At least one, each with its own id. */
  networks: readonly NetworkSettings[];
}

/** Parts that the longest text may have, in UCS-2: Kannel cuts what has more, without a word. */
export const mostParts = Math.ceil(maxTextLength / 67);

/** How long Kannel tries to hand over a reply or a receipt: a day, every ten seconds. */
export const retrySeconds = 10;
export const retries = 8640;

/** Replies and receipts that smsbox hands over at a time. */
const mostRequests = 100;

/** The same of what bearerbox itself hands to the worker; it costs nobody anything while it waits. */
const mostUnacknowledged = 500;

/**
 * Messages that may wait in Kannel for one network: what its window takes, and as much again.
 */
export const longestQueue = 100;

interface Line {
  why: string;
  name: string;
  value: string | number | boolean;
}

const line = (name: string, value: Line['value'], why: string): Line => ({ name, value, why });

/**
 * The configuration file of Kannel 1.4.5, bearerbox and smsbox together, each line with its why. It holds
 * secrets: keep it from other users. What it says passes `checkConfiguration`.
 */
export function composeConfiguration(settings: KannelSettings): string {
  const groups = [
    composeCore(settings),
    ...settings.networks.map((network) => composeNetwork(network, settings.networks.length > 1)),
    composeSmsbox(settings),
    ...(settings.hasOwnBox ? [composeBoxRoute(settings)] : []),
    composeSendsmsUser(settings),
    composeService(settings),
  ];
  const head = [
    '# Kannel for Client Zone. Written by the program: change its settings instead, or copy the file and check',
    '# the copy with "npm run kannel -- --check FILE".',
    '# A blank line ends a group: within one there must be none.',
  ];
  return `${[head.join('\n'), ...groups.map(formatGroup)].join('\n\n')}\n`;
}

function formatGroup(lines: readonly Line[]): string {
  return lines
    .map(({ why, name, value }) => `${why === '' ? '' : `# ${why}\n`}${name} = ${formatValue(value)}`)
    .join('\n');
}

function formatValue(value: Line['value']): string {
  if (typeof value !== 'string') return String(value);
  if (/[\r\n\0]/.test(value))
    throw new RangeError('A value of Kannel’s configuration cannot have two lines.');
  return /^[A-Za-z0-9-]+$/.test(value) ? value : `"${value.replaceAll(/[\\"]/g, String.raw`\$&`)}"`;
}

function composeCore({ folder, adminPort, adminPassword, boxPort, hasOwnBox }: KannelSettings): Line[] {
  return [
    line('group', 'core', 'Bearerbox: speaks to the networks, and keeps what is under way.'),
    line('admin-port', adminPort, 'Its status, and how it is told to stop or to suspend a network.'),
    line('admin-interface', '127.0.0.1', 'For this machine alone.'),
    line('admin-password', adminPassword, ''),
    line('smsbox-port', boxPort, 'Where smsbox calls.'),
    line('smsbox-interface', '127.0.0.1', 'Whoever calls there can send and read every message.'),
    line('box-deny-ip', '*.*.*.*', 'The same, should the line above be taken away.'),
    line('box-allow-ip', '127.0.0.1', ''),
    ...(hasOwnBox
      ? [
          line(
            'smsbox-max-pending',
            mostUnacknowledged,
            'Replies and receipts that the worker has and has not acknowledged yet; those of a moment are recorded together.',
          ),
        ]
      : []),
    line('store-type', 'spool', 'A file for each message under way: what has been taken survives a restart.'),
    line('store-location', path.join(folder, 'store'), ''),
    line(
      'dlr-storage',
      'spool',
      'Which message a receipt belongs to; kept in memory ("internal"), each restart loses the receipts to come.',
    ),
    line('dlr-spool', path.join(folder, 'receipts'), ''),
    line(
      'sms-combine-concatenated-mo',
      true,
      'A long reply is read as one text; "Stop" in one part of several would be unsure.',
    ),
    line(
      'sms-combine-concatenated-mo-timeout',
      300,
      'So many seconds a part waits for the others; by default half an hour.',
    ),
    line('sms-resend-freq', 10, 'A message that the network could not take now is tried again so often.'),
    line(
      'sms-resend-retry',
      -1,
      'And for as long as it takes: given up is nothing that the network did not refuse.',
    ),
    line(
      'sms-outgoing-queue-limit',
      longestQueue,
      'What is above it stays with Client Zone. Kannel sends the newest first, so that in a long queue some wait for ever; and an opt-out no longer reaches what is in it.',
    ),
    line('log-file', path.join(folder, 'bearerbox.log'), ''),
    line('log-level', 1, 'Below 1 it writes down texts and numbers of people.'),
  ];
}

function composeNetwork(network: NetworkSettings, hasOthers: boolean): Line[] {
  const routing = [
    hasOthers
      ? line(
          'allowed-smsc-id',
          network.id,
          'Takes the messages that name it, and no others: without this line "smsc=" of a message is ignored.',
        )
      : line('preferred-smsc-id', network.id, 'Takes the messages that name it, and those that name none.'),
  ];
  if (network.kind === 'fake') {
    return [
      line('group', 'smsc', 'A fake network: it calls here, and speaks a line for each message.'),
      line('smsc', 'fake', ''),
      line('smsc-id', network.id, ''),
      ...routing,
      line('port', network.port, ''),
      line('connect-allow-ip', '127.0.0.1', 'Whoever calls there can write replies of anybody.'),
    ];
  }
  return [
    line('group', 'smsc', 'A network, by SMPP 3.4.'),
    line('smsc', 'smpp', ''),
    line('smsc-id', network.id, ''),
    ...routing,
    line('host', network.host, ''),
    line('port', network.port, ''),
    line('transceiver-mode', true, 'Replies and receipts come in by the same link as messages go out.'),
    line('smsc-username', network.username, ''),
    line('smsc-password', network.password, ''),
    line('system-type', network.systemType ?? '', 'Some networks ask for one; most for none.'),
    line('interface-version', 34, ''),
    line('enquire-link-interval', 30, 'So often it makes sure that the link is alive.'),
    line(
      'max-pending-submits',
      100,
      'Messages on the way without an answer; ask the network what it allows.',
    ),
    ...(network.perSecond === undefined
      ? []
      : [
          line(
            'throughput',
            network.perSecond,
            'What the network takes in a second: above it, it throttles.',
          ),
        ]),
    line('wait-ack', 60, 'Seconds until a message without an answer counts as unanswered …'),
    line('wait-ack-expire', '0x01', '… and is sent again, instead of being forgotten.'),
    line('reconnect-delay', network.reconnectSeconds ?? 10, 'Seconds until a lost link is tried again.'),
  ];
}

function composeSmsbox({ folder, boxPort, sendsms }: KannelSettings): Line[] {
  return [
    line('group', 'smsbox', 'Smsbox: hands replies and receipts to Client Zone, and takes its messages.'),
    line('bearerbox-host', '127.0.0.1', `Bearerbox, on port ${boxPort} as above.`),
    line('sendsms-port', sendsms.port, 'Where Client Zone hands over its messages.'),
    line('sendsms-interface', '127.0.0.1', 'For this machine alone.'),
    line(
      'http-request-retry',
      retries,
      'Kannel has told the network that it took a reply before we did: without these tries it loses each that we cannot take just then.',
    ),
    line('http-queue-delay', retrySeconds, 'Seconds between two tries: with the line above, for a day.'),
    line(
      'http-timeout',
      30,
      'Seconds until an answer that does not come counts as none; by default four minutes.',
    ),
    line(
      'max-pending-requests',
      mostRequests,
      'What it hands over at a time; the rest waits in bearerbox, where nothing is lost. By default 512, and it looks at each of them all the time.',
    ),
    line('mo-recode', true, 'Texts arrive as UTF-8, whatever the phone wrote them in.'),
    line('log-file', path.join(folder, 'smsbox.log'), ''),
    line(
      'log-level',
      4,
      'Why it cannot start, and no more: below 4 it writes down each text, the numbers of people, and the secrets in addresses.',
    ),
  ];
}

function composeBoxRoute({ networks }: KannelSettings): Line[] {
  return [
    line(
      'group',
      'smsbox-route',
      'Replies and receipts go from bearerbox to the worker itself; bearerbox keeps each until the worker has recorded it. While no worker is there, they wait.',
    ),
    line('smsbox-id', boxName, 'What the worker calls itself.'),
    line('smsc-id', networks.map(({ id }) => id).join(';'), 'Of these networks.'),
  ];
}

function composeSendsmsUser({ sendsms }: KannelSettings): Line[] {
  return [
    line('group', 'sendsms-user', 'Client Zone, as the sender of messages.'),
    line('username', sendsms.username, ''),
    line('password', sendsms.password, ''),
    line('max-messages', mostParts, 'Parts of a text; what is longer than this would be cut without a word.'),
    line('concatenation', true, 'The parts say how to join them: the phone shows one text.'),
  ];
}

function composeService({ replyUrl }: KannelSettings): Line[] {
  return [
    line(
      'group',
      'sms-service',
      'All replies go one way. Reading them is the work of Client Zone: "keyword = stop" would match "stopping by later", too.',
    ),
    line('keyword', 'default', ''),
    line('catch-all', true, 'With or without other words.'),
    line('max-messages', 0, 'Nothing that Client Zone answers is sent to whoever wrote.'),
    line('omit-empty', true, 'Nor that the answer was empty.'),
    line(
      'get-url',
      replyUrl,
      'Text as bytes, sender and number written to, Kannel’s id, its second of arrival, coding, header of parts.',
    ),
  ];
}
