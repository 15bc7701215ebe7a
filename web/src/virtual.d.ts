/** The style sheets of the Mantine components that the page uses; see plugins/mantine-styles.ts. */
declare module 'virtual:mantine-styles';
