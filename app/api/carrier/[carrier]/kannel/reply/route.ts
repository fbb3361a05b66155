import { answerKannelRoute } from '@/lib/carriers/kannel-route';

export function GET(request: Request, context: { params: Promise<{ carrier: string }> }): Promise<Response> {
  return answerKannelRoute('reply', request, context);
}
