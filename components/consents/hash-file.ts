/** A browser reads all of a file to hash it. */
const mostBytes = 100 * 1024 * 1024;

type Hashed = { ok: true; hash: string } | { ok: false; problem: string };

/** The SHA-256 of a file in hexadecimal, worked out in the browser: nothing of it is sent. */
export async function hashFile(file: Blob): Promise<Hashed> {
  if (file.size > mostBytes) return { ok: false, problem: 'Choose a file of at most 100 MB.' };
  // browsers have it on pages that came over https, and on this machine
  const subtle = globalThis.crypto.subtle as SubtleCrypto | undefined;
  if (!subtle) {
    return {
      ok: false,
      problem:
        'This page came without encryption, so your browser works out no fingerprint. Give an address instead.',
    };
  }
  try {
    const digest = await subtle.digest('SHA-256', await file.arrayBuffer());
    const hash = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
    return { ok: true, hash };
  } catch {
    return { ok: false, problem: 'The file could not be read. Choose it again.' };
  }
}
