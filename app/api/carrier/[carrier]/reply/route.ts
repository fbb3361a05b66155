import { answerCarrierRoute } from '@/lib/carriers/next-door';

export function POST(request: Request, context: { params: Promise<{ carrier: string }> }): Promise<Response> {
  return answerCarrierRoute('reply', request, context);
}
