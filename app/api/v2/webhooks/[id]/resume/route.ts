import { apiRoute } from '@/lib/api-v2/make-api-route';
import { resume } from '@/lib/api-v2/webhooks';

export const { GET, POST, PUT, PATCH, DELETE } = apiRoute(resume);
