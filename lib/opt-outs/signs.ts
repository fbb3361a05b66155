import type { Keyword } from './keywords';
import type { Signs } from './prefilter';
import { listPhraseOpenings, wishesAlone, wishesAloneAtLast } from './wish-phrases';
import { greetings } from './wish-surroundings';

function list(words: string): string[] {
  return words
    .split('|')
    .map((word) => word.replace(/\s*\n\s*/, ''))
    .filter((word) => word !== '');
}

/**
 * With one of these a wish may begin that stands further on: it takes a tell-tale for the whole to be read.
 */
const likelyBeginnings = list(
  `please|pleas|plea|pls|plz|plse|kindly|asb|asseblief|ngicela|ndicela|ngiyacela|bengicela|ngibawa|ndzi |ke kopa|ke kgopela|kopa |ndi humbela
  |sorry but|sorry i am n|sorry im n|sorry i d|sorry i n|sorry i wan|sorry i th|sorry i wi|sorry wrong|sorry pl|sorry stop|sorry this is|sorry no|sorry you|sorry we |sorry not|sorry can you|dear sir|dear madam|dear team|dear all|dear customer|good day|good morning pl|good morning i|good morning can|good afternoon pl|good afternoon i|good afternoon can|good evening pl|good evening i|good evening can|goeie|dankie|baie dankie|jammer|nee |thank you but|thank u but|thank you no|thank you pl|thank you stop|thanks but|no thank
  |sawubona|sanibonani|sanbonani|molo|molweni|inombolo|dumela|avuxeni|bom dia|boa tarde|attention|to whom|hi please|hi pls|hi plz|hi can you|hi can u|hi can i st|hi can i un|hi can i op|hi can i pl|hi kindly|hi could|hi i dont|hi i want|hi i would|hi i no|hi i am|hi i never|hi i did|hi im not|hi this
  |hi wrong|hello please|hello pls|hello can|hello i |hello this|hi stop|hello stop|hi there pl|hi there i|hi guys pl|hi guys i|hi guys can|hi team|hi all pl
  |this is|this number|wrong number|wrong person|you have the wrong|you got the wrong|you keep|you people|i keep|i have asked|i have told|ive asked|ive told|im unsub|i rather not|i asked you
  |i want |i would like|i would pre|i would app|i would want|i would rath|id like|i wish|i no longer|i never|i did not|i didnt|i am not|im no l|im not in|im not su|im not th|im not yo|im not ha|i dont w|i dont l|i dont need|i dont app|i dont even|i dont rem|i dont rec|i dont bel|i dont und|i dont kn|i dont use|i dont int|i do not|we dont|we do not|we are not|we no longer
  |i am tired|im tired|i cannot un|i can not|i cant un|i cant opt|i have tried|i tried|i still get|i still rec|i still want to|i still dont|i need to|who is this|whos this|who gave|who are you|where did you
  |how do i|how can i|how to |how do we|can i be|can we be|can you please|can you pls|can u please|can u pls|can you rem|can you stop|can u stop|can u rem|can you take|can you un|can you kind
  |could you|would you|will you please|yes please|not interested|no longer|never heard|ok stop|ok please|ok thanks but|really ti|really si|really st|really an|really irr|really not|again st|again pl|again i |again rem|urgent|final warning|last warning
  |ek |julle |jy |kan julle|kan jy|wie |moenie|moet |verkeerde|cha |hayi|hhayi|ayi |aikona|ke |ha ke|ga ke|a ndz|a thi|ni songo|mi nga|u nga|u songo|por favor|nao |obrigad|eu |quero
  |yes stop|no stop|stop|my father|my mother|my husband|my wife|ndi|ngi`,
);

/** The same of endings. */
const likelyEndings = list(
  ` asb| asseblief|por favor|tsweetswee|nowplease|meplease|stopplease|itplease|smsplease|list|lists|database| data base|system| lys|messages| msgs| smses| smss| texts|more sms|any sms|no sms|these sms|this sms|stop sms|stop the sms|te sms|nie sms|your sms|ur sms|me sms|of sms|my number|this number| my no| this no
  |remove me|unsubscribe me|delete me|block me|me off|me out|me out please|contact me|message me| msg me| sms me|texting me|sending me|messaging me|smsing me|calling me|spamming me|bothering me|not text me|nt text me|bother me|disturb me|spam me
  |me alone|us alone| me again|me anymore|number again|anymore messages|adverts| ads|promotions| promos|emails| spam|spamming|harassing|harassment|waspa|popia
  | nie| nie asb| julle| lys af| my af| my uit| uit asb| lenu| yenu| zenu| enu| wenu| lenaneng| ohlwini| lona| lena| ya ka| ya me| yami| yam| yanga| ya mina| yam | milaedza
  |melaetsa|imiyalezo|now thanks| unsub| opt out|lista|mensagens|numero|this service|your service|service please
  |0 stop|0 unsubscribe|0 remove| stop sending| stop messaging| stop texting| stop smsing| stop calling| stop spamming| stop contacting| stop harassing|my info|my details|time stop|said stop|subscription| from you|these messages|kampanje|campaigns|my phone|this phone|my cell|stop now|stop it|stop this|please now|from me`,
);

/** What a wish may end with, and the courtesies behind it. */
const lastWords = list(
  `me|us|you|number|no|nr|num|nommer|name|details|list|lists|lys|database|system|out|off|af|uit|stop|unsub|unsubscribe|cancel|sms|smses|msgs|messages|texts
  |texting|sending|calling|spam|spamming|adverts|ads|promos|this|it|now|nou|again|anymore|these|alone|nie|weer|dit|service|subscription|block|remove|delete`,
);
const lastCourtesies = list(
  'please|pls|plz|plse|thanks|thank you|thank you so much|thank you very much|thanks so much|dankie',
);

/** What makes a reply worth reading whatever the account. */
export function listStandardSigns(keywords: readonly Keyword[], slipTargets: readonly string[]): Signs {
  const alone = [...wishesAlone, ...wishesAloneAtLast];
  const openings = listPhraseOpenings();
  return {
    beginnings: [
      ...list(
        'stop|unsub|optout|opt out|opt_out|cancel |cancels|canceln|cancelt|canceli|end |endsms|endthis|endnow|quit |quitnow|quitsms|quitthis|revoke|un-sub|un sub|unscrib|unsuscr',
      ),
      ...list(
        'rmv |rmove |remv|removeme|removemy|deleteme|deletemy|blockme|blockmy|leaveme|optme|dontsms|dontcall|donttext|dontsend|nosms|nomore|pleasestop|plsstop|plzstop|stp|sotp',
      ),
      ...alone.map((word) => `${word} `),
      ...openings.telling,
      ...openings.common,
      ...likelyBeginnings,
    ],
    endings: [
      ...likelyEndings,
      ...lastWords.flatMap((word) => lastCourtesies.map((courtesy) => ` ${word} ${courtesy}`)),
      ...keywords.filter(({ match }) => match === 'exact').flatMap(({ word }) => surround(word)),
      ...list(
        'unsubscribe|unsub| optout|opt out please|stop please|stop pls|stop plz|stop asb|stop thanks|stop thank you|stop now|unsubscribe please|unsubscribe me|take me off|remove me|leave me alone',
      ),
      ...alone.flatMap((word) => [`.${word}`, ` please ${word}`, ` pls ${word}`]),
    ],
    greetings: [...greetings].map((word) => `${word} `),
    keywords: ['stop', ...alone].map((word) => ` ${word}`),
    slipTargets,
  };
}

/** The same of an account's own keywords, and those of the staff. */
export function listOwnSigns(words: readonly string[]): Signs {
  return { beginnings: words, endings: words.flatMap(surround) };
}

function surround(word: string): string[] {
  return [
    `.${word}`,
    ...'please|pls|plz|kindly|asb|but|maar|thanks|thank you|dankie|ok|okay|just|now|yes|no|nee|ja|so|and|asseblief|ngicela|ndicela|kopa'
      .split('|')
      .map((before) => ` ${before} ${word}`),
  ];
}
