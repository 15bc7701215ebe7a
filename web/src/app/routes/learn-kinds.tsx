export { KindsPage as Component } from '@/features/learn/components/kinds-page';
