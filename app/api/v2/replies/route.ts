import { apiRoute } from '@/lib/api-v2/make-api-route';
import { list } from '@/lib/api-v2/replies';

export const { GET, POST, PUT, PATCH, DELETE } = apiRoute(list);
