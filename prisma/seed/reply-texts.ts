/** What people write, whatever the message was. The tests hold each list to its verdict. */

/** Certain opt-outs; as often in the list as they come in life. */
export const optOutTexts: readonly string[] = [
  ...Array<string>(16).fill('Stop'),
  ...Array<string>(20).fill('STOP'),
  ...Array<string>(8).fill('stop'),
  'Stop.',
  'STOP!',
  'STOP!!!',
  'Stop 🛑',
  '“Stop”',
  'stop\n',
  'sToP',
  'Unsubscribe',
  'UNSUBSCRIBE',
  'unsubscribe',
  'Opt out',
  'OPT OUT',
  'opt-out',
  'Opt out please, I moved to Polokwane',
  'Optout',
  'Stop sending me these',
  'STOP SENDING SMS',
  'stop sending pls, wrong number',
  'Cancel',
  'CANCEL',
  'End',
  'Quit',
  'Unsub',
  'Stop all',
  'STOPALL',
];

/** Certain opt-outs of Afrikaans readers: the roastery's own keywords among them. */
export const afrikaansOptOutTexts: readonly string[] = [
  'Staak',
  'STAAK',
  'staak',
  'STAAK!',
  'Hou op',
  'Teken my uit asseblief',
  'Stop',
  'STOP',
  'stop',
];

/** Probably opt-outs: a person decides. */
export const reviewTexts: readonly string[] = [
  'Please stop',
  'STOP PLEASE',
  'Stop. Thank you',
  'Please unsubscribe me',
  'Unsubscribe me',
  'remove me from your list',
  'Take me off this list',
  "Don't contact me again",
  'do not sms me',
  'leave me alone',
  'Lose my number',
  'Sotp',
  '🛑',
  'Moenie weer vir my SMS stuur nie',
];

/** Everything else. */
export const chatTexts: readonly string[] = [
  'Thanks',
  'Thank you',
  'Thank you so much 🙏',
  'Ok',
  'OK noted',
  'Cool',
  'Shot bru',
  'Dankie',
  'Baie dankie',
  'Enkosi',
  'Ngiyabonga',
  'Ke a leboga',
  '👍',
  '❤️',
  'Who is this?',
  'Wrong number',
  'Please call me',
  'Can you phone me back on this number',
  'What time do you close today?',
  'Are you open on Sunday?',
  'Do you take cards',
  'Is there wifi?',
  'Which shop is this, Cape Town or Graaff-Reinet?',
  'I will stop by on Saturday',
  'Great coffee, terrible parking',
  'Please change my number to 084 555 0163',
  'I never got my parcel. Order KC10377',
  'Best coffee in the Karoo',
  'Not now, I am driving',
  'Lol',
  'Liked “Karoo Coffee: our Cape Town shop has moved. Reply STOP to opt out.”',
  'Howzit, can I order by SMS?',
];

/** The rare one that a person wrote about something else altogether. */
export const chattyLongText =
  'Hi guys, Marietjie here. I just wanted to say the lady who served us on Saturday (I think her name is Busi) was so ' +
  'friendly and patient with my mother, who is 84 and could not decide between the carrot cake and the milk tart. ' +
  'We drove all the way from Cradock and will be back. Please give her our regards, and do not stop making that tart!';

/** What patients answer to a reminder. "Cancel" means the appointment, and opts them out all the same. */
export const patientTexts: readonly string[] = [
  ...Array<string>(14).fill('Yes'),
  ...Array<string>(6).fill('YES'),
  'Yes thanks',
  'Yes, thank you',
  'Confirmed',
  'Confirm',
  'Ok see you then',
  'Will be there',
  'Ja, ek kom',
  'Can I come at 3 instead?',
  'Please move it to next week, I am in Joburg',
  'Running 10 minutes late, sorry',
  'Sorry cant make it, my son is sick',
  'Who is the doctor?',
  'Do you take Discovery?',
];

/** Texts on our numbers from people nobody wrote to, and from the network itself. */
export const strayTexts: readonly { from: string; text: string }[] = [
  { from: 'MTN', text: 'You have received R29 airtime. Dial *136# for your balance.' },
  { from: '27835550731', text: 'Hi mommy this is my new number, please WhatsApp me' },
  { from: '27725550914', text: 'Please Call Me' },
  { from: 'Vodacom', text: 'Yebo! Your data bundle has been depleted.' },
  { from: '27605550288', text: 'Stop' },
  { from: '27825550417', text: 'Is this Sipho? I have the bakkie parts' },
  { from: '27715550862', text: 'JOIN' },
  { from: '27845550356', text: 'Where are you, we are waiting at the gate' },
  { from: '27735550519', text: 'Please unsubscribe me' },
];
