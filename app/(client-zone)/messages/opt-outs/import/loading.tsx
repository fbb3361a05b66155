import { UploadPageSkeleton } from '@/components/number-lists/upload-page';

export default function Loading() {
  return <UploadPageSkeleton purpose="IMPORT" />;
}
