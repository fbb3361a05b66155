import { apiRoute } from '@/lib/api-v2/make-api-route';
import { getDelivery } from '@/lib/api-v2/webhooks';

export const { GET, POST, PUT, PATCH, DELETE } = apiRoute(getDelivery);
