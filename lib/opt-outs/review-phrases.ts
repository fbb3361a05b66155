// What people write who want no more messages but do not know the keyword. Each phrase has a literal opening, by
// which the matcher rules out ordinary texts without reading them, and a regular expression for the rest. Both are
// applied to normalised text.

/** `opening`: lower-case, at least its first word plain. `rest`: source of a regular expression (flags u, y). */
export interface ReviewPhrase {
  opening: string;
  rest: string;
}

const me =
  "(?:me|us|my (?:cell |cellphone |phone |mobile )?(?:number|no|nr|num|name|details|cell|phone|contact)|(?:this|the) (?:number|no|nr))";
const sms =
  "(?:sms\\w*|texts?|messages?|msgs?|e?mails?|e-mails?|calls?|adverts?|ads?|promo\\w*|spam|marketing|notifications?|alerts?|reminders?|newsletters?|whatsapps?|nonsense|rubbish|crap|shit|bullshit)";
const messaging =
  '(?:text|sms|smes|messag|msg|call|phon|contact|e?mail|spam|bother|harass|annoy|irritat|disturb|bugg|nagg|pester|stalk|bombard|flood|whatsapp|advertis|market|wast|charg|deduct|bill|send|sent|receiv|getting)';
const afterwards = '(?=[^\\p{L}\\p{N}]|$)';
const alone = '[^\\p{L}\\p{N}]*$';

const negated = [
  `(?:(?:ever|even|you|u|please|pls|plz|dare) )*(?:contact|sms|text|message|msg|whatsapp|e?mail|bother|disturb|spam|harass|bug)(?: ${me}${afterwards}|ing)`,
  `(?:contact|sms|text|message|msg|whatsapp|e?mail|disturb|spam)${alone}`,
  `(?:(?:ever|even|you|u|please|pls|plz|dare) )*(?:call|phone) ${me}(?: (?:again|ever|any ?more|no more)|${alone})`,
  `(?:(?:ever|even|you|u|please|pls|plz|dare) )*send (?:(?:me|us|any|anything|any ?more|more|further|these|this|such|your|to) )*${sms}${afterwards}`,
  `(?:(?:ever|even|you|u|please|pls|plz|dare) )*send (?:me|us) (?:anything|any ?more|again|these|this|such)`,
  `(?:want|wish|need|like|care)(?: to (?:receive|get|see|have|hear|read))?(?: (?:any|any ?more|more|further|your|ur|these|those|this|such|of|from|the))* ${sms}${afterwards}`,
  `(?:want|wish|like) to (?:be contacted|receive|hear from)`,
];

function phrases(openings: readonly string[], rests: readonly string[]): ReviewPhrase[] {
  return openings.flatMap((opening) => rests.map((rest) => ({ opening, rest })));
}

const english: ReviewPhrase[] = [
  ...phrases(
    ['stop ', 'quit ', 'stopp ', 'stp '],
    [
      `${messaging}\\w*(?!\\w| (?:him|her|them|everyone|everybody|people|it)(?!\\p{L}))`,
      `(?:with |it with )?(?:(?:the|this|these|those|your|ur|all|any|ya|fucking|stupid|bloody) )+(?:\\p{L}+ )?${sms}${afterwards}`,
      `${sms}${afterwards}`,
      `to (?:send|text|sms|message|contact|call)`,
      `(?:now|immediately|at once)${afterwards}`,
    ],
  ),
  ...phrases(['unsub', 'unsuscr', 'unscrib', 'unsbus', 'un-sub', 'un sub'], ['']),
  ...phrases(["don't ", 'dont ', 'do not ', 'dnt '], negated),
  ...phrases(['never '], [
    `(?:ever )?(?:contact|sms|text|message|msg|whatsapp|e?mail|send) ${me}${afterwards}`,
    `(?:ever )?(?:call|phone) ${me} (?:again|ever)`,
  ]),
  ...phrases(['cancel ', 'end '], [`(?:(?:my|the|this|these|your|ur|all) )*(?:subscription|membership|sms|messages|msgs|texts)`]),
  ...phrases(['more '], [`(?<=(?<!\\p{L})no more )(?:of )?(?:(?:these|your|ur|any|this) )*${sms}${afterwards}`]),
  ...phrases(['longer '], ['(?:want|wish) to (?:receive|get|be contacted|hear)', `want (?:your |these |any )?${sms}${afterwards}`]),
  ...phrases(['remove ', 'delete ', 'erase ', 'exclude '], [`${me}${afterwards}`, `(?:from|off) (?:your|ur|the|this) `]),
  ...phrases(['remove', 'verwyder'], [`(?<=(?:please|pls|plz|kindly|asb|asseblief) (?:remove|verwyder))${alone}`]),
  ...phrases(['take ', 'strike '], [`${me} (?:off?|out of|from)(?: |$)`]),
  ...phrases(['lose ', 'forget '], ['(?:my|this) (?:number|no|nr|num)']),
  ...phrases(['leave '], ['(?:me|us) (?:alone|out|be)', '(?:me|us) in peace']),
  ...phrases(['opt '], [`${me} out`, '[^\\p{L}\\p{N}]*out (?:of|from|please|pls|plz|now)']),
  ...phrases(['opt'], [`(?<=(?<!\\p{L})(?:to|i|wanna) opt)[^\\p{L}\\p{N}]*out(?: please| pls| plz)?${alone}`]),
  ...phrases(['report you'], [afterwards]),
  ...phrases(['waspa', 'popia', 'popi act'], [afterwards]),
];

const afSend = '(?:stuur|gestuur|kontak|bel|sms\\w*|boodskap\\w*|pla|whatsapp|skryf|epos|spam)';
const afrikaans: ReviewPhrase[] = [
  ...phrases(['moenie ', 'moet nie ', 'moet my nie ', 'moet asb nie ', 'moet asseblief nie '], [`(?:[\\p{L}']+ ){0,8}${afSend}${afterwards}`]),
  ...phrases(['hou '], [`(?:asb |asseblief )?op(?:${alone}| asb| asseblief| om | met (?:[\\p{L}']+ ){0,3}${afSend})`]),
  ...phrases(['stop '], ['(?:asb|asseblief|nou)' + afterwards, `(?:om|met) (?:[\\p{L}']+ ){0,5}${afSend}`]),
  ...phrases(['verwyder '], ['(?:asb |asseblief )?(?:my|ons|die nommer|hierdie nommer)' + afterwards]),
  ...phrases(['haal my ', 'vat my ', 'skrap my ', 'neem my '], ['(?:naam|nommer|nr)' + afterwards, '(?:asb |asseblief )?(?:af|van|uit)' + afterwards]),
  ...phrases(['los my '], ['(?:uit|alleen)' + afterwards]),
  ...phrases(['teken my ', 'meld my '], ['(?:asb |asseblief )?(?:uit|af)' + afterwards]),
  ...phrases(['geen ', 'nie meer '], ['(?:meer )?(?:sms|boodskap)']),
  ...phrases(['wil nie ', 'wil geen '], [`(?:[\\p{L}']+ ){0,5}(?:sms|boodskap|ontvang|gekontak)`]),
];

// isiZulu, isiXhosa: leave me; don't send me; I no longer want; remove or delete my number; take me out.
// Sesotho, Setswana, Sepedi: stop it; leave (me); I no longer want; remove my number; don't send me.
const nguniAndSotho: ReviewPhrase[] = [
  ...phrases(['ngiyeke', 'ndiyeke', 'angisafuni', 'andisafuni', 'ngikhiph', 'ndikhuph', 'ngisuse'], ['']),
  ...phrases(['ungangithumel', 'ungasangithumel', 'ningangithumel', 'ningasangithumel', 'sukungithumel', 'sukundithumel'], ['']),
  ...phrases(['musa ', 'musani '], ['uku\\p{L}*thumel']),
  ...phrases(['susa ', 'cima '], ['(?:inombolo|i-?number|igama)']),
  ...phrases(['ntlohel', 'ntlogel', 'nthomel', 'emise'], ['']),
  ...phrases(['sa '], ['(?<=(?:ha|ga) ke sa )(?:batl|nyak)']),
  ...phrases(['tlosa '], ['(?:nomoro|nomore|lebitso|leina)']),
];

/** May stand at the start of a message, or after one of `leadInWords` at the start of any later word. */
export const reviewPhrases: readonly ReviewPhrase[] = [...english, ...afrikaans, ...nguniAndSotho];

/** Only at the start of a message: elsewhere these are ordinary words. */
export const openingPhrases: readonly ReviewPhrase[] = [
  ...phrases(['remove', 'spam', 'this is spam', 'report spam', 'go away', 'get lost', 'discontinue', 'deregister'], [alone]),
  ...phrases(['opt'], ['[^\\p{L}\\p{N}]{1,5}out']),
  ...phrases(['fuck off', 'piss off', 'fokof', 'fok off', 'voetsek', 'voetsak', 'voertsek'], [afterwards]),
  ...phrases(['verwyder', 'uitteken', 'staak', 'kanselleer'], [`(?: asb| asseblief)?${alone}`]),
  // isiZulu, isiXhosa: yeka, misa; Sesotho, Setswana: emisa, tlohela, tlogela.
  ...phrases(['yeka', 'yekani', 'yekela', 'misa', 'emisa', 'tlohela', 'tlogela'], [alone]),
  // What STOP is elsewhere: Portuguese (Mozambique, Angola), French, Russian, Chinese, Arabic.
  ...phrases(['parar', 'sair', 'cancelar', 'arret', 'arrêt', 'desabonner', 'désabonner'], [alone]),
  ...phrases(['стоп', '退订', '停止', 'توقف'], [alone]),
];

/** Words that begin a message whose wish comes later: "I want to…", "Hi, please…", "Wrong number, remove me". */
export const leadInWords: readonly string[] = [
  ...['please', 'pls', 'plz', 'plse', 'pleas', 'plss', 'kindly', 'just', 'hi', 'hello', 'hey', 'hallo', 'good', 'dear'],
  ...['sir', 'madam', 'mam', 'ok', 'okay', 'no', 'nope', 'not', 'sorry', 'can', 'could', 'will', 'would', 'you', 'u'],
  ...['i', 'im', 'ive', 'id', 'we', 'how', 'who', 'whos', 'why', 'wrong', 'thanks', 'thank', 'thx', 'this', 'guys'],
  ...['asb', 'asseblief', 'jammer', 'ek', 'kan', 'julle', 'dankie', 'nee'],
  ...['ngicela', 'ndicela', 'sawubona', 'molo', 'dumela', 'ke', 'ha', 'ga', 'o', 'cha', 'hayi'],
];
