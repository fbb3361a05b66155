import { Secret, TOTP } from 'otpauth';
import QRCode from 'qrcode';
import type { AppSetup } from './schema';

/** What every authenticator app knows (RFC 6238): others are ignored by some of them, without a word. */
const digits = 6;
const stepSeconds = 30;
/** Codes of the step before and the step after count, too: clocks differ, and typing takes a while. */
const window = 1;
/** How far a clock may be off for us to say so: ten minutes. */
const widestWindow = 20;
const secretBytes = 20;

/** A fresh secret, base32. */
export function makeAppSecret(): string {
  return new Secret({ size: secretBytes }).base32;
}

function open(secret: string): TOTP {
  return new TOTP({ issuer: 'Client Zone', digits, period: stepSeconds, secret: Secret.fromBase32(secret) });
}

/**
 * What an app is given.
 *
 * @param name what the app shows below "Client Zone": the username
 */
export function composeAppSetup(secret: string, name: string): AppSetup {
  const totp = open(secret);
  totp.label = name;
  const grouped = secret.match(/.{1,4}/g) ?? [];
  return { qr: drawQr(totp.toString()), secret: grouped.join(' ') };
}

/**
 * A path of one-unit squares: an image that needs no data: address and no style, and is sharp at any size.
 */
function drawQr(text: string): AppSetup['qr'] {
  const { modules } = QRCode.create(text, { errorCorrectionLevel: 'M' });
  const border = 4;
  let path = '';
  for (let y = 0; y < modules.size; y++) {
    for (let x = 0; x < modules.size; x++) {
      if (modules.get(y, x)) path += `M${x + border} ${y + border}h1v1h-1z`;
    }
  }
  return { size: modules.size + 2 * border, path };
}

export type CodeVerdict =
  /** `step`: the half minute that it belongs to, counted since 1970. */
  | { kind: 'right'; step: number }
  /** Right for a clock that is off by so many minutes; above 0: fast. */
  | { kind: 'clock'; step: number; minutesFast: number }
  | { kind: 'wrong' };

/** The half minute, counted since 1970. */
export function readStep(now: Date): number {
  return Math.floor(now.getTime() / 1000 / stepSeconds);
}

/**
 * Looks at a code.
 *
 * @param typed with spaces as apps show it: "123 456"
 */
export function checkCode(secret: string, typed: string, now: Date): CodeVerdict {
  const token = typed.replace(/[\s-]/g, '');
  if (!/^\d{6}$/.test(token)) return { kind: 'wrong' };
  const delta = open(secret).validate({ token, timestamp: now.getTime(), window: widestWindow });
  if (delta === null) return { kind: 'wrong' };
  const step = readStep(now) + delta;
  if (Math.abs(delta) <= window) return { kind: 'right', step };
  const minutes = Math.max(1, Math.round((Math.abs(delta) * stepSeconds) / 60));
  return { kind: 'clock', step, minutesFast: delta > 0 ? minutes : -minutes };
}

/** "Your phone's clock …", for a code that is right for another time. */
export function explainClock(minutesFast: number): string {
  const minutes = Math.abs(minutesFast);
  return `This code belongs to another time: your phone’s clock seems to be about ${minutes === 1 ? 'a minute' : `${minutes} minutes`} ${minutesFast > 0 ? 'fast' : 'slow'}. Set the phone to take its time from the network, then type the code that the app shows.`;
}
