import { apiRoute } from '@/lib/api-v2/make-api-route';
import { check } from '@/lib/api-v2/opt-outs';

export const { GET, POST, PUT, PATCH, DELETE } = apiRoute(check);
