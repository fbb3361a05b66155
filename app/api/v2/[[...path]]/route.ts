import { respondNoPath } from '@/lib/api-v2/make-api-route';

export {
  respondNoPath as DELETE,
  respondNoPath as GET,
  respondNoPath as PATCH,
  respondNoPath as POST,
  respondNoPath as PUT,
};
