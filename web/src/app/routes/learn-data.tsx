export { DataPage as Component } from '@/features/learn/components/data-page';
