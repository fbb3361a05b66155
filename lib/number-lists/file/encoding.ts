import { fileEncodings, type FileEncoding } from '../schema';

/**
 * Null: no text at all. Without a byte-order mark, UTF-16 shows by its zero bytes and Windows-1252 by not
 * being UTF-8.
 */
export function detectEncoding(bytes: Uint8Array): FileEncoding | null {
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return 'utf-8';
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  const zeros = [0, 0];
  for (let index = 0; index < bytes.length; index++) {
    if (bytes[index] === 0) zeros[index % 2] = (zeros[index % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = zeros;
  if (even + odd > 0) {
    const half = bytes.length / 2;
    if (odd > half * 0.5 && even < half * 0.05) return 'utf-16le';
    if (even > half * 0.5 && odd < half * 0.05) return 'utf-16be';
    return null;
  }
  try {
    // stream: a character that the end of the part cuts in two is no mistake
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return 'utf-8';
  } catch {
    return 'windows-1252';
  }
}

export function isFileEncoding(value: string): value is FileEncoding {
  return fileEncodings.some((encoding) => encoding === value);
}
