import { apiRoute } from '@/lib/api-v2/make-api-route';
import { cancel, get } from '@/lib/api-v2/removal-requests';

export const { GET, POST, PUT, PATCH, DELETE } = apiRoute(get, cancel);
