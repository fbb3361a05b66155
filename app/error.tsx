'use client';

export { BarePageError as default } from '@/components/shell/page-error';
