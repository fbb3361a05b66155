import { apiRoute } from '@/lib/api-v2/make-api-route';
import { create, list } from '@/lib/api-v2/webhooks';

export const { GET, POST, PUT, PATCH, DELETE } = apiRoute(list, create);
