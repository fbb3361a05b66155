import { apiRoute } from '@/lib/api-v2/make-api-route';
import { add, get, remove } from '@/lib/api-v2/opt-outs';

export const { GET, POST, PUT, PATCH, DELETE } = apiRoute(get, add, remove);
