export { RequestsPageSkeleton as default } from '@/components/removal-requests/requests-page';
