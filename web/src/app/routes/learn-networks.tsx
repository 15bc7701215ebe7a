export { NetworksPage as Component } from '@/features/learn/components/networks-page';
