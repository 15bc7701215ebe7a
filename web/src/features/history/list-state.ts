/** The state of the history list, restored when the user returns to the list. */
export interface ListState {
  /** The filters, as URL parameters. */
  search: string;
  scrollKey: string;
}
