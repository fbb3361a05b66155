import { respondNoPath } from '@/lib/rest-v1/make-rest-route';

export {
  respondNoPath as DELETE,
  respondNoPath as GET,
  respondNoPath as PATCH,
  respondNoPath as POST,
  respondNoPath as PUT,
};
