import type { LinkProblem } from '@/lib/secrets/commands';

const words: Record<LinkProblem, string> = {
  unknown: 'This link is not valid. Use the link of the latest e-mail, the whole of it.',
  used: 'This link has been used. If that was in another browser, go on there.',
  replaced: 'There is a newer link, or what this one was for is done. Use the one of the latest e-mail.',
  expired: 'This link has expired: it works for 30 minutes. Ask for a new one.',
};

/** Why a link leads nowhere, for whoever holds it. */
export function describeLinkProblem(problem: LinkProblem): string {
  return words[problem];
}
