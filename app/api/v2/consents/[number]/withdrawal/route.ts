import { withdraw } from '@/lib/api-v2/consents';
import { apiRoute } from '@/lib/api-v2/make-api-route';

export const { GET, POST, PUT, PATCH, DELETE } = apiRoute(withdraw);
