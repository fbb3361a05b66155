import { formatAccountNumber } from '@/lib/auth/account-number';
import { sourceLabels } from '@/lib/consents/labels';
import { describeStatus, firstPartNote, purposeLabels, statusLabels } from '@/lib/messages/labels';
import { readCalendar, type LawfulHours, type MinuteRange } from '@/lib/messages/lawful-hours';
import { readRecipientTimes } from '@/lib/messages/recipient-clock';
import { ruleLabels } from '@/lib/opt-outs/gate';
import { describeMarketer } from '@/lib/registry/labels';
import { findMissingFromMarketing } from '@/lib/sms/marketing-text';
import { formatMsisdn } from '@/lib/sms/msisdn';
import type { Complaint, ComplaintMessage } from './complaint-queries';
import { composeFact, describeConsent, describeRecord, sentences, type Fact } from './evidence-facts';
import { formatOffsetTime } from './offset-time';

interface ComplaintSubject {
  account: { id: number; name: string };
  complaint: Complaint;
}

const names = {
  NORMAL: 'Message',
  CONFIRMATION: 'Confirmation SMS',
  CONSENT: 'Consent SMS',
  SERVICE: 'Service SMS',
};

/**
 * Everything a complaint pack says of an account and a number: what was sent in the period, and of each
 * message what the gate knew at that moment and which rule decided. The oldest of each section first.
 */
export function collectComplaint({ account, complaint }: ComplaintSubject): Fact[] {
  const { msisdn, period, messages, isCut, zones } = complaint;
  const at = (iso: string) => formatOffsetTime(iso, period.timeZone);
  const oldest = <Row>(rows: readonly Row[]) => [...rows].reverse();
  return [
    composeFact('Account', 'Account', { details: `${account.name}, ${formatAccountNumber(account.id)}` }),
    composeFact('Account', 'Number', { details: `${msisdn} (${formatMsisdn(msisdn)})` }),
    composeFact('Account', 'Period', {
      details: `From ${period.from} to ${period.to}, both days included, in ${period.timeZone}.`,
    }),
    composeFact('Account', 'Recipient’s clock', {
      details:
        `${zones.join(', ')}, by the country of the number. Whether an hour was lawful is told by the hours that were in force at that moment: ` +
        'never on Sundays and public holidays of South Africa, by the date where the recipient is.',
    }),
    ...complaint.hours.map(({ since, ...hours }) =>
      composeFact('Hours of marketing', 'In force', {
        when: since === null ? '' : at(since),
        details: sentences(
          since === null ? 'From the beginning' : 'Set by the provider then',
          `On weekdays from ${formatRange(hours.weekday)}, on Saturdays from ${formatRange(hours.saturday)}`,
          hours.extraHolidays.length > 0 &&
            `Public holidays beside those of the calendar: ${hours.extraHolidays.join(', ')}`,
        ),
      }),
    ),
    ...oldest(complaint.registrations).map(({ number, endsOn, createdAt }) =>
      composeFact('Registration as a direct marketer', number, {
        when: at(createdAt),
        details: `Written down then. The last day on which it is in force is ${endsOn}.`,
      }),
    ),
    ...oldest(complaint.cleansings)
      .sort((one, other) => one.inForceAt.localeCompare(other.inForceAt))
      .map(({ asOf, name, inForceAt, isOfIndustry }) =>
        composeFact('Cleansing', `Answer of ${asOf}`, {
          when: at(inForceAt),
          details: sentences(
            isOfIndustry ? 'For the whole industry' : 'Of this account',
            `File: ${name}`,
            'In force from then on',
          ),
        }),
      ),
    ...oldest(complaint.registry).flatMap((record) => describeRecord(record, at)),
    ...oldest(complaint.consents).flatMap((record) => describeConsent(record, at)),
    ...oldest(complaint.blocks).flatMap(({ startedAt, endedAt }) => [
      composeFact('Opt-outs', 'Opted out', { when: at(startedAt) }),
      ...(endedAt === null ? [] : [composeFact('Opt-outs', 'Block lifted', { when: at(endedAt) })]),
    ]),
    ...describeAmount(messages.length, isCut),
    ...oldest(messages).map((message) => describeMessage(message, complaint, at)),
  ];
}

function describeAmount(count: number, isCut: boolean): Fact[] {
  if (count === 0) {
    return [
      composeFact('Messages', 'None', {
        details: 'The account sent this number no message in the period, and none to it was blocked.',
      }),
    ];
  }
  return isCut
    ? [
        composeFact('Messages', 'Not in this pack', {
          details: `This pack holds the latest ${count} messages of the period. Ask for a shorter one to see the others.`,
        }),
      ]
    : [];
}

type Format = (iso: string) => string;

/** When the gate last decided: as it left, as it was blocked, or as it was accepted. */
function findMoment({ sentAt, finishedAt, status, createdAt }: ComplaintMessage): string {
  return sentAt ?? (status === 'BLOCKED' ? finishedAt : null) ?? createdAt;
}

function describeMessage(message: ComplaintMessage, complaint: Complaint, at: Format): Fact {
  const {
    kind,
    purpose,
    text,
    senderNumber,
    status,
    isFirstPart,
    sentAt,
    createdAt,
    finishedAt,
    textErasedAt,
  } = message;
  const moment = findMoment(message);
  const { rule, decision } = describeDecision(message, complaint);
  return composeFact('Messages', names[kind], {
    when: at(moment),
    text,
    rule,
    who: 'the account',
    senderNumber,
    details: sentences(
      `Purpose: ${purpose ? purposeLabels[purpose].toLowerCase() : 'none on record'}`,
      `Status: ${describeStatus(status, isFirstPart)}`,
      sentAt === null ? 'It did not leave' : `Left at ${at(sentAt)}`,
      createdAt !== moment && `Accepted at ${at(createdAt)}`,
      finishedAt !== null && finishedAt !== moment && `${statusLabels[status]} at ${at(finishedAt)}`,
      purpose === 'MARKETING' && textErasedAt === null && describeSpeaker(text, complaint),
      describeClock(moment, complaint, at),
      describeRegistration(moment, complaint),
      describeCleansing(moment, complaint),
      describeRegistry(moment, complaint),
      describeConsentThen(moment, complaint),
      describeBlock(moment, complaint, at),
      `Decision of the gate: ${decision}`,
      isFirstPart && firstPartNote,
    ),
  });
}

/** A text does not change; names of an account may, and which it had then is not kept. */
function describeSpeaker(text: string, { names }: Complaint): string {
  const missing = findMissingFromMarketing(text, names);
  return [
    `Who is speaking: ${missing.name ? 'no name that the account has now is in the text' : 'named in the text'}`,
    `How to opt out: ${missing.wayOut ? 'not said in the text' : 'said in the text'}`,
  ].join('. ');
}

function describeClock(moment: string, { zones, hours }: Complaint, at: Format): string {
  const inForce = hours.findLast(({ since }) => since === null || since <= moment) ?? hours[0];
  const judge = (judged: LawfulHours) => readRecipientTimes(new Date(moment), zones, judged);
  const isWithin = (judged: LawfulHours) => judge(judged).every((time) => time.isLawful);
  const times = judge(inForce);
  const shown = times
    .map(({ zone, shown }) => (times.length === 1 ? shown : `${shown} in ${zone}`))
    .join(', ');
  const isLawful = isWithin(inForce);
  // A holiday proclaimed later is no reproach, but whoever looks it up now would wonder.
  const later = hours.find(
    (other) => other.since !== null && other.since > moment && isWithin(other) !== isLawful,
  );
  const note = later?.since
    ? `; by what was set later, at ${at(later.since)}, it would be ${isLawful ? 'outside' : 'within'} them`
    : '';
  return `Recipient’s clock: ${shown}, ${isLawful ? 'within' : 'outside'} the lawful hours of marketing${note}`;
}

/** "08:00 to 20:00" */
function formatRange({ from, to }: MinuteRange): string {
  const format = (minute: number) =>
    `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
  return `${format(from)} to ${format(to)}`;
}

function describeRegistration(moment: string, { registrations }: Complaint): string {
  const { date } = readCalendar(new Date(moment));
  // the newest that was written down by then
  const newest = registrations.find(({ createdAt }) => createdAt <= moment);
  if (!newest) return 'Registration in force: none on record';
  return newest.endsOn >= date
    ? `Registration in force: ${newest.number}, until ${newest.endsOn}`
    : `Registration in force: none; ${newest.number} ended on ${newest.endsOn}`;
}

const dayMs = 86_400_000;

function describeCleansing(moment: string, { cleansings }: Complaint): string {
  const [newest] = cleansings
    .filter(({ inForceAt }) => inForceAt <= moment)
    .sort((one, other) => other.asOf.localeCompare(one.asOf));
  if (!newest) return 'Cleansing in force: none on record';
  const { date } = readCalendar(new Date(moment));
  const days = Math.round((Date.parse(date) - Date.parse(newest.asOf)) / dayMs);
  return `Cleansing in force: of ${newest.asOf}, ${days} ${days === 1 ? 'day' : 'days'} old${newest.isOfIndustry ? ', for the whole industry' : ''}`;
}

const isIn = (moment: string, from: string, to: string | null) =>
  from <= moment && (to === null || moment < to);

function describeRegistry(moment: string, { registry }: Complaint): string {
  const entry = registry.find(({ listedAt, liftedAt }) => isIn(moment, listedAt, liftedAt));
  return entry
    ? `National registry: on it, ${describeMarketer(entry.marketerId).toLowerCase()}, answer of ${entry.answeredOn}`
    : 'National registry: not on it';
}

function describeConsentThen(moment: string, { consents }: Complaint): string {
  // the last one given by then, unless it had ended; what was written down later is told as such
  const [consent] = consents
    .filter(({ givenAt, withdrawnAt }) => isIn(moment, givenAt, withdrawnAt))
    .sort((one, other) => other.givenAt.localeCompare(one.givenAt));
  if (!consent) return 'Consent: none in force';
  const { source, givenAt, recordedAt, withdrawal } = consent;
  const later = recordedAt > moment ? ', written down later' : '';
  // The gate could not know of a withdrawal before it was written down; whoever complains may well.
  const withdrawn =
    withdrawal && withdrawal.at <= moment
      ? `, withdrawn ${withdrawal.at.slice(0, 10)}, which was written down later`
      : '';
  return `Consent: given ${givenAt.slice(0, 10)}, ${sourceLabels[source].toLowerCase()}${later}${withdrawn}`;
}

function describeBlock(moment: string, { blocks }: Complaint, at: Format): string {
  const block = blocks.find(({ startedAt, endedAt }) => isIn(moment, startedAt, endedAt));
  return block ? `Opt-out: opted out since ${at(block.startedAt)}` : 'Opt-out: not opted out';
}

function describeDecision(
  { id, kind, purpose, status, reason, sentAt }: ComplaintMessage,
  { overridden }: Complaint,
): { rule: string; decision: string } {
  if (status === 'BLOCKED') {
    return {
      rule: ruleLabels[reason ?? ''] ?? 'Block',
      decision: `blocked. ${reason ?? 'No reason is on record'}`,
    };
  }
  if (status === 'CANCELLED')
    return { rule: 'Cancelled', decision: 'none: it was cancelled before its time' };
  if (status === 'QUEUED' && sentAt === null) {
    return { rule: 'Not decided', decision: `it waits to leave${reason ? `. ${reason}` : ''}` };
  }
  if (kind !== 'NORMAL') {
    return {
      rule: names[kind],
      decision:
        'let through: it is no marketing, and is sent because the law, the recipient or a sign-in asks for it',
    };
  }
  const given = overridden.get(id);
  if (given !== undefined) {
    return {
      rule: 'Consent against the registry',
      decision: `let through although the number was on the national registry, because of the consent given ${given.slice(0, 10)}: the provider has set that consent stands`,
    };
  }
  if (purpose === 'MARKETING') {
    return {
      rule: 'No rule blocked it',
      decision: 'let through: the number was not opted out, and nothing held marketing to it back',
    };
  }
  return {
    rule: purpose === 'SERVICE' ? 'Service message' : 'No purpose on record',
    decision:
      purpose === 'SERVICE'
        ? 'let through: the number was not opted out; the registry and the hours are about marketing alone'
        : 'let through: the number was not opted out; nobody had said what the message was for',
  };
}
