/** The style sheets of the Mantine components that the page uses; see plugins/mantine-styles.ts. */
declare module 'virtual:mantine-styles';

/** The compiled catalogues; see plugins/catalogues.ts. */
declare module 'virtual:messages/*' {
  const createTexts: import('@/lib/catalogue').CreateTexts<import('@/lib/messages').Messages>;
  export default createTexts;
}
declare module 'virtual:learn/*' {
  const createTexts: import('@/lib/catalogue').CreateTexts<
    import('@/features/learn/texts').LearnTexts
  >;
  export default createTexts;
}
