export { ObjectsPage as Component } from '@/features/learn/components/objects-page';
