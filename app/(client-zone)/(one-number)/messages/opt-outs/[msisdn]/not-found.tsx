export { UnknownNumber as default } from '@/components/stories/unknown-number';
