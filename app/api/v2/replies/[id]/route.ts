import { apiRoute } from '@/lib/api-v2/make-api-route';
import { get } from '@/lib/api-v2/replies';

export const { GET, POST, PUT, PATCH, DELETE } = apiRoute(get);
