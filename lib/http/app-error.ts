/** An error with a code for programs and, where a person can do something, a sentence for them. */
export class AppError extends Error {
  readonly userMessage: string | undefined;

  constructor(
    readonly code: string,
    message: string,
    options: { userMessage?: string; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.userMessage = options.userMessage;
  }
}
