import { customerLayout } from '@/lib/auth/make-page';

export default customerLayout('lists.upload');
