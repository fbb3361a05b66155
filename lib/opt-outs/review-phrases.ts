// What people write who want no more messages but do not know the keyword.

/**
 * A phrase in normalised text. It opens literally, so that the matcher's glance knows it by its first letters: {a|b} is
 * either. `rest` is the source of a regular expression (flags u, y) for what follows.
 */
export interface ReviewPhrase {
  opening: string;
  rest: string;
}

const me =
  '(?:me|us|my (?:(?:cell|cellphone|phone|mobile) )?(?:number|no|nr|num|name|details|cell|phone|contact)|(?:this|the) (?:number|no|nr))';
const sms =
  '(?:sms\\w*|texts?|messages?|msgs?|e?-?mails?|calls?|adverts?|ads?|promo\\w*|spam|marketing|notifications?|alerts?|reminders?|newsletters?|whatsapps?|nonsense|rubbish|crap|shit|bullshit)';
/** How the nouns among those begin. */
const smsStarts =
  'sms|text|message|msg|mail|email|advert|promo|spam|marketing|notification|newsletter|whatsapp|call';
const wordEnd = '(?![\\p{L}\\p{N}])';
/** Nothing follows. */
const alone = '[^\\p{L}\\p{N}]*$';

function phrase(opening: string, ...rests: string[]): ReviewPhrase {
  return { opening, rest: `(?:${rests.join('|')})` };
}

const dont = "{don't|dont|do not|dnt} {|ever |even |you ever |please |pls }";

/** At the start of a message, or after filler words. */
export const reviewPhrases: readonly ReviewPhrase[] = [
  phrase(
    '{stop|quit|stopp|stp} {text|sms|messag|msg|call|phon|contact|email|mail|spam|bother|harass|annoy|irritat|disturb|bugg|nagg|pester|stalk|bombard|flood|whatsapp|advertis|market|wast|charg|deduct|bill|send|sent|receiv|getting}',
    '\\w*(?!\\w| (?:him|her|them|everyone|everybody|people|it)(?!\\p{L}))',
  ),
  phrase(
    '{stop|quit} {|with |it with }{the|this|these|those|your|ur|all|any|ya|fucking|stupid|bloody} ',
    `(?:\\p{L}+ ){0,2}?${sms}${wordEnd}`,
  ),
  phrase('{stop|quit} to {send|text|sms|message|contact|call}', wordEnd),
  phrase('stop {now|immediately|at once|asb|asseblief|nou}', wordEnd),
  phrase(
    '{how do i|how can i|how to|how do we|how can we} stop',
    `(?: it| this| these| that| them)?${alone}`,
  ),
  phrase('{unsub|unsuscr|unscrib|unsbus|un-sub|un sub}', ''),
  phrase(
    `${dont}{contact|sms|text|message|msg|whatsapp|email|mail|bother|disturb|spam|harass|bug}`,
    `(?:ing)? ${me}${wordEnd}`,
    'ing',
  ),
  phrase(`${dont}{contact|sms|text|message|msg|whatsapp|email|disturb|spam}`, alone),
  phrase(`${dont}{call|phone} `, `${me} (?:again|ever|any ?more|no more)${wordEnd}`, `${me}${alone}`),
  phrase(
    `${dont}send `,
    `(?:(?:me|us|any|anything|any ?more|more|further|these|this|such|your|to) )*${sms}${wordEnd}`,
    '(?:me|us) (?:anything|any ?more|again|these|this|such)',
  ),
  phrase(
    `${dont}{want|wish|need|like} to {receive|get|see|have|hear|read}`,
    `(?: (?:any|any ?more|more|further|your|ur|these|those|this|such|of|from|the))* ${sms}${wordEnd}`,
    '(?<=receive)',
    ' from you',
  ),
  phrase(`${dont}{want|wish} to be contacted`, ''),
  phrase(
    `${dont}{want|need|like} {|any |anymore |any more |more |further |your |ur |these |those |this |such }{${smsStarts}}`,
    '',
  ),
  phrase('never {|ever }{contact|sms|text|message|msg|whatsapp|email|send} ', `${me}${wordEnd}`),
  phrase('never {|ever }{call|phone} ', `${me} (?:again|ever)`),
  phrase('{cancel|end} {|my |the |this |your |all }{subscription|membership|sms|messages|msgs|texts}', ''),
  phrase(`no more {|of |these |of these |your |of your |ur |any }{${smsStarts}}`, ''),
  phrase(
    'no longer {want|wish} ',
    'to (?:receive|get|be contacted|hear)',
    `(?:(?:your|these|any) )?${sms}${wordEnd}`,
  ),
  phrase('{remove|delete|erase|exclude} ', `${me}${wordEnd}`, '(?:from|off) (?:your|ur|the|this) '),
  phrase(
    '{take|strike} {me|us|my number|my name|my no|my nr|this number} {off|of|out of|from}',
    '(?: (?:your|ur|the|this|that|all|database|list)|$)',
  ),
  phrase('{lose|forget} {my|this} ', '(?:number|no|nr|num)'),
  phrase('leave {me|us} ', '(?:alone|out|be|in peace)' + wordEnd),
  phrase('opt {me|us|my|this|the}', '[\\p{L} ]* out' + wordEnd),
  phrase('{to|i|wanna} opt', `[^\\p{L}\\p{N}]*out(?: please| pls| plz)?${alone}`),
  phrase('opt', '[^\\p{L}\\p{N}]+out (?:of|from|please|pls|plz|now)'),
  phrase('report you', wordEnd),
  phrase('{waspa|popia|popi act}', wordEnd),

  phrase(
    '{moenie|moet nie|moet my nie|moet asb nie|moet asseblief nie} ',
    `(?:[\\p{L}']+ ){0,8}(?:stuur|gestuur|kontak|bel|sms\\w*|boodskap\\w*|pla|whatsapp|skryf|epos|spam)${wordEnd}`,
  ),
  phrase(
    'hou {|asb |asseblief }op',
    alone,
    ' (?:asb|asseblief|om) ?',
    " met (?:[\\p{L}']+ ){0,3}(?:stuur|bel|sms|boodskap|pla)",
  ),
  phrase('stop {om|met} ', "(?:[\\p{L}']+ ){0,5}(?:stuur|bel|sms|boodskap|pla)"),
  phrase('verwyder {|asb |asseblief }{my|ons|die nommer|hierdie nommer}', wordEnd),
  phrase('{haal|vat|skrap|neem} my {|asb |asseblief }{naam|nommer|nr|af|van|uit}', wordEnd),
  phrase('los my {uit|alleen}', wordEnd),
  phrase('{teken|meld} my {|asb |asseblief }{uit|af}', wordEnd),
  phrase('{geen|nie meer} {|meer }{sms|boodskap}', ''),
  phrase('wil {nie|geen} ', "(?:[\\p{L}']+ ){0,5}(?:sms|boodskap|ontvang|gekontak)"),

  // isiZulu and isiXhosa: leave me; I no longer want; take me out; don't send me; remove or delete my number.
  phrase('{ngiyeke|ndiyeke|angisafuni|andisafuni|ngikhiph|ndikhuph|ngisuse}', ''),
  phrase('{unga|ungasa|ninga|ningasa|suku}ngithumel', ''),
  phrase('sukundithumel', ''),
  phrase('{musa|musani} uku', '\\p{L}*thumel'),
  phrase('{susa|cima} {inombolo|inumber|i-number|igama}', ''),
  // Sesotho, Setswana, Sepedi: leave me; don't send me; stop it; I no longer want; remove my number.
  phrase('{ntlohel|ntlogel|o se ke wa nthomel|le emise|o emise}', ''),
  phrase('{ha|ga} ke sa {batl|nyak}', ''),
  phrase('tlosa {nomoro|nomore|lebitso|leina}', ''),
];

/** At the start of a message, or after a word of courtesy: elsewhere these are ordinary words. */
export const openingPhrases: readonly ReviewPhrase[] = [
  phrase('{remove|spam|report spam|go away|get lost|discontinue|deregister}', alone),
  phrase('opt', '[^\\p{L}\\p{N}]{1,5}out'),
  phrase('{fuck off|piss off|fokof|fok off|voetsek|voetsak|voertsek}', wordEnd),
  phrase('{verwyder|uitteken|staak|kanselleer}', `(?: asb| asseblief)?${alone}`),
  // isiZulu, isiXhosa: yeka, misa; Sesotho, Setswana: emisa, tlohela, tlogela.
  phrase('{yeka|yekani|yekela|misa|emisa|tlohela|tlogela}', alone),
  // What STOP is elsewhere: Portuguese (Mozambique, Angola), French, Russian, Arabic.
  phrase('{parar|sair|cancelar|arret|arrêt|desabonner|désabonner|стоп|توقف}', alone),
];

/** All literal forms of an opening: "a{b|c}" is "ab" and "ac". */
export function expandOpening(opening: string): string[] {
  const choice = /\{([^}]*)\}/.exec(opening);
  if (choice === null) return [opening];
  const [before, after] = [opening.slice(0, choice.index), opening.slice(choice.index + choice[0].length)];
  const endings = expandOpening(after);
  return (choice[1] ?? '').split('|').flatMap((option) => endings.map((ending) => before + option + ending));
}

/** Fillers after which any keyword is meant for us: "please cancel". */
export const courtesyWords = listWords(`
  please pls plz plse plss pleas kindly asb asseblief ngicela ndicela kopa
`);

/**
 * Words with which a message may begin before it comes to its wish: "Hi, could you please …", "I am not interested, …".
 * Ordinary conversation begins with "hey", "ok" or "what" too often: reading on after those costs a third of the speed.
 */
export const leadInWords = [
  ...courtesyWords,
  ...listWords(`
    hi hello hallo good sir madam guys can could will would must need want wanna i im ive id you u how why who whos
    wrong yes no not never sorry thank thanks thx this number ek kan julle nee dankie jammer verkeerde sawubona molo dumela
    ke cha hayi
  `),
];

/** Words that may follow those. */
export const fillerWords = [
  ...leadInWords,
  ...listWords(`
    hey morning day afternoon evening dear mam people all ok okay should wanted wish like have has been asked told said
    m ve d we ur your yall is am are was do did does to a the and so now also again whos what where which numbers
    person nope subscribe subscribed sign signed up for register registered interested it that these those but just
    only even get getting got gave give send sending me my from in by if jy verkeerd nommer belangstel
  `),
];

function listWords(words: string): string[] {
  return words.trim().split(/\s+/);
}
