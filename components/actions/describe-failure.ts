import type { Failure } from './call-action';

/** What is true after a call that got no answer, in the words of what it was about. */
export interface ActionWords {
  /** Nothing was done: "27… is not opted out." */
  undone: string;
  /** Nobody knows whether it was done, and why it is safe to try again, or how to find out. */
  unsure: string;
  /**
   * How to go on where the page must be reloaded, if something typed is not kept over that, as passwords and
   * codes are not: "Reload it to go on, and type your password again."
   */
  reload?: string;
}

const reasons: Record<Failure['kind'], string> = {
  offline: 'You are offline.',
  unreachable: 'The server could not be reached.',
  outdated: 'This page is older than the server.',
  broken: 'The server had a problem.',
};

/** What happened, and what is true now. */
export function describeFailure({ kind, isUndone, code }: Failure, words: ActionWords): string {
  return [
    reasons[kind],
    isUndone ? words.undone : words.unsure,
    kind === 'outdated' && (words.reload ?? 'Reload it to go on; what you typed is kept.'),
    code !== undefined && `If it happens again, tell support this code: ${code}.`,
  ]
    .filter(Boolean)
    .join(' ');
}
