import { useSyncExternalStore } from 'react';

import { api, type ApiError, asApiError, dataOf } from '@/lib/api-client';
import { authorization } from '@/lib/api-key';
import { serverPath } from '@/lib/base-path';
import { forgetKeptAnswers } from '@/lib/offline';

/** Answers that will be deleted at a time, unless the user takes this back. */
export interface Deletion {
  ids: string[];
  /** The time at which the request is sent, in milliseconds since 1970. */
  until: number;
}

interface State {
  waiting: readonly Deletion[];
  /** The deletion that failed last. Its answers are in the lists again. */
  failed: { deletion: Deletion; error: ApiError } | undefined;
}

export const GRACE_SECONDS = 15;

const STORAGE_KEY = 'deepsky-deletions';

/** Extra time before a tab sends a deletion of another tab, which may have been closed. */
const OTHER_TAB = 10_000;

/** The number of ids per request; small enough for a request that outlives the page. */
const CHUNK = 1000;

/**
 * Deletes answers after a period of grace.
 *
 * The lists hide the answers at once. If the page is closed before the period ends, the deletion is
 * sent at once. Deletions are also kept in the browser's storage until the server has confirmed
 * them, so the next visit sends those that were lost.
 */
export class Deletions {
  onDeleted: (ids: string[]) => void = () => undefined;
  private state: State = { waiting: [], failed: undefined };
  private readonly own = new Set<Deletion>();
  private readonly listeners = new Set<() => void>();

  constructor() {
    for (const deletion of read()) {
      this.setState({ waiting: [...this.state.waiting, deletion] });
      this.schedule(deletion, OTHER_TAB);
    }
    window.addEventListener('pagehide', this.sendNow);
  }

  readonly getSnapshot = (): State => this.state;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  begin(ids: string[]): void {
    const deletion = { ids, until: Date.now() + GRACE_SECONDS * 1000 };
    this.own.add(deletion);
    write([...read(), deletion]);
    this.setState({ waiting: [...this.state.waiting, deletion], failed: undefined });
    this.schedule(deletion);
  }

  undo(deletion: Deletion): void {
    this.drop(deletion);
  }

  /** Sends the deletion now. */
  async send(deletion: Deletion): Promise<void> {
    try {
      for (const ids of chunks(deletion.ids)) {
        await dataOf(api.POST('/api/v1/classifications/delete', { body: { ids } }));
      }
      await forgetKeptAnswers();
      this.onDeleted(deletion.ids);
      this.drop(deletion);
    } catch (error) {
      this.drop(deletion);
      this.setState({ failed: { deletion, error: asApiError(error) } });
    }
  }

  /** Sends all deletions of this tab now. */
  async sendAll(): Promise<void> {
    await Promise.all([...this.own].map((deletion) => this.send(deletion)));
  }

  forgetFailure(): void {
    this.setState({ failed: undefined });
  }

  private schedule(deletion: Deletion, extra = 0): void {
    setTimeout(
      () => {
        if (!this.state.waiting.includes(deletion)) return;
        const isStored = read().some((one) => one.until === deletion.until);
        if (this.own.has(deletion) || isStored) void this.send(deletion);
        else this.drop(deletion); // another tab has sent it or taken it back
      },
      Math.max(0, deletion.until + extra - Date.now()),
    );
  }

  /** Sends the deletions of this tab, with requests that outlive the page. */
  private readonly sendNow = () => {
    if (this.own.size > 0) void forgetKeptAnswers();
    for (const deletion of this.own) {
      for (const ids of chunks(deletion.ids)) {
        fetch(serverPath('api/v1/classifications/delete'), {
          method: 'POST',
          headers: { ...authorization(), 'Content-Type': 'application/json' },
          body: JSON.stringify({ ids }),
          keepalive: true,
        }).catch(() => undefined); // the next visit sends it again
      }
    }
  };

  private drop(deletion: Deletion): void {
    this.own.delete(deletion);
    write(read().filter(({ until }) => until !== deletion.until));
    this.setState({ waiting: this.state.waiting.filter((one) => one !== deletion) });
  }

  private setState(changes: Partial<State>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of this.listeners) listener();
  }
}

const chunks = (ids: string[]): string[][] =>
  Array.from({ length: Math.ceil(ids.length / CHUNK) }, (_, index) =>
    ids.slice(index * CHUNK, (index + 1) * CHUNK),
  );

const read = (): Deletion[] => {
  try {
    return JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '[]') as Deletion[];
  } catch {
    return [];
  }
};

const write = (waiting: Deletion[]) => {
  try {
    if (waiting.length === 0) localStorage.removeItem(STORAGE_KEY);
    else localStorage.setItem(STORAGE_KEY, JSON.stringify(waiting));
  } catch {
    // without storage, deletions end with the page
  }
};

export const deletions = new Deletions();

/** The answers that are being deleted; lists do not show them. */
export const useDeletions = () => {
  const state = useSyncExternalStore(deletions.subscribe, deletions.getSnapshot);
  return { ...state, hidden: new Set(state.waiting.flatMap(({ ids }) => ids)) };
};
