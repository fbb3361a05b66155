export { ReviewPageSkeleton as default } from '@/components/review/review-page';
