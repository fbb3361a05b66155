/** The embedded database cannot run; the message is one line for the person who started the program. */
export class EmbeddedError extends Error {
  override readonly name = 'EmbeddedError';
}
