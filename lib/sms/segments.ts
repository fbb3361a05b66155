/** The longest text that may be sent, in characters: six GSM-7 segments. */
export const maxTextLength = 918;

/**
 * What a text costs to send. `units` are septets (GSM-7; an extension character takes two) or UTF-16 units
 * (UCS-2).
 */
export interface TextMeasure {
  encoding: 'GSM-7' | 'UCS-2';
  units: number;
  /** One credit each; 0 for an empty text. */
  segments: number;
  /**
   * What a segment holds: less when there are several, since each carries a header that says how to join
   * them.
   */
  unitsPerSegment: number;
  /** Units left in the last segment. */
  unitsLeft: number;
}

// GSM 03.38 (3GPP TS 23.038), the default alphabet and its extension table.
const basicAlphabet =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const extensionTable = '\f^{}\\[~]|€';

const septets = new Map<string, 1 | 2>();
for (const character of basicAlphabet) septets.set(character, 1);
for (const character of extensionTable) septets.set(character, 2);

const capacity = {
  'GSM-7': { alone: 160, joined: 153 },
  'UCS-2': { alone: 70, joined: 67 },
} as const;

/** Encoding, length and number of segments of a text, as a phone or an SMS centre would count them. */
export function measureText(text: string): TextMeasure {
  const gsmUnits = countSeptets(text);
  const encoding = gsmUnits === null ? 'UCS-2' : 'GSM-7';
  const units = gsmUnits ?? text.length;
  const { alone, joined } = capacity[encoding];
  if (units <= alone) {
    return {
      encoding,
      units,
      segments: units === 0 ? 0 : 1,
      unitsPerSegment: alone,
      unitsLeft: alone - units,
    };
  }

  // Kannel cuts UCS-2 after 67 units, within an emoji too: the phone joins the units before it shows them.
  if (encoding === 'UCS-2') {
    const segments = Math.ceil(units / joined);
    return { encoding, units, segments, unitsPerSegment: joined, unitsLeft: segments * joined - units };
  }

  // An escape is never parted from its character: one that does not fit begins the next segment.
  let segments = 1;
  let used = 0;
  for (const character of text) {
    const width = septets.get(character) ?? 1;
    if (used + width > joined) {
      segments += 1;
      used = 0;
    }
    used += width;
  }
  return { encoding, units, segments, unitsPerSegment: joined, unitsLeft: joined - used };
}

/** Whether a character is in the GSM alphabet or its extension table. */
export function isGsm(character: string): boolean {
  return septets.has(character);
}

function countSeptets(text: string): number | null {
  let units = 0;
  for (const character of text) {
    const width = septets.get(character);
    if (width === undefined) return null;
    units += width;
  }
  return units;
}
