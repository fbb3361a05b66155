import type { MailTransport, OutgoingEmail } from '@/lib/notices/outbox';

/** A mail server that remembers what it took; `answer` throws to say that it does not take one. */
export class MemoryMail implements MailTransport {
  readonly taken: OutgoingEmail[] = [];

  constructor(private readonly answer: (email: OutgoingEmail) => void = () => undefined) {}

  async send(email: OutgoingEmail): Promise<{ kept: null }> {
    this.answer(email);
    this.taken.push(email);
    return { kept: null };
  }
}
