import { restRoute } from '@/lib/rest-v1/make-rest-route';
import { respondOptOuts } from '@/lib/rest-v1/opt-outs';

export const { GET, POST, PUT, PATCH, DELETE } = restRoute(
  { method: 'GET', scope: 'OPT_OUTS', doing: 'reading opt-outs' },
  async ({ scope, timeZone, now }) => respondOptOuts(scope, timeZone, now),
);
