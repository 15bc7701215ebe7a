export { ReviewPage as Component } from '@/features/review/components/review-page';
