export { LearnPage as Component } from '@/features/learn/components/learn-page';
