import { answerCarrierRoute } from '@/lib/carriers/carrier-route';

export function POST(request: Request, context: { params: Promise<{ carrier: string }> }): Promise<Response> {
  return answerCarrierRoute('receipt', request, context);
}
