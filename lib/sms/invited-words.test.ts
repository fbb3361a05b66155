import { expect, test } from 'vitest';
import { findInvitedWords, type InvitingKeyword } from './invited-words';

const keywords: InvitingKeyword[] = [
  ...['stop', 'end', 'cancel', 'unsubscribe', 'quit', 'stopall', 'stop all', 'optout', 'unsub', 'revoke'].map(
    (word) => ({ word, match: 'exact' as const }),
  ),
  { word: 'stop send', match: 'prefix' },
  { word: 'opt out', match: 'prefix' },
  { word: 'opt_out', match: 'prefix' },
];
const own: InvitingKeyword[] = [
  ...keywords,
  { word: 'los my', match: 'exact' },
  { word: 'nee', match: 'prefix' },
];

const words = (text: string, of = keywords) => findInvitedWords(text, of).map(({ word }) => word);

test.each([
  ['Your appointment is tomorrow at 9. Reply CANCEL to cancel your appointment.', ['CANCEL']],
  ['Dr Naidoo, Tue 10:30. Reply 1 to confirm, STOP to reschedule', ['STOP']],
  ['Reply CONFIRM to confirm or CANCEL to cancel your booking.', ['CANCEL']],
  ['Reply CONFIRM to confirm or CANCEL to cancel. Your appointment is on Friday.', ['CANCEL']],
  ['To cancel your booking, reply CANCEL', ['CANCEL']],
  ['To reschedule reply with the word "cancel"', ['cancel']],
  ['Your order ships today. Text END if you no longer want it.', ['END']],
  ['Can you make it on Friday? Reply YES or STOP', ['STOP']],
  ['Delivery today between 9 and 12. YES = I am home, CANCEL = deliver tomorrow', ['CANCEL']],
  ['Debit order of R199 on 1 Dec. Reply REVOKE to dispute it', ['REVOKE']],
  ['Antwoord CANCEL om jou afspraak te kanselleer', ['CANCEL']],
  ['Om jou afspraak te skuif, antwoord STOP', ['STOP']],
  ['Reply QUIT to leave the competition, or WIN to stay', ['QUIT']],
  ['Reply CANCEL to cancel your appointment or STOP to opt out', ['CANCEL']],
  ['sms cancel to end your policy', ['cancel']],
  ['Appointment: Mon 8:00\nReply: CANCEL', ['CANCEL']],
])('asks for a keyword for something else: %j', (text, expected) => {
  expect(words(text)).toEqual(expected);
});

test.each([
  'Spring sale, 20% off. Reply STOP to opt out',
  'Spring sale! Reply STOP to unsubscribe.',
  'Sale. To opt out, reply STOP',
  'Sale. Opt out: STOP',
  'Sale. OptOut? Reply STOP',
  'Sale. Reply STOP to stop receiving these messages',
  'Sale. Reply STOP to cancel',
  'Sale. Reply END to end',
  'Sale. Reply STOP',
  'Sale. STOP to opt out',
  'Sale. Reply STOP to be removed from our list',
  'Sale. SMS STOP for no more messages',
  'Sale. Antwoord STOP om uit te teken',
  'Sale. Reply UNSUBSCRIBE for no further SMSes.',
  'Your appointment is at 9. Reply Y to confirm. Reply STOP to opt out.',
  'Your appointment is at 9. Reply STOP to opt out of appointment reminders.',
  'The bus will stop at the school, and we cannot cancel it.',
  'Please send us your details by the end of the month',
  'Do not stop believing. Reply to this message to win.',
  'We stop at nothing to end the drought. Answer our survey.',
  'Stop by our shop on Saturday',
  '',
  'STOP',
])('asks for none, or for an ordinary opt-out: %j', (text) => {
  expect(words(text)).toEqual([]);
});

test('own keywords and those that only begin a reply count as well', () => {
  expect(words('Kom jy? Antwoord JA of NEE', own)).toEqual(['NEE']);
  expect(words('Stuur LOS MY om jou bespreking te kanselleer', own)).toEqual(['LOS MY']);
  expect(words('Stuur LOS MY om jou bespreking te kanselleer')).toEqual([]);
  expect(words('Reply OPT OUT to skip the meeting')).toEqual(['OPT OUT']);
  expect(words('Reply OPT-OUT to skip the meeting')).toEqual(['OPT-OUT']);
});

test('says what each is asked for', () => {
  expect(findInvitedWords('Reply CANCEL to cancel your appointment, or 1 to confirm.', keywords)).toEqual([
    { word: 'CANCEL', purpose: 'to cancel your appointment' },
  ]);
  expect(findInvitedWords('To move your booking, reply STOP', keywords)).toEqual([
    { word: 'STOP', purpose: 'To move your booking' },
  ]);
});

test('a long text, or one full of almost-matches, is read as far as one can be sent', () => {
  for (const unit of ['reply ', 'STOP ', 'to ', 'STOP to ', '“', ' ', 'a, ', 'YES or ', 'reply stop,']) {
    expect(findInvitedWords(unit.repeat(1_000_000 / unit.length), keywords).length).toBeLessThan(5);
  }
});

test('keywords are words, whatever signs are in them', () => {
  expect(words('Reply C++ to pass', [{ word: 'c++', match: 'exact' }])).toEqual(['C++']);
  expect(words('Reply X to pass', [{ word: ' ', match: 'exact' }])).toEqual([]);
});
