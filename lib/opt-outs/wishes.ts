/**
 * What people write who want no more messages: one table of words and phrases for each language. How a reply
 * is cut into clauses is in reply-clauses.ts, what may surround a wish in wish-surroundings.ts.
 *
 * All is written as reply-clauses.ts hands it over: lower case, no accents, no apostrophes, one space between
 * words.
 */
export interface LanguageWishes {
  /** A sentence or line of nothing else is a wish: "block", "yima". Around it: greetings, names, thanks. */
  alone: string;
  /**
   * The same, but ordinary words within a conversation: only on a line of their own, or as the last thing
   * said.
   */
  aloneAtLast?: string;
  /**
   * A wish where they begin a sentence, or follow a greeting or a word of courtesy. A phrase is words:
   *
   *     (a|b)   one of these          [a|b]  one of these, or nothing     <sms>  one of the list of that name
   *     spam* a word that begins so ..3 up to three words whatever . the end, save for thanks and the like
   */
  phrases: readonly string[];
}

/** Lists that phrases name in angle brackets. */
export const wordLists: Readonly<Record<string, string>> = {
  me: 'me|us|number|my number|my numbers|my no|my nr|my num|my name|my nommer|my cell|my cellphone|my phone|my mobile|my line|my details|my contact|my contacts|my info|my cell number|my phone number|my mobile number|my cell no|this number|the number|this no|this nr|this line|this phone|our number|our numbers|our details|our name|his number|her number|his details|him from|her from|his name',
  sms: 'sms|smss|smses|smse|smsing|smsse|text|texts|txt|txts|message|messages|msg|msgs|msges|massage|massages|messages|email|emails|mail|mails|e mail|e mails|call|calls|advert|adverts|advertisement|advertisements|advertising|ads|ad|promo|promos|promotion|promotions|promotional|spam|spams|spamming|marketing|notification|notifications|alert|alerts|reminder|reminders|newsletter|newsletters|whatsapp|whatsapps|nonsense|nonsence|rubbish|crap|shit|bullshit|junk|communication|communications|correspondence|info|special|specials|offer|offers|deals|kak|boodskap|boodskappe|harassment',
  // What hardly means anything but messages: for phrases that are ordinary otherwise ("no more calls").
  smsAlone:
    'sms|smss|smses|smse|smsing|text|texts|txt|txts|message|messages|msg|msgs|msges|massages|email|emails|mail|mails|advert|adverts|adverts|ads|promo|promos|promotions|spam|marketing|notifications|newsletters|newsletter|whatsapps|boodskappe',
  contact:
    'contact|sms|text|txt|message|msg|whatsapp|email|mail|bother|disturb|spam|harass|bug|pester|annoy|irritate|market',
  sending:
    'send*|sent|text*|txt*|sms*|messag*|msg*|massag*|call*|phon*|contact*|email*|mail*|spam*|bother*|harass*|annoy*|irritat*|disturb*|bugg*|bug|nag*|pester*|stalk*|bombard*|flood*|whatsapp*|advertis*|market*|wasting|waste|charg*|deduct*|bill*|receiv*|getting|pushing|forwarding|promoting|inbox*',
  these: 'the|this|these|those|that|your|ur|yr|all|any|more|further|such|of|from|you|ya|d|with|to',
  list: 'list|lists|database|data base|db|system|mailing list|sms list|records|group|books|lys|broadcast|contacts|contact list',
  dont: 'dont|do not|dnt|donot|dont ever|do not ever|never|never ever|dont you ever|dont you|dont even|please dont|u must not|must not|you must not|may not|you may not',
};

export const wishes: Readonly<Record<string, LanguageWishes>> = {
  English: {
    alone:
      'sms stop|text stop|send stop|reply stop|type stop|report spam|deregister|unregister|deactivate|unlist|delist|opt me out|opted out|stoppit|dont sms|do not sms|do not contact|dont contact|leave me alone|leave us alone|not wanted|no sms|no smses|no msgs|no spam|no adverts|no ads|no marketing|no promotions|no emails|stop sign|off the list',
    aloneAtLast:
      'remove it|delete it|block it|take it off|i want out|cease and desist|stop it|you must stop|block|blocked|spam|enough|enough is enough|thats enough|no more|never again|go away|get lost|terminate|withdraw|dnd|do not disturb|dont disturb|disconnect|discontinue|no calls|no messages|no texts|no text|exclude|opt|i am out|im out|delete|remove|stops|leave me|dont call|do not call|dont phone|dont send|do not send|remove him|remove her|count me out|unfollow|unwanted|desist|cease|dont text|do not text|dont message',
    phrases: [
      // stop
      '(stop|stops|stopp|stp|quit|cease) [please|pls|plz|with|all|from|immediately|now|kindly|fucking|bloody] (<sending>) !(him|her|them|everyone|everybody|people|it|each|someone|somebody)',
      '(stop|stops|quit|cease) [please|pls|plz|with|it with] [<these>] [<these>] ..2 (<sms>)',
      '(cancel|end) [please|pls|plz] [<these>] [<these>] ..1 (<smsAlone>)',
      '(stop|quit) (this|these|your|ur|ya|all this|all these|all your|all of) ..2 .',
      '(stop|quit) (to|2) (send|text|sms|message|contact|call|receive)',
      'stop (now|immediately|at once|asb|asseblief|nou|asap|it now|right now|already|forever) .',
      'stop (please|pls|plz) .',
      'stop (sending|sms|smses|texting|messages|spam)',
      'stop ..1 subscri*',
      '(how do i|how can i|how to|where do i|where can i|help me|help me to) (opt out|get removed|be removed|unsubscribe)',
      '(how do i|how can i|how to|help me|help me to) (get off) [<these>] (<list>)',
      '(be|get) (removed|deleted|unsubscribed|taken off|opted out|excluded|delisted) [from|off] ..2 .',
      '(removing|deleting|unsubscribing|blocking|delisting) (<me>)',
      '(taking) (<me>) (off|out)',
      '(get rid of) (<me>)',
      '(how do i|how can i|how to|how do we|how can we|how do you|how does one|where do i|where can i|help me|help me to) (stop|cancel|end|block) [it|this|these|that|them|<sms>|all this|from receiving] .',
      '(want|need|would like|id like) (this|these|it|them|you|you guys|u|you people|yall) to (stop|end|unsubscribe) .',
      '(want|need|would like|id like) (you|you guys|u|you people) to (remove|delete|unsubscribe|block) (<me>)',
      '(asked|told|begged|ask|asking|tell|telling|beg|begging) (you|u|yall|you guys|you people) ..4 (to) (stop|unsubscribe|remove me|be removed|stop sending) .',
      '(asked|told|begged) (you|u|yall|you guys|you people) ..4 (remove|delete|take) (<me>)',
      '(wish|want|prefer|like|rather) not [to] (receive|recieve|be contacted|be messaged|hear from|get these|get your|get any|get more|get this)',
      '(<dont>) [ever|please|pls] (call|phone|text|sms) or (<contact>|call|phone) (<me>)',
      '(want|wanna be|get me|let me) (out) (of|from) [<these>] (<list>)',
      '(this|these|your|ur|such|the sms|the smses|the messages) ..3 (must|has to|have to|needs to|need to|should|to) (stop|end|cease) [now|immediately] .',
      '(unsub*|unsuscr*|unscrib*|unsbus*|unsubc*|un sub*|usubscr*|insubscr*|ansubscr*|desubscr*|disubscr*|dissubscr*|onsubscr*|unsuscribe)',
      '(i said|we said|i repeat|i say) [again|please] (stop|unsubscribe|no more|remove me) .',
      '(last time|final time|umpteenth time) ..3 (stop|unsubscribe|remove me|take me off) .',
      '(stop) or (i will|ill|i am|im|i shall|we will|well|i|else)',
      // opt out
      '(opt|opting|opted) [<me>|<these>|him|her] (out|me out|us out) !(later|reply|sms|text|send|whatsapp|dial|type|click|call|press|next|stuur|antwoord)',
      '(optout|optedout|optingout) !(reply|sms|text|send|whatsapp|dial|type|stuur|antwoord|stop)',
      '(want|wants|wish|like|need|wanna) [to|2] (opt out|opt me out|unsubscribe|be removed|be taken off|be unsubscribed|be blocked|be deleted|be off|get off|be excluded)',
      // remove, delete, block
      '(remove|delete|erase|exclude|unlist|delist|deregister|unregister|disconnect|deactivate|scrap|unlink|blacklist|block|blok|ban|bar) (<me>)',
      '(remove|delete|block|erase|take|get|scratch|strike|cross|leave|drop) ..3 (from|off|out of|outta) [<these>|my|our] ..2 (<list>)',
      '(take|get|strike|leave|cut|keep|pull|move|scratch|drop|put) (<me>) (off|out|out of|from|outta) [<these>] .',
      '(take|get|strike|leave|cut|keep|pull|scratch|drop) (<me>) (off|out of|from|outta) (your|ur|yr|the|this|that|these|all|database|list|sms)',
      '(take|get|move) me off',
      '(remove|delete) (from|off) (your|ur|the|this)',
      '(lose|loose|forget|delete|scrap|throw away) (my|this|our|the) (number|no|nr|num|nommer|cell|details|contact|numbers)',
      '(leave|let) (me|us) (alone|be|in peace|out of it|the hell alone|please)',
      '(discontinue|terminate|deactivate|suspend) [<these>|my|me|us] ..2 (<sms>|subscription|service|services|notifications)',
      '(cancel|end) [my|the|this|your|all|our|these] [..1] (subscription|subscriptions|membership|sms|smses|messages|msgs|texts|sub|subs|notifications|updates)',
      '(im|i am|i will|ill|am|gonna|will|we are|we will) [going to|gonna|now] (block|blocking|report|reporting|blacklist|blacklisting) (you|u|this|ur|your|these|the)',
      '(i have|ive|i) (blocked|reported) (you|u|this|ur|your)',
      '(take|remove|keep|get) (<me>) of (your|ur|the|this|that|these) ..2 (<list>)',
      '(de|un) (activate|register|list|enroll|enrol) (<me>)',
      // do not send
      '(<dont>) [ever|even|you ever|please|pls|bother to|keep|again] (<contact>|call|phone|contacting|texting|messaging|calling|smsing|sending|spamming) (<me>)',
      '(<dont>) [ever|please|pls] (smsing|texting|messaging|contacting|spamming)',
      '(<dont>) [ever|please|pls] !(bother|disturb) (<contact>) [again|anymore|any more|ever|ever again|no more|here|now|this] .',
      '(<dont>) [ever|please|pls] (call|phone) (again|anymore|any more|ever again|here)',
      '(<dont>) [ever|please|pls|keep] (send|sent|sending|forward) [me|us|any|anything|anymore|any more|more|further|these|this|such|your|ur|to|my number|my phone|to my] [me|us|any|anymore|more|further|these|this|such|your|ur|of] [any|anymore|more|these|this|your|of|of these] ..1 (<sms>)',
      '(<dont>) [ever|please|pls] (send|sent|forward) [me|us|to me] (anything|anymore|any more|again|these|this|such|more|nothing)',
      '(dont|do not|dnt|doesnt|didnt|dont really|no longer|never) (want|wants|wish|need|like|wanna|want you|want u|care|wish you) [to|2] (receive|recieve|get|see|have|hear|read|be getting|be receiving|keep getting|keep receiving) [any|anymore|any more|more|further|your|ur|these|those|this|such|of|from|the|all] [any|more|of|your|these|the|from|such] ..1 (<sms>|from you|from u|from this|from your)',
      '(dont|do not|dnt|no longer|never) (want|wish|need|like|wanna) [to|2] (receive|recieve)',
      '(dont|do not|no longer|never) (want|wish|wanna|like) [to] (be contacted|be on|be part of your|be texted|be smsed|be messaged|be called|be spammed|be disturbed|be bothered|hear from you|hear from u|subscribe)',
      '(dont|do not|dnt|no longer) (want|need|like|wish for|require|appreciate|wanna|ask for|ask) [any|anymore|any more|more|further|your|ur|these|those|this|such|the|of] [more|of|your|these|this|kind of] ..1 (<smsAlone>)',
      '(dont|do not|dnt) (want|need) (these|this|your|it|any of this|them) (anymore|any more|again|no more|stuff)',
      '(dont|do not|no longer) (want|need|require) your (service|services|stuff|things|offers)',
      '(never|didnt|did not) [ever] (subscribe*|sign* up|signed on|regist*|gave you permission|give you permission|gave permission|give permission|consent*|gave consent|give consent|opt in|opted in|ask for this|ask for these|asked for this|asked for these|signed me up)',
      '(who gave you|who gave u|who gives you|where did you get|where did u get|where you got|where u got|where have you got|how did you get|how did u get|how you got|how u got) (my|this|our|these) (number|no|nr|num|details|numbers|contact)',
      '(not|no longer|im not|i am not|no) interested [in|anymore|any more|..2] [your|ur|these|this|..1] [..1] (anymore|any more|<smsAlone>|stop|unsubscribe|remove|delete)',
      'no (more|further|longer) [of|of these|these|of your|your|ur|any|of the|such] ..1 (<smsAlone>|calls|nonsense|reminders|alerts)',
      'no more of (this|these|your|that)',
      'no (sms|smses|texts|msgs|messages|spam|ads|adverts|promos|promotions|marketing|newsletters|whatsapps|calls) (please|pls|plz|thanks|thank you|anymore|any more|asb|again|from you) ',
      '(enough|tired|sick|sick and tired|fed up|had enough|gatvol|i hate|hate|annoyed|irritated) [of|with|by|from] (these|this|your|ur|all the|all these|all your|getting|receiving|the|vir) ..2 (<smsAlone>|calls|spamming|texting|messaging)',
      '(your|ur|these|this) ..2 (<smsAlone>) (is|are|r) [so|very|really|too] (annoying|irritating|unwanted|unsolicited|spam|harassment|not welcome|a nuisance|disturbing)',
      '(this|it|u|you) (is|are|r) (spam|spamming|harassment|harassing|unsolicited|illegal)',
      '(report|reporting|reported) (you|u|this number|this sms|this as|these|your|as spam)',
      '(ill|i will|going to|we will|i shall) (report|sue|lay a complaint|lodge a complaint|complain to)',
      '(waspa|popia|popi act|popi|icasa|consumer protection act)',
      '(fuck off|f off|piss off|fokof|fok off|voetsek|voetsak|voertsek|futsek|footsek|bugger off|eff off|sod off|get stuffed)',
      '(take|get) off (my|this|our) (number|name|no|nr|details)',
      '(get|want) [me] off [of] (this|your|ur|the) ..2 (<list>)',
      '(get off|stay off|stay away from|get out of) my (phone|number|cell|line|inbox)',
      '(wrong number|wrong person) (stop|remove|unsubscribe|delete)',
      '(switch|turn|shut) [it|this|these|them] (off|down) [these|this|the|your|it|all] ..1 (<smsAlone>)',
      '(disable|mute|silence|kill) [these|this|the|your|all|my|me] ..1 (<smsAlone>|notifications|alerts)',
    ],
  },
  Afrikaans: {
    alone:
      'ophou|hou op|hou asb op|hou asseblief op|hou nou op|houop|staak|uitskryf|uitskrywe|skryf uit|skryf my uit|teken uit|uitteken|afmeld|meld af|kanselleer|kanseleer|kanseller|verwyder|blokkeer|geen sms|geen smse|geen boodskappe|beeindig|onttrek|fokof|voertsek|voetsek|hou op daarmee|hou op asb',
    aloneAtLast:
      'einde|genoeg|genoeg is genoeg|basta|gaan weg|gee pad|nie meer nie|nooit weer nie|los my|los ons|laat staan|blok|skrap|vee uit|wis uit|haal af|stop dit',
    phrases: [
      '(moenie|moet nie|moet my nie|moet ons nie|moet asb nie|moet asseblief nie|jy moenie|julle moenie|moet nooit|moet julle nie) ..8 (stuur|gestuur|kontak|bel|sms*|boodskap*|pla|whatsapp|skryf|epos|spam|text|message|lastig|lastigval)',
      '(hou|hou asb|hou asseblief|hou nou|hou net) op (asb|asseblief|om|nou|dadelik)',
      '(hou|hou asb|hou asseblief|hou nou|hou net) op [met|my] ..4 (stuur|bel|sms*|boodskap*|pla|spam*|kontak|lastig*|boodskappe)',
      '(stop|staak) [om|met|asb|nou|net|asb met|die|julle|hierdie|al] ..5 (stuur|bel|sms*|boodskap*|pla|spam|kontak|gestuur|gepla|smse)',
      '(verwyder|skrap|blok|blokkeer|onttrek|deregistreer) [asb|asseblief|net|nou] (my|ons|die nommer|hierdie nommer|die nr|hierdie nr|hierdie selfoon)',
      // "delete my order" is English
      '(block|delete|remove|unsubscribe) [asb|asseblief|net|nou] (ons|die nommer|hierdie nommer|die nr|hierdie nr|hierdie selfoon)',
      '(block|delete|remove|unsubscribe) [asb|asseblief|net|nou] (my) .',
      '(kanselleer|kanseleer|stop|staak|beeindig) [asb|asseblief|net|nou] (my|ons|die|hierdie|julle|al die) (subskripsie|inskrywing|lidmaatskap|naam|nommer|diens|dienste|sms*|boodskap*) ',
      '(kanselleer|kanseleer) (my|dit|alles|asb|asseblief|nou) .',
      '(kan|sal|sou|wil) (jy|julle|u|iemand) ..6 (afhaal|verwyder|uithaal|ophou|uitteken|skrap|afneem|uitlos|afmeld|kanselleer|blok) .',
      '(julle|jy|dit|hulle|u) moet [asb|asseblief|nou|net] (stop|ophou|my uitlos|my los|end kry|einde kry) .',
      '(hoe) (kanselleer|stop|meld|skryf|teken|kom|kry|haal|verwyder) (ek|mens|ons) ..4 .',
      '(haal|vat|skrap|neem|sny|gooi|kry|verwyder|wis|vee|trek|skryf|teken|meld) (my|ons|hierdie|die) [asb|asseblief|net|nou] [naam|nommer|nr|no|nommers|besonderhede|selnommer|asb] ..4 (af|uit|van|weg|julle)',
      '(haal|vat|skrap|neem|wis|vee|sny) (my|ons|hierdie) [asb] (naam|nommer|nr|no|besonderhede|selnommer)',
      '(skryf|teken|meld) (my|ons) [asb|asseblief|net|nou] (uit|af)',
      '(los|laat) (my|ons) (uit|alleen|nou|asb|asseblief|net|met rus|uit asb|tog|maar) .',
      '(los|laat) (my|ons) (met rus|alleen|uit|nommer uit)',
      '(vergeet|verloor|gooi) my (nommer|nr|no|naam)',
      '(geen|nie meer|nie|genoeg|g n) [nou] [meer|verdere|nog|van|met|vir] [julle|hierdie|die] (sms*|boodskap*|advertensie*|bemarking|spam|promosies|eposse)',
      '(wil|wens|soek|verlang|will|wl) (nie|geen|nooit|niks) ..5 (sms*|boodskap*|ontvang|gekontak|advertensies|spam|bemarking|kontak|gepla)',
      '(wil|soek) [net] (uit|af|afmeld|uitskryf|uitteken|stop|ophou|kanselleer)',
      '(soek|wil) nie [julle|hierdie|die] (goed|nonsens|kak|stront|sms*|boodskap*)',
      '(stuur|sms|bel|kontak|pla|boodskap|text|message|whatsapp|epos) (my|ons|asb my|asseblief my) [asb|asseblief] (nie|nooit|niks) ',
      '(stuur|sms|kontak) (asb|asseblief|net|dit|julle) [asb] (nie|nooit|niks) ..4 (meer|weer|nie)',
      '(stuur|sms) nie (meer|weer|verder|vir my|asb) ',
      '(gatvol|moeg|sat|keelvol) [vir|van|met] (julle|hierdie|al|die|jou) ..2 (sms*|boodskap*|spam|nonsens|kak|oproepe)',
      'hoe ..3 (stop|kanselleer|afmeld|uitskryf|uitteken|ophou) .',
      '(laat staan) (die|julle|hierdie) ..1 (sms*|boodskap*)',
    ],
  },
  'isiZulu, siSwati, isiNdebele': {
    alone:
      'yeka|yekani|yekelani|misani|khansela|khanselani|khansela lokhu|ngiyeke|ngiyekeni|ngiyekele|ngiyekeleni|sekwanele|sekwenele|susani|ngisuse|ngisuseni|ngikhiphe|ngikhipheni|ngishiye|ngishiyeni|angisafuni|angifuni|anginifuni|angisanifuni|asisafuni|angithandi|angisathandi|hlukana nami|hlukanani nami|cimani|cishani|jamani|lisani|ngilise|ngiliseni|sukani kimi|suka kimi|ungangithumeleli|ningangithumeleli|ungangithumeli|ningangithumeli|ungangifoneli|vimba|vimbani|yeka lokhu|yima lapho|block inombolo|asifuni',
    aloneAtLast:
      'yima|yimani|ima|mani|vala|valani|hamba|hambani|hamba wena|suka|sukani|lisa|jama|phuma|phelile|cima|cisha|misa|susa|yekela|yekele|kwanele|kwenele',
    phrases: [
      '(ngiyek*|ngisus*|ungisus*|ningisus*|ngikhiph*|ungikhiph*|ningikhiph*|angisafun*|angisayifun*|angisawafun*|angisazifun*|angisafisi|asisafun*|angisathand*|angisakudingi|asisawafuni|kangisafun*|angiwafun*|angiyifun*|angizifun*|bengingafun*)',
      '(angifuni|angidingi|asifuni|angithandi) ..3 (imiyalezo|miyalezo|umyalezo|imilayezo|milayezo|umlayezo|ama sms|amasms|ama message|amamessage|ama text|ama adverts|lokhu|izikhangiso|sms*|message*|imilayeto|nani|ningithumel*|ungithumel*|ukuthola|ukungathola)',
      '(unga*|ninga*|munga*|ningasa*|ungasa*|suku|musa|musani|maningasa*|phinde|ningaphind*|ungaphind*|yeka|yekani|yekelani|yekela|misa|misani|lisa|lisani|kuyeke|bayeke|ayikho|mayime|akume) ..1 (ngithum*|ungithum*|ningithum*|ukungithum*|ukuthum*|kuthum*|ngitfum*|ukungitfum*|kutfum*|uthumel*|uthumela|ukungifon*|ukungifow*|ukungisms*|ukungishay*|ukungihlupha|ukungicasula|ukungimess*|ukungitext*|kungitfum*|ukungibhal*)',
      '(ungangithumel*|ningangithumel*|ungasangithumel*|ningasangithumel*|musangithumel*|ungangitfumel*|ningangitfumel*|ungasangitfumel*|ningasangitfumel*|ungangihluph*|ungangifonel*|ningangifonel*|ungangishayel*|ningangishayel*|musukungithum*|sukungithum*|sukungifon*|ungangibhalel*|ningangibhalel*|ningabe nisangi*|ungabe usangi*|ningangisms*|ungangisms*)',
      '(susa|susani|cima|cimani|cisha|cishani|khipha|khiphani|sula|sulani|vala|valani|block|blocka|blokha|delete|deletha|remove|vimba|isuse|ususe|nisuse) (inombolo|inumber|inamba|i number|igama|inomboro|le nombolo|lenombolo|le number|lenamba|inombolo yami|mina|ngami|imininingwane)',
      '(hlukana|hlukanani|yehlukana|yehlukanani|sukani|suka|phumani|xegani) (nami|kimi|kimina|nathi|kithi|ephoneni|nenombolo)',
      '(yeka|yekani|yekela|yekelani|misa|misani|emisa|emisani|khansela|khanselani|khipha|vala|stop|stopa|stopani) (ukungithum*|ukundithum*|imiyalezo|imilayezo|le miyalezo|lemiyalezo|ama sms|amasms|ama message|lokhu|lokho|le sms|lama sms|ama text|imiyaleto|imilayeto|ukuthumela|izikhangiso|lezi|le|lemilayezo)',
      '(ngikhathele|sengikhathele|ngidiniwe|ngidikiwe|ngidinwe|sengidiniwe|ngikhathelile|sengikhathele yini) ..1 (imiyalezo|yimiyalezo|yilemiyalezo|yile|yima sms|ama sms|amasms|yinina|nini|yini|yilokhu|yi sms|lokhu|yilemilayezo)',
      '(ngicela|ngibawa|siyacela|ngiyacela|bengicela|ngicele) ..2 (ungisus*|ningisus*|ungikhiph*|ningikhiph*|ningakhiph*|ungakhiph*|nisuse|ususe|ungayek*|ningayek*|uyeke|niyeke|uyekele|umise|nimise|ukhansele|nikhansele|uvale|nivale|ungablock|ningiyeke|ungiyeke|ungangithum*|ningangithum*|ningasa*|ungasa*|ukuyek*|ukukhansela|ukuphuma|ukususwa|ukukhishwa|khansela|yima|stop|cancel|unsubscribe|usule|nisule|ucime|nicime|ungilise|ningilise|ulise|nilise|ume|nime|udelete|uremove|uyime|niyime|ustop*|nistop*|ningangitfum*|ungangitfum*)',
      '(ngifuna|ngithanda|bengifuna|sengifuna) (ukuphuma|ukuyeka|ukukhansela|ukususwa|ukukhishwa|ukuyekelwa|ukustop|kuphuma|ukuvala|kususwa|unisubscribe|uku opt out|ukuopt out|uku unsubscribe)',
    ],
  },
  isiXhosa: {
    alone:
      'rhoxisa|rhoxisani|rhoxa|ndiyeke|ndiyekeni|ndiyekele|ndisuse|ndisuseni|ndikhuphe|ndikhupheni|ndishiye|ndishiyeni|andisafuni|andifuni|andithandi|hlukana nam|hlukanani nam|yekelela|nqumama|phelisa|phelisani|kwanele|sukundithumelela|khupha|cinezela|bhloka|yekisa|ndicela uyeke|ndicela niyeke',
    phrases: [
      '(ndiyek*|ndisus*|undisus*|nindisus*|ndikhuph*|undikhuph*|nindikhuph*|andisafun*|andisayifun*|andisazifun*|asisafun*|andisathand*|andizifun*|andiyifun*)',
      '(andifuni|andidingi|asifuni|andizifuni|andithandi) ..3 (imiyalezo|miyalezo|umyalezo|ii sms|iisms|ii message|iimessage|ii text|ezi|lo|le|sms*|message*|nto|kuthunyelelwa|nindithumel*|undithumel*)',
      '(unga*|ninga*|ningasa*|ungasa*|suku*|musa|musani|maningasa*|yeka|yekani|yekelani|yekela|misa|misani|ningaphind*|ungaphind*|nize|uze|mayiphele) ..1 (ndithum*|undithum*|ukundithum*|nindithum*|ukuthum*|kuthum*|uthumel*|undifon*|ukundifon*|ukundisms*|undihluph*|ukundihluph*|ukundikhathaza|ukundimess*|undibhal*|ukundibhal*|ukunditext*|undifowun*|ukundifowun*|ukunditsal*)',
      '(ungandithumel*|ningandithumel*|ungasandithumel*|ningasandithumel*|sukundithum*|sanukundi*|sanundi*|sukundifon*|sukundihluph*|sukundikhathaz*|sukundifowun*|ungandifow*|ningandifow*|sukundisms*|sukunditsal*|ungandibhalel*|ningandibhalel*|nisukundithum*|musundithum*)',
      '(susa|susani|cima|cimani|khupha|khuphani|sula|sulani|vala|valani) (inombolo|inumber|inamba|i number|igama|inombolo yam|iinkcukacha|le nombolo|lenombolo|mna)',
      '(hlukana|hlukanani|sukani|suka|yahlukana|yahlukanani) (nam|kum|nathi|kuthi)',
      '(ndicela|siyacela|ndiyacela|bendicela|ndacela|ncedani|nceda|khawu|khanindisuse|khawundisuse|khanindi*|khawundi*) ..2 (undisus*|nindisus*|undikhuph*|nindikhuph*|nisuse|ususe|uyeke|niyeke|uyekele|umise|nimise|urhoxise|nirhoxise|ukhansele|nikhansele|uvale|nivale|nindiyeke|undiyeke|ungandithum*|ningandithum*|ningasa*|ungasa*|ukuyeka|ukurhoxa|ukurhoxisa|ukuphuma|ukususwa|rhoxisa|yima|khansela|stop|cancel|unsubscribe|usule|nisule|ucime|nicime|ukhuphe|nikhuphe|ndisuse|ndikhuphe|undiyekele)',
      '(khanindisuse*|khawundisuse*|khanindiyeke*|khawundiyeke*|khanindikhuph*|khawundikhuph*)',
      '(ndifuna|ndithanda|bendifuna) (ukuphuma|ukuyeka|ukurhoxa|ukurhoxisa|ukukhansela|ukususwa|ukukhutshwa|uku unsubscribe|uku opt out|ukustop)',
      '(ndidiniwe|ndikruqukile|ndidikiwe|ndidinwe|ndikhathele) ..1 (yi*|zi*|imiyalezo|ngu*|nini|ezi|ii sms|zii)',
    ],
  },
  'Sesotho, Setswana, Sepedi': {
    alone:
      'emisa|emisang|emiseng|emise|kgaotsa|kgaotsang|kgaotse|khaotsa|khaotsang|kgaola|tlohela|tlohelang|tlohele|tlogela|tlogelang|tlogele|ntlohele|ntloheleng|ntlohelle|ntlohelleng|ntlogele|ntlogeleng|ntlogelle|ntlogelleng|ntlese|ntleseng|ntlose|ntloseng|ntosa|hlakola|hlakolang|phumula|phumola|phimola|phimolang|phumulang|fedisa|fedisang|khutlisa|khansela|khanselang|go lekanye|le emise|o emise|lo emise|ha ke batle|ga ke batle|ga ke nyake|ga ke rate|ha ke rate|ke kgathetse|tswalela|se nthomelle|tlogela nna|tlohela nna|a re kgaotseng|o nkemise|hlakole|hlakoleng',
    aloneAtLast:
      'ema|emang|eme|emeng|tswa|etswa|khutla|kwala|kwalang|koala|lesa|lesang|ntshe|ntsheng|thiba|thibang|tlosa|tlosang|ho lekane|go lekane',
    phrases: [
      '(ntlohel*|ntlogel*|ntlhogel*|ntlose|ntloseng|ntlosa|nthlose|nkemise|ntlese*|ntshe mo|ntsheng mo|ntlhakol*)',
      '(emisa|emisang|emiseng|tlohela|tlohelang|tlogela|tlogelang|kgaotsa|kgaotsang|khaotsa|khaotsang|lesa|lesang|emise|fedisa) [go|ho|ka|ke|le|di|ya|hle|hleng|bathong|tu] [..1] (nthom*|rome*|roma*|nromel*|romel*|molaetsa|melaetsa|melaetša|di sms|disms|di message|dimessage|di text|sms*|dipapatso|dipapatšo|letse*|nletsa|nletsetsa|nkgathatsa|ntshwenya|ntena|tse|tseo|tseno|seo|se|yeo|ena|dintho)',
      '[o|le|lo|a|hle|ke kopa|ka kopo|mme|kopa] (se ke wa|se ke la|se ke lwa|se ka wa|se ka la|se ka lwa|se ke|se ka|seke wa|seka wa|seke la|seka la|seka lwa|seke|seka|se hlole o|se hlole le|se hlole|se tlhole o|se tlhole lo|se sa|se) [hlola|tlhola|boela|boa|be|sa|o|le|lo|ba|wa|la|lwa|tsamaya] [o|le|lo|wa|la] (nthom*|nromel*|mpholel*|nletsetse|nletsetsa|nletse|ntshwenye|ntshwenya|nkgathatse|nkgathatsa|roma|rome|romela|romele|tena|ntena|nteletse|ntseletse|nthlola|mmessage|nsms*|ngwalle|ngwalele|nngwalle|mpatikisa|ntenatena|nkwalela|nkwalele)',
      '(ha|ga|a) (ke|re) (sa|sa tlhole ke|sa hlole ke|sa tlhola ke|tlhole ke|hlole ke|sa hlola ke) (batl*|nyak*|rat*|hlok*|tlhok*|di|e|le)',
      '(ha|ga) (ke|re) (batl*|nyak*|hlok*|tlhok*|rat*|di batl*|e batl*|di nyak*|e nyak*) [hle|di|tse|le|go|ho|melaetsa|molaetsa] ..2 (melaetsa|molaetsa|sms*|di sms|disms|di message|dimessage|tsena|tseno|tse|tseo|dipapatso|tsa lona|tsa lena|amogela|fumana|hwetsa|romelwa|spam)',
      '(tlosa|tlosang|ntsha|ntshang|hlakola|hlakolang|phumula|phumola|phimola|phumulang|phimolang|thiba|thibang|block|delete|remove|utolla|tlose|hlakole|ntshe|phumole) (nomoro|nomore|nomoroya|nomoro ya|lebitso|leina|dinomoro|dintlha|nna|number|namba|mohala|dinomoro)',
      '(ke kopa|ke kgopela|ke kupa|kopa|ka kopo|kgopela|re kopa|re kgopela|nka kopa) ..2 (ntlose|ntloseng|ntlosa|tlose|tlosa|ntlohel*|ntlogel*|tlohel*|tlogel*|emise|emisa|emisang|kgaots*|khaots*|ntshe|ntshiwa|ntsha|ntosha|tloswa|tlosiwa|khansel*|lesa|lese|hlakol*|phumul*|phumol*|phimol*|fedis*|fedise|stop*|cancel|unsubscribe|tswa|go tswa|ho tswa|thibe|thiba|block*|remove*|delete*|ema|eme|nkemise|ntlese)',
      '(ke batla|ke nyaka|ke rata|ke lakatsa) (go tswa|ho tswa|go emisa|ho emisa|go khansela|ho khansela|go kgaotsa|ho kgaotsa|go tloga|ho tloswa|go tloswa|go ntshiwa|ho ntshuwa|go tlogela|ho tlohela|go unsubscribe|ho unsubscribe|le emise|o emise|lo emise|gore le emise|gore lo emise)',
      '(ke kgathetse|ke lapile|ke tenegile|ke tennwe|ke tenwe|ke lapisitswe|ke kgathaditswe|ke tenehile|ke lapišitšwe|ke lapisitse|ke khathetse) (ke|ka|le|mo) [..1] (melaetsa|molaetsa|di sms|disms|sms*|dimessage|lona|lena|tse|dipapatso|di message)',
    ],
  },
  'Xitsonga, Tshivenda': {
    alone:
      'yimisa|yimisani|tshika|tshikani|tshikeni|tshikela|ndzi tshike|ndzi tshikeni|ndzitshike|ndzitshikeni|ndzi suse|ndzi suseni|ndzi susi|ndzisuse|ndzi humese|ndzi humeseni|herisa|herisani|swi ringanile|swi ringene|a ndza ha lavi|a ndzi lavi|andzi lavi|andza ha lavi|sulani|litsha|litshani|litsheni|ndi litshe|ndi litsheni|ndilitshe|ndilitsheni|ntitshe|imisani|bvisa|bvisani|mbvise|mbviseni|mmbvise|nbvise|fhedza|fhedzani|fhelisa|zwo lingana|zwo eda|zwo edana|a thi todi|a thi tsha toda|athi todi|athi tsha toda|thuthani|khansela|khantsela|kantsela|kantselani',
    aloneAtLast: 'yimani|suka|sula|pfala|pfalani|vala|valani|imisa|imani|thutha|phumula',
    phrases: [
      '(ndzi|ndzi kombela ku|ndzi kombela mi|mi) (tshike*|suse*|susi|humese*|humesa|sula|sule|susa) [eka|ka|mi]',
      '(ndzitshike*|ndzisuse*|ndzihumese*)',
      '(ndzi kombela|hi kombela|ndza kombela|kombela|ndzi khongela) ..5 (tshik*|susa|suse*|susi|susiwa|yimisa|yimise|herisa|humesa|sula|sule|stop*|khansela|khanseli|cancel|unsubscribe|rhumeli|rhumela|rhumel*|huma|ku huma|pfala)',
      '(u nga|mi nga|u nga ha|mi nga ha|unga|minga|u nga tlheli|mi nga tlheli|mi nga tlhele|u nga tlhele|mi nga engeti|u nga ha tlheli) [ha|tlheli|u|mi|engeti] [ha|u|mi] (ndzi rhum*|ndzirhum*|rhumel*|ndzi fonel*|ndzi bel*|ndzi karhat*|ndzi tsalel*|ndzi thumel*|ndzi sms*)',
      '(tshika|tshikani|yimisa|yimisani|herisa|tshikeni) [ku] [ndzi] (rhum*|ndzirhum*|ndzi rhum*|mahungu|ti sms|tisms|sms*|ti message|timessage|karhata|fonela|tsalela|switiviso|leswi|hungu|marito)',
      '(ndzi nga ha|a ndzi nga ha) (lavi|lava|rhandzi|tsakeli)',
      '(a ndzi|a ndza ha|andzi|andza ha|a ndzi ha|a ha ndzi|a hi) [swi|ti|ma|ha|yi|ra ha] (lavi|lava|rhandzi|tsakeli|lavaka|lavisisi)',
      '(susa|susani|sula|sulani|humesa|humesani|pfala|block|remove|delete|cima) (nomboro|namba|nambara|number|vito|tinomboro|nomboro ya mina)',
      '(ni songo|u songo|vha songo|ni songo tsha|u songo tsha|vha songo tsha|ni sa|u sa|vha sa|ni si|ni songo vhuya|vha songo vhuya|ni songo dovha|u songo dovha|vha songo dovha|no songo) [na|tsha|dovha|vhuya|la|vha] [na|na u|u|ndi|na vha] (rum*|nthum*|tsha nthum*|ndi rum*|ndirum*|ndi founel*|ndi fonel*|ndi dina|ndi dinal*|ndi nwalel*|ndi sms*|tsha rum*|dina|founela)',
      '(litsha|litshani|litsheni|imisa|imisani|fhedza|fhelisa|kha vha litshe|kha ni litshe|vha litshe|ni litshe) [u|ha|hu|dzi] [ndi] (rum*|ndi rum*|ndirum*|milaedza|mulaedza|dzi sms|dzisms|sms*|dzi message|ndi dina|dina|ndi founela|khunguwedzo|izwi|ndi*)',
      '(a thi|athi|ri si) (tsha|tsha dzi|tsha zwi|tsha i|dzi|zwi|i|tsha vha) (todi|toda|todou|funa|funi|toḓa|tode)',
      '(a thi|athi) (todi|funi|toda) [..2] (milaedza|mulaedza|sms*|dzi*|hezwi|zwenezwo|u rumelwa|khunguwedzo|zwithu)',
      '(bvisa|bvisani|thutha|thuthani|phumula|phumulani|tutsha|vala|block|remove|delete|kha vha bvise|vha bvise|ni bvise|kha ni bvise) (nomboro|nomboroyanga|namba|number|dzina|nne|nomboro yanga|dzinomboro)',
      '(mbvis*|mmbvis*|nbvis*|ndi bvise|ndi bviseni|ndi litshe*|ndilitsh*|vha mbvise|ni mbvise|kha vha mbvise|kha ni mbvise)',
      '(ndi humbela|ri humbela|ndi khou humbela|humbela) ..3 (mbvis*|mmbvis*|nbvis*|bvis*|litsh*|imis*|fhedz*|thuth*|phumul*|stop*|khansel*|cancel|unsubscribe|songo|rumel*|nditsh*|vala|vale|u bva)',
    ],
  },
  Shona: {
    alone:
      'ndapota mirai|ndapota regai|ndapota siyai|regai|regai henyu|ndibvisei|ndisiyei|handichada|handidi|musanditumira|musanditumire|musandinetse',
    aloneAtLast: 'mirai|mira|siyai|siya|zvakwana|bvisai',
    phrases: [
      '(ndapota|ndokumbira|ndinokumbira) ..2 (mira|mirai|rega|regai|siyai|bvisa|bvisai|ndibvise*|mundibvise|mundisiye|musanditum*|musatum*|stop|cancel|unsubscribe)',
      '(musanditum*|musanditext*|musandifonera|handichada|handidi|handisisade) ..2 (meseji|mameseji|mamesseji|shoko|mashoko|sms*|message*|zvakare|futi)',
      '(ndibvisei|ndibvise|bvisai|bvisa) ..1 (nhamba|number|zita|pa|pamu*)',
      '(regai|rega|mirai) (kunditum*|kutum*|kundifonera|kundinetsa)',
    ],
  },
  'Portuguese, French and others': {
    alone:
      'pare|parar|parem|parem com isso|pare com isso|pare ja|pare agora|cancelar|cancela|cancele|cancelem|remover|remova|removam|retirar|retire|retirem|desinscrever|desativar|desactivar|desligar|bloquear|bloqueie|eliminar|apagar|apague|anule|descadastrar|excluir|exclua|sem mais|nao quero|nao quero mais|nao obrigado pare|me deixa|me deixe|terminar|suspender|nao me incomode|arret|arreter|arretez|desabonner|desabonnement|desinscription|stopp|abmelden|стоп|توقف|acabem|nunca mais|me esqueca|esquece me|sai fora|parem ja',
    aloneAtLast: 'para|fim|fin|alto|chega|basta|baja|termine|sair|saida|anular|alto',
    phrases: [
      '(pare|parem|para|parar|deixe|deixem|deixa|chega|cessem|evite|evitem) (de|com|as|com as|com os|d) [me|nos|essas|estas|esses] [..1] (envi*|mand*|mensag*|sms*|lig*|incomod*|perturb*|chatear|chate*|receber|promo*|publicidade|spam*|contactar|contatar|escrever)',
      '(nao|n) (quero|desejo|preciso|gosto|pretendo|autorizo|estou interessado em|queremos) [mais|de|de mais|nada] [receber|de|mais|ver|essas|estas|suas|as] [mais|as|suas|essas|estas|vossas] [mais|de] (mensag*|sms*|receber|nada|publicidade|promo*|contact*|contato*|ligac*|chamadas|spam|essas|estas|emails)',
      '(nao|n) (me|nos) (envi*|mand*|lig*|contact*|incomod*|escrev*|perturb*|chate*|telefon*|sms*)',
      '(nao|n) (envi*|mand*|contactem|contacte) (mais|me|nada|sms*|mensag*|para)',
      '(sem|chega de|basta de|nada de) [mais|tantas|estas|essas] (mensag*|sms*|promo*|publicidade|spam)',
      '(remov*|retir*|tire*|tira*|exclu*|apag*|elimin*|delet*|cancel*|bloquei*|bloque*|desativ*|desactiv*|desinscrev*|descadastr*) [me|nos|por favor] (me|nos|meu|o meu|este|esse|minha|a minha|o|este numero|meu numero|meu contacto|meu nome|da lista|desta lista|da vossa lista|mensagens|subscricao|inscricao|assinatura|as mensagens|essas mensagens|o envio|este servico|servico)',
      '(me|nos|por favor me) (remov*|retir*|tire*|tira*|exclu*|apag*|bloque*|cancele*|cancela|desinscrev*|deixem em paz|deixe em paz|deixa em paz)',
      '(deixe|deixa|deixem|deixai) (me|nos|me em|em) (em paz|paz|quieto|quieta) ',
      '(quero|queria|gostaria de|desejo|como posso|como faco para|como) (sair|cancelar|parar|desinscrever|remover|ser removido|ser removida|me desinscrever|anular|desativar|bloquear|deixar de receber)',
      '(perca|esqueca|esquece|apague|apaga|delete) (o meu|meu|este) (numero|contacto|contato)',
      '(ne|arretez|arreter|arrete) (plus|de|pas|m|me|menvoyez) [me] (envoy*|contact*|ecri*|appel*|messag*|plus)',
      '(no) (quiero|me) (mas|recibir|envien|manden|enviar|mandar)',
    ],
  },
};
