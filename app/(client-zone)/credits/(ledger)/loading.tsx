export { CreditsPageSkeleton as default } from '@/components/credits/credits-page';
