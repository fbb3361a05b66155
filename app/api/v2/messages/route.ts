import { apiRoute } from '@/lib/api-v2/make-api-route';
import { list, send } from '@/lib/api-v2/messages';

export const { GET, POST, PUT, PATCH, DELETE } = apiRoute(list, send);
