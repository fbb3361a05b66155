export { OptOutsPageSkeleton as default } from '@/components/opt-outs/opt-outs-page';
