/** What may stand around a wish, in all languages of wishes.ts. */

function listWords(words: string): Set<string> {
  return new Set(words.trim().split(/\s+/));
}

/** After these a name or two may come: "Good day Thabo, …". */
export const greetings = listWords(`
  hi hello hallo hey hy hie helo good gud goeie dear morning day afternoon evening sawubona sanibonani sanbonani molo molweni dumela dumelang
  avuxeni ndaa aa thobela lotjhani heita howzit haai middag more dag bom boa ola oi yebo sanbona sir madam attention attn
`);

/** After these a keyword is meant for us wherever they stand: "thanks but please cancel". */
export const courtesies = listWords(`
  please pls plz plse plss plez plea pliz pliss kindly asb asseblief assb ngicela ndicela kopa kindl ngiyacela bengicela siyacela tlhe hle tsweetswee tswee
  favor ndzikombela
`);

/** Words that may stand between the beginning of a sentence and a keyword. */
export const openers: ReadonlySet<string> = new Set([
  ...greetings,
  ...courtesies,
  ...listWords(`
    madam mam maam guys team all everyone people sirs afternoon day morning evening thanks thank thx thnx tnx tks thanx you u very much but so and now just ok okay okey yes
    no nope nee ja yebo cha hayi nah enough sorry jammer dankie baie maar net nou julle jy ne hey oi yo ke a tu e tle then also again
    really seriously immediately urgent regards kind best yours rgds nice try um uhm eish yoh haibo aowa nyaa ee aikona hayibo
    jis jislaaik man bra bro sis ma pa mama tata bathong mina nna hleng kodwa feela fela empa enkosi ngiyabonga siyabonga obrigado obrigada mas por
    number interested nothing kea leboha leboga lebogile inkomu ndo livhuwa rotsa hle hau
  `),
]);

/** After these too: "not today, but stop". */
export const joins: ReadonlySet<string> = listWords('but maar so mas kodwa empa feela');

/**
 * The same for phrases, which say more than a keyword does and may follow "I am not interested, could you".
 */
export const leadIns: ReadonlySet<string> = new Set([
  ...openers,
  ...listWords(`
    i im ive id ill can cant cannot could couldnt would will must need want wanna how why who whos whom this is am are was were its that these
    those u your ur yall we ur they my me us our the a an and been be has have had do did does done to for from in if as so
    where mind wrong number person like wish would should asked told said tell ask asking try trying tried unable able only even get getting got gave give
    keep keeps kept subscribe subscribed sign signed up off register registered belong belongs phone cell
    wil ek kan moet my ons die verkeerde verkeerd nommer belangstel nie wie is dit dis hierdie hoe hoekom vra
    mo le lena wena nina futhi bo again already still final warning
    ndi ndzi ngi hi
  `),
]);

/** What may follow: "stop please", "unsubscribe immediately, thanks". `*` is any word. */
export const closings: ReadonlySet<string> = new Set([
  ...courtesies,
  ...`thanks|thank you|thank u|thanx|thx|thnx|tnx|tks|thanks so much|thank you so much|thank you very much|very much|now|right now
    |immediately|immediatly|asap|today|already|right away|at once|sir|madam|mam|guys|man|dear|bro|team|ok|okay|then|forever|for ever
    |for good|again|kind regards|regards|best regards|dankie|baie dankie|nou|dadelik|onmiddellik|jy|julle|tog|net|mense|manje|ngoku|mani
    |khona|bathong|nje|torho|ngiyabonga|siyabonga|enkosi|inkomu|hantle|ntate|mme|bo|agora|ja|ja agora|obrigado|obrigada|por favor|tu
    |sent from my *|sent from my * *|sent from *|sent from * for *|get outlook for *|amen|eish|yoh|haibo|from this number|on this number|me`
    .split('|')
    .map((words) => words.trim()),
]);

/** They turn a wish into its opposite: "please don't stop". */
export const negations: ReadonlySet<string> = listWords(
  'dont not never dnt donot wont didnt doesnt moenie nie nooit isnt cant cannot couldnt wouldnt nao ungayeki ningayeki',
);

/** Words before a keyword that make a noun or a statement of it: "bus stop", "I quit". */
export const determiners: ReadonlySet<string> = listWords(
  'the a my next last this that each every first final bus taxi full non pit one i we they he she it to will who',
);

/** One of them must be in a word that is read as several. */
export const wishVerbs: ReadonlySet<string> = listWords(
  'stop unsubscribe unsub optout opt cancel quit end remove delete block leave lose sms spam dont verwyder skrap ophou hou',
);

/** What people write as one word. A word made of nothing but these is read as these. */
export const joinableWords: ReadonlySet<string> = listWords(`
  stop unsubscribe unsub optout opt out cancel quit end remove delete block leave lose please pls plz now sms smses text texts texting texted
  message messages messaging msg msgs msging this these it that all me my number spam spamming send sending 2 to calling calls call contacting
  contact them alone dont do not no more mail email emails emailing the your ur from list subscription sub asb stuur ophou hou op adverts
  ads promo promos promotions marketing nonsense bothering disturbing harassing us off take im thanks thank you at once immediately
  subscribe subscribing asap nou uit skrap verwyder annoying and mesages phoning whatsapp whatsapping again forever
`);

/** Slips that are too far from a keyword, or not of one. */
export const misspellings: ReadonlyMap<string, string> = new Map(
  Object.entries({
    cal: 'call',
    mesage: 'message',
    mesages: 'messages',
    mesaging: 'messaging',
    messege: 'message',
    messeges: 'messages',
    masage: 'message',
    massages: 'messages',
    msgz: 'msgs',
    smsses: 'smses',
    smss: 'smses',
    smsing: 'smsing',
    snd: 'send',
    sendng: 'sending',
    sendin: 'sending',
    snding: 'sending',
    textin: 'texting',
    txting: 'texting',
    recieve: 'receive',
    recieving: 'receiving',
    remuv: 'remove',
    remov: 'remove',
    remve: 'remove',
    removed: 'removed',
    romove: 'remove',
    rmv: 'remove',
    rmove: 'remove',
    rimove: 'remove',
    delet: 'delete',
    dilete: 'delete',
    blok: 'block',
    plese: 'please',
    pleas: 'please',
    pleae: 'please',
    plase: 'please',
    pleez: 'please',
    pliz: 'please',
    unsubscibe: 'unsubscribe',
    unsubcribe: 'unsubscribe',
    usubscribe: 'unsubscribe',
    unsubscrib: 'unsubscribe',
    stopp: 'stop',
    stp: 'stop',
    sotp: 'stop',
    stpo: 'stop',
    ztop: 'stop',
    stopt: 'stop',
    stahp: 'stop',
    stap: 'stap',
    canel: 'cancel',
    cancle: 'cancel',
    cancell: 'cancel',
    cansel: 'cancel',
    kancel: 'cancel',
    cencel: 'cancel',
    optuot: 'optout',
    numba: 'number',
    nomber: 'number',
    numbr: 'number',
    numer: 'number',
    databse: 'database',
    anymor: 'anymore',
    annoyin: 'annoying',
    botherin: 'bothering',
    callin: 'calling',
    msging: 'messaging',
    messagin: 'messaging',
  }),
);

/** Keywords that are ordinary verbs, and are meant for us only with one of `meantWords` behind them. */
export const takesMeaning = /^(?:cancel|end|quit)$/;

/**
 * What may follow "cancel", "end" and "quit" when our messages are meant. `sms*` is a word that begins so, #
 * a number.
 */
export const meantWords =
  'my|our|the|these|your|ur|all|it|this|that|now|please|pls|plz|sms*|subs*|messages|message|msgs|msg|texts|text|service|membership|me|thanks|thank|you|asb|immediately|asap|everything|from|list|#';
