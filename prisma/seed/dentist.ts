import { dentist, lindiwe, phones, priya } from './cast';
import { isLawfulTime } from './lawful-hours';
import { optOutTexts, patientTexts } from './reply-texts';
import type { Story } from './story';
import { dayMs, hourMs, minuteMs, type DemoMessage } from './world';

interface Patient {
  msisdn: string;
  name: string;
}

const titles = ['Ms', 'Mr', 'Mrs', 'Dr'];
const surnames = [
  'Naidoo',
  'Govender',
  'Dlamini',
  'Khumalo',
  'Pillay',
  'Botha',
  'Mkhize',
  'Reddy',
  'Zulu',
  'Smith',
];
const dayNames = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

const onTheShelf = new Map<number, Patient>([
  [15, { msisdn: phones.patient, name: 'Ms Khumalo' }],
  [9, { msisdn: phones.both, name: 'Mr Pillay' }],
  [2, { msisdn: phones.patient, name: 'Ms Khumalo' }],
]);
/**
 * How many days ago a patient took "Cancel" for the word that cancels an appointment; the first was put
 * right.
 */
const cancelled = [121, 66, 23];
const stopped = [97, 58, 31, 12];

/** Bayside Dental Studio, W61207: reminders, each to one patient, the working day before. */
export function planDentist(story: Story): void {
  story.planTopUps(dentist, { first: 200, monthly: 150, firstInvoice: 21_380 });
  const { random, world } = story;
  const patients = story.makeNumbers(190).map((msisdn): Patient => {
    return { msisdn, name: `${random.pick(titles)} ${random.pick(surnames)}` };
  });
  planWayBack(story);
  for (let daysAgo = 146; daysAgo >= 1; daysAgo--) {
    const shelved = onTheShelf.get(daysAgo);
    const reminded = [...(shelved ? [shelved] : []), ...random.sample(patients, random.whole(1, 4))];
    for (const [index, patient] of reminded.entries()) {
      story.plan(story.pickTime(daysAgo, 9 * 60 + index * 7), (at) => {
        const [message] = world.send({
          accountId: dentist,
          at,
          createdBy: priya,
          text: composeReminder(story, patient.name, at),
          recipients: [patient.msisdn],
        });
        if (message?.status !== 'DELIVERED') return;
        if (patient === shelved) story.planReply(message, 'Yes thanks');
        else if (index === 0 && cancelled.includes(daysAgo))
          planCancel(story, message, daysAgo === cancelled[0]);
        else if (index === 0 && stopped.includes(daysAgo)) story.planReply(message, random.pick(optOutTexts));
        else if (random.chance(0.4)) story.planReply(message, random.pick(patientTexts));
      });
    }
  }
}

/**
 * One who took "Cancel" for the word that cancels an appointment would like the reminders back, and waits for
 * the staff.
 */
function planWayBack(story: Story): void {
  story.plan(story.pickTime(2, 11 * 60), (at) => {
    const optOut = story.removals.findCandidate(dentist, at - 5 * dayMs);
    if (!optOut) return;
    const request = story.removals.ask(optOut, at, priya);
    story.plan(at + 9 * minuteMs, (repliedAt) => story.removals.answer(request, repliedAt, 'Yes'));
  });
}

function planCancel(story: Story, message: DemoMessage, putRight: boolean): void {
  story.planReply(message, 'Cancel', (at) => {
    if (!putRight) return;
    story.plan(at + 22 * hourMs, (decidedAt) => {
      const optOut = story.world.findOptOut(dentist, message.msisdn);
      if (!optOut) return;
      story.world.removeOptOut(optOut, decidedAt, {
        kind: 'CORRECTED',
        actor: `staff:${lindiwe}`,
        reason: '“Cancel” was about the appointment; the patient said so on the phone.',
        evidence: {},
      });
    });
  });
}

function composeReminder({ random }: Story, name: string, remindedAt: number): string {
  let noon = findNoon(remindedAt) + dayMs;
  while (!isLawfulTime(new Date(noon))) noon += dayMs;
  const date = new Date(noon);
  const lastHour = date.getUTCDay() === 6 ? 11 : 15;
  const time = `${random.whole(8, lastHour)}:${random.pick(['00', '15', '30', '45'])}`;
  return (
    `Bayside Dental: dear ${name}, we expect you on ${dayNames[date.getUTCDay()]} ${date.getUTCDate()}/` +
    `${date.getUTCMonth() + 1} at ${time}. Reply YES to confirm, or phone 031 555 0142 to change it.`
  );
}

/** Noon of the same day in South Africa, ten o'clock UTC: lawful on every day that has lawful hours. */
function findNoon(at: number): number {
  const offsetMs = 2 * hourMs;
  return Math.floor((at + offsetMs) / dayMs) * dayMs + 10 * hourMs;
}
