import { formatAccountNumber } from '@/lib/auth/account-number';
import { sourceLabels } from '@/lib/consents/labels';
import type { ConsentRecord } from '@/lib/consents/schema';
import { describeStatus, firstPartNote, purposeLabels, statusLabels } from '@/lib/messages/labels';
import { describeRule, kindLabels } from '@/lib/opt-outs/labels';
import { describeMarketer } from '@/lib/registry/labels';
import type { RegistryRecord } from '@/lib/registry/schema';
import { verdictLabels } from '@/lib/replies/labels';
import { formatMsisdn } from '@/lib/sms/msisdn';
import { formatDuration, reviewDecisionLabels, storyEventLabels } from './labels';
import type { AnsweredMessage, Episode, NumberStory, StoryItem } from './schema';
import { formatOffsetTime } from './offset-time';

/**
 * One line of an evidence pack. The PDF and the CSV are both written from the same list of these and from
 * nothing else, so they cannot say different things.
 */
export interface Fact {
  section: string;
  /** "2026-11-23 14:32:05.120 +02:00", in the account's time zone; empty for what has no moment. */
  when: string;
  what: string;
  /** What somebody wrote, word for word. */
  text: string;
  /** The rule a reply matched, in words. */
  rule: string;
  who: string;
  senderNumber: string;
  /** The rest, in sentences. */
  details: string;
}

interface EvidenceSubject {
  account: { id: number; name: string; timeZone: string };
  story: NumberStory;
}

const messageNames = {
  NORMAL: 'Message',
  CONFIRMATION: 'Confirmation SMS',
  CONSENT: 'Consent SMS',
  SERVICE: 'Service SMS',
};

/** Everything an evidence pack says about a number, the oldest of each section first. */
export function collectFacts({ account, story }: EvidenceSubject): Fact[] {
  const at = (iso: string) => formatOffsetTime(iso, account.timeZone);
  const oldestFirst = [...story.items].reverse();
  const episodes = [...story.earlierEpisodes].reverse();
  if (story.block) episodes.push(story.block);
  return [
    composeFact('Account', 'Account', { details: `${account.name}, ${formatAccountNumber(account.id)}` }),
    composeFact('Account', 'Number', { details: `${story.msisdn} (${formatMsisdn(story.msisdn)})` }),
    composeFact('Account', 'Time zone', { details: account.timeZone }),
    describeState(story, at),
    ...[...story.registry].reverse().flatMap((record) => describeRecord(record, at)),
    ...[...story.consents].reverse().flatMap((record) => describeConsent(record, at)),
    ...episodes.flatMap((episode) => describeHonour(episode, at)),
    ...oldestFirst.flatMap((item) => (item.type === 'event' ? [describeEvent(item, at)] : [])),
    ...oldestFirst.flatMap((item) => (item.type === 'reply' ? [describeReply(item, at)] : [])),
    ...describeCut(story),
    ...oldestFirst.flatMap((item) => (item.type === 'message' ? [describeMessage(item, at)] : [])),
  ];
}

type Format = (iso: string) => string;

/** A fact with what is known of it. */
export function composeFact(
  section: string,
  what: string,
  rest: Partial<Omit<Fact, 'section' | 'what'>>,
): Fact {
  return { section, when: '', what, text: '', rule: '', who: '', senderNumber: '', details: '', ...rest };
}

function describeState({ block, registry }: NumberStory, at: Format): Fact {
  if (!block) {
    const isListed = registry.some(({ liftedAt }) => liftedAt === null);
    return composeFact('State now', 'Not opted out', {
      details: isListed
        ? 'The number is not on the account’s opt-out list, but on the national opt-out registry: marketing to it is blocked, service messages are not.'
        : 'The number is not on the account’s opt-out list; the account can write to it.',
    });
  }
  return composeFact('State now', 'Opted out', {
    when: at(block.startedAt),
    who: block.startedBy,
    rule: block.evidence?.rule ? describeRule(block.evidence.rule) : '',
    text: block.evidence?.text ?? '',
    senderNumber: block.evidence?.senderNumber ?? '',
    details: sentences(
      describeLength(block.evidence),
      `How it came: ${kindLabels[block.kind]}`,
      'Messages from the account to this number are blocked since then',
      describeAnswered(block.evidence?.answered ?? null, at),
    ),
  });
}

/** Which of them blocked a message is said by the message's own reason. */
export function describeRecord(
  { marketerId, source, answeredOn, listedAt, liftedAt }: RegistryRecord,
  at: Format,
): Fact[] {
  const whose = describeMarketer(marketerId);
  const details = sentences(`Source: ${source}, answer of ${answeredOn}`, `Blocks marketing of: ${whose}`);
  return [
    composeFact('National registry', 'In force', { when: at(listedAt), details }),
    ...(liftedAt === null
      ? []
      : [composeFact('National registry', 'Lifted', { when: at(liftedAt), details })]),
  ];
}

/** A consent with what shows it, and its end. */
export function describeConsent(record: ConsentRecord, at: Format): Fact[] {
  const { givenAt, source, wording, url, file, recordedAt, recordedBy, isInForce, overrides } = record;
  const { withdrawnAt, withdrawal } = record;
  return [
    composeFact('Consent', 'Given', {
      when: at(givenAt),
      who: 'the recipient',
      text: wording,
      details: sentences(
        `How: ${sourceLabels[source]}`,
        url && `It can be seen at: ${url}`,
        file && `The file “${file.name}” shows it, SHA-256 ${file.hash}; the account keeps it`,
        `Written down at ${at(recordedAt)} by ${recordedBy}`,
        !isInForce && withdrawnAt === null && 'A consent given later has taken its place',
        overrides > 0 &&
          `Because of it ${overrides} ${overrides === 1 ? 'message' : 'messages'} left although the number was on the national registry`,
      ),
    }),
    ...(withdrawnAt === null
      ? []
      : [
          withdrawal === null
            ? composeFact('Consent', 'Withdrawn', {
                when: at(withdrawnAt),
                details: 'An opt-out ended this consent.',
              })
            : composeFact('Consent', 'Withdrawn', {
                when: at(withdrawal.at),
                who: 'the recipient',
                text: withdrawal.reason,
                details: sentences(
                  `Written down at ${at(withdrawnAt)} by ${withdrawal.recordedBy}`,
                  'It has let no message through since then',
                ),
              }),
        ]),
  ];
}

function describeHonour({ honoured, confirmation, startedAt }: Episode, at: Format): Fact[] {
  if (!honoured) return [];
  const { receivedAt, blockedMs, confirmationSentMs, confirmationDeliveredMs } = honoured;
  const after = (ms: number) => `${formatDuration(ms)} (${ms} ms) after the reply was received`;
  return [
    composeFact('Time to honour', 'Opt-out', {
      when: at(receivedAt),
      details: sentences(
        `Reply received at ${at(receivedAt)}`,
        Date.parse(startedAt) < Date.parse(receivedAt) && blockedMs === 0
          ? `The number was blocked already, since ${at(startedAt)}`
          : `Number blocked ${after(blockedMs)}`,
        confirmation === null
          ? 'No confirmation SMS is on record'
          : confirmationSentMs === null
            ? `Confirmation SMS not sent; its status is ${statusLabels[confirmation.status]}`
            : `Confirmation SMS handed to the network ${after(confirmationSentMs)}`,
        confirmationDeliveredMs !== null && `Confirmation SMS delivered ${after(confirmationDeliveredMs)}`,
      ),
    }),
  ];
}

function describeEvent(item: Extract<StoryItem, { type: 'event' }>, at: Format): Fact {
  return composeFact('Opt-outs', storyEventLabels[item.kind], {
    when: at(item.at),
    who: item.who,
    text: item.reply?.text ?? '',
    rule: item.reply?.rule ? describeRule(item.reply.rule) : '',
    senderNumber: item.reply?.senderNumber ?? '',
    details: sentences(
      describeLength(item.reply),
      item.reply?.receivedAt && `Reply received at ${at(item.reply.receivedAt)}`,
      describeAnswered(item.reply?.answered ?? null, at),
      item.reply !== null &&
        item.reply.sharedWith > 0 &&
        'The sender number was shared: every account that had written from it was blocked',
      item.list &&
        `From the list “${item.list.name}”${item.list.line === null ? '' : `, line ${item.list.line}`}`,
      item.source && `Source: ${item.source}`,
      item.reason && `Reason: ${item.reason}`,
    ),
  });
}

function describeReply(item: Extract<StoryItem, { type: 'reply' }>, at: Format): Fact {
  return composeFact('Replies', verdictLabels[item.verdict], {
    when: at(item.at),
    who: 'the recipient',
    text: item.text,
    rule: item.rule ? describeRule(item.rule) : '',
    senderNumber: item.senderNumber,
    details: sentences(
      describeLength(item),
      item.arrivedAt && `It came to the network’s gateway at ${at(item.arrivedAt)}`,
      describeAnswered(item.answered, at),
      item.review &&
        `${item.review.by} decided at ${at(item.review.at)}: ${reviewDecisionLabels[item.review.decision]}`,
    ),
  });
}

function describeMessage(item: Extract<StoryItem, { type: 'message' }>, at: Format): Fact {
  return composeFact('Messages', messageNames[item.kind], {
    when: at(item.at),
    who: 'the account',
    text: item.text,
    senderNumber: item.senderNumber,
    details: sentences(
      item.purpose && `Purpose: ${purposeLabels[item.purpose].toLowerCase()}`,
      `Status: ${describeStatus(item.status, item.isFirstPart)}`,
      item.sentAt && `Sent at ${at(item.sentAt)}`,
      item.finishedAt && `${statusLabels[item.status]} at ${at(item.finishedAt)}`,
      item.reason ?? (item.isFirstPart && firstPartNote),
    ),
  });
}

/** A reply can be a megabyte; the pack has its beginning, and says so. */
function describeLength(reply: { text: string; wholeLength: number | null } | null): string | null {
  if (!reply || reply.wholeLength === null) return null;
  return (
    `This is the beginning of the reply: the first ${[...reply.text].length} of ${reply.wholeLength} characters. ` +
    'The page of the number has the whole text as a file'
  );
}

/** A pack that had to leave something out says so. */
function describeCut({ items, earlier }: NumberStory): Fact[] {
  if (earlier === null) return [];
  return [
    composeFact('Messages', 'Not in this pack', {
      details: `This pack holds the latest ${items.length} messages, replies and changes; earlier ones are in Message Logs.`,
    }),
  ];
}

function describeAnswered(answered: AnsweredMessage | null, at: Format): string | null {
  return answered && `It answered the message of ${at(answered.sentAt)}: “${answered.text}”`;
}

/** Joins what there is; what ends without a full stop gets one. */
export function sentences(...parts: (string | false | null | undefined)[]): string {
  return parts
    .filter((part) => typeof part === 'string' && part !== '')
    .map((part) => (/[.!?…]”?$/.test(part as string) ? part : `${part as string}.`))
    .join(' ');
}
