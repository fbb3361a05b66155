import { AppError } from '@/lib/http/app-error';

/** The file cannot be read; `userMessage` says why and what to do. Nothing of it is kept. */
export class UnreadableFileError extends AppError {
  constructor(userMessage: string) {
    super('unreadable-file', userMessage, { userMessage });
  }
}
