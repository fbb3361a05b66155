/** A kind of words by which a text reads like marketing. */
interface Sign {
  /** Of the group, for the tests: each has an example there. */
  name: string;
  pattern: RegExp;
  /** Where this stands in the same sentence, the sign is none: a price that is owed is no offer. */
  unless?: RegExp;
}

/** What is owed, was paid, or belongs to something that was arranged. */
const owed = new RegExp(
  [
    'due|payable|owed?|owing|outstanding|overdue|balance|bal|avail|arrears|paid|pay|pays|payments?|invoices?|statements?',
    'received|refund(?:ed|s)?|deposit(?:ed|s)?|debit(?:ed|s|ing)?|credited|withdrawn|withdrawal|transfer(?:red|s)?|reserved',
    'accounts?|acc|amount|total|fees?|premium|excess|instal?ments?|cash|driver|courier|ready|quote|limit|purchased?|spent',
    'your (?:order|parcel|booking)|order (?:no|nr|number|#)',
    'betaal(?:baar)?|betaling|verskuldig|uitstaande|agterstallig|balans|rekening|faktuur|bedrag|ontvang|terugbetaal',
    'premie|paaiement|fooi|kontant|jou (?:bestelling|pakkie)|bestelling',
  ].join('|'),
);

const notWithin = (words: string) => `(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}])`;
const find = (words: string) => new RegExp(notWithin(words), 'iu');

/** Asks to buy: with a link it is an offer. */
const link =
  '(?:https?:\\/\\/|www\\.|[a-z0-9-]+\\.(?:co\\.za|com|net|org|africa|za|shop|store|ly|me|io|link|example))';

/**
 * The table of signs, English and Afrikaans: what offers say and service messages hardly ever do. All that
 * comes of one is a question.
 */
export const marketingSigns: readonly Sign[] = [
  {
    name: 'price',
    pattern:
      /(?<![\p{L}\p{N}]|[Tt]he |[Dd]ie |road |route |pad )R ?(?:\d[.,]\d{2}|\d{2,3}(?:[.,]\d{2})?|\d{1,3}(?:[ ,]?\d{3})+(?:[.,]\d{2})?)(?![\p{L}\p{N}])/u,
    unless: find(owed.source),
  },
  { name: 'per cent off', pattern: find('\\d{1,3} ?% (?:off|less|discount|cheaper|afslag|korting|minder)') },
  {
    name: 'sale',
    pattern:
      /(?<![\p{L}\p{N}]|deed of |point of |agreement of |condition of )(?:flash |winter |summer )?sale(?![\p{L}\p{N}]| (?:agreement|documents?|of your|was registered))/iu,
  },
  {
    name: 'special',
    pattern:
      /(?<![\p{L}\p{N}])specials?(?![\p{L}\p{N}]| (?:instructions?|needs|care|attention|diets?|requests?|assistance|education|requirements?|general meeting|leave|votes?|resolutions?))/iu,
  },
  { name: 'discount', pattern: find('discounts?|discounted') },
  { name: 'promotion', pattern: find('promos?|promo code|promotions?|promotional') },
  {
    name: 'offer',
    pattern: find(
      '(?:our|this|latest|great|exclusive|new|an?|on|launch) offers?|offers? (?:ends?|valid|expires?|closes|only)|hot deals?|great deals?|best deals?|deals? (?:of the|ends?|on)',
    ),
    unless: find('offer (?:of employment|letter|to purchase)|employment|counter offer'),
  },
  {
    name: 'saving',
    pattern: find(
      'save (?:up to |an extra )?(?:R ?\\d[\\d ,]*|\\d{1,3} ?%)|half[ -]price|buy (?:one|\\d+)[^.!?]{0,20}get',
    ),
  },
  { name: 'several for one', pattern: find('\\d+ for the price of \\d+') },
  {
    name: 'free',
    pattern: find(
      'free (?:gift|delivery|shipping|refill|trial|sample|entry|quote|installation|fitting|(?:wheel )?alignment|cup|coffee|data|airtime|minutes)|for free|get [^.!?]{1,30} free',
    ),
  },
  {
    name: 'pressure',
    pattern: find('last chance|limited (?:time|offer|stock)|while stocks? lasts?|black friday|clearance'),
  },
  {
    name: 'prize',
    pattern: find('stand a chance|(?:to|and|you could) win|win (?:an?|R ?\\d+|big|cash|prizes?)|lucky draw'),
  },
  {
    name: 'new goods',
    pattern: find('new (?:arrivals|stock|collection|range)|now in stores?|back in stock'),
  },
  {
    name: 'order now',
    pattern: find(
      '(?:order|buy|shop|book|enter|apply) (?:now|today)|shop (?:online|at)|visit our (?:store|shop)',
    ),
  },
  {
    name: 'offer with a link',
    pattern: new RegExp(
      `(?<![\\p{L}\\p{N}]|your |the |an? |this |of )(?:order|buy|shop|browse|subscribe|get yours|available|in store)(?![\\p{L}\\p{N}])[^!?\\n]{0,40}${link}`,
      'iu',
    ),
  },
  { name: 'uitverkoping', pattern: find('\\p{L}*uitverkopings?') },
  {
    name: 'spesiale aanbod',
    pattern: find(
      'spesiale? (?:aanbod|aanbieding|prys|pryse)|(?:ons|hierdie|nuwe) (?:aanbod|aanbieding)|aanbiedinge|op spesiaal',
    ),
  },
  {
    name: 'afslag',
    pattern: find('afslag|winskopies?|promosies?|halfprys|half prys|spaar (?:tot )?R ?\\d+'),
  },
  {
    name: 'gratis',
    pattern: find('gratis (?:aflewering|geskenk|koppie|koffie|monster)|kry [^.!?]{1,60} gratis'),
  },
  {
    name: 'koop nou',
    pattern: find(
      "(?:koop|bestel|bespreek) (?:nou|vandag)|laaste kans|solank die voorraad hou|wen (?:['’]n|R ?\\d+)",
    ),
  },
];

// A campaign text has 918 characters; beyond that nothing is sent.
const longestText = 2000;

/**
 * What in a text reads like marketing, as it stands there ("40% off"); null: nothing does. An opinion, for a
 * question to its writer: it decides nothing. Pure; looks at the first 2,000 characters.
 */
export function findMarketingSign(text: string): string | null {
  const sentences = text.slice(0, longestText).split(/(?<=[.!?])\s+|[\n\r]+/u);
  for (const { pattern, unless } of marketingSigns) {
    for (const sentence of sentences) {
      const found = pattern.exec(sentence)?.[0].trim();
      if (found && !unless?.test(sentence)) return found;
    }
  }
  return null;
}
