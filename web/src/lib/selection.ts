/** The selected items of a list. A range starts at the item that was selected last, the anchor. */
export interface Selection {
  keys: ReadonlySet<string>;
  anchor?: string | undefined;
}

export const NOTHING: Selection = { keys: new Set() };

/** Selects an item, or deselects it if it is selected. */
export const toggle = ({ keys }: Selection, key: string): Selection => {
  const changed = new Set(keys);
  if (!changed.delete(key)) changed.add(key);
  return { keys: changed, anchor: key };
};

/** Selects the items from the anchor to `key`, in addition to those that are selected. */
export const extend = (
  { keys, anchor = '' }: Selection,
  key: string,
  order: readonly string[],
): Selection => {
  const [start, end] = [order.indexOf(anchor), order.indexOf(key)].toSorted((a, b) => a - b);
  if (start === undefined || end === undefined || start < 0) {
    return { keys: new Set([...keys, key]), anchor: key };
  }
  return { keys: new Set([...keys, ...order.slice(start, end + 1)]), anchor };
};

export const selectAll = (keys: readonly string[]): Selection => ({ keys: new Set(keys) });
