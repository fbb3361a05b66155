export { MessagesPageSkeleton as default } from '@/components/messages/messages-page';
