import { respondProblem } from '@/lib/http/problem';

/** What is no address of ours, in the words that programs read; Next would answer with a page. */
function answerNotFound(): Response {
  return respondProblem(404, 'Not found', 'There is nothing at this address.');
}

export {
  answerNotFound as DELETE,
  answerNotFound as GET,
  answerNotFound as HEAD,
  answerNotFound as OPTIONS,
  answerNotFound as PATCH,
  answerNotFound as POST,
  answerNotFound as PUT,
};
