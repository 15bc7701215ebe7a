import type { QueryClient } from '@tanstack/react-query';

import { answerKey, keepAnswers, knownAnswers, PICTURE } from '@/features/classify/api/answers';
import { classify } from '@/features/classify/api/classify';
import {
  errorOf,
  isSample,
  isUnderWay,
  type Picture,
  type Source,
  type Step,
} from '@/features/classify/picture';
import type { Sample } from '@/lib/samples';
import { ApiError, failure, reach } from '@/lib/api-client';
import { messages } from '@/lib/messages';

const AT_ONCE = 2;

/** The pictures of the page as they are now. */
export interface Pictures {
  pictures: readonly Picture[];
  /** Whether the server is too busy, and is asked again in a moment. */
  isHeld: boolean;
}

/**
 * The pictures that are to be classified, a few at a time.
 *
 * It outlives the page that shows it: who goes to another page finds the answers when they come
 * back. The answers themselves are remembered by the query client, as all others are.
 */
export class Queue {
  private state: Pictures = { pictures: [], isHeld: false };
  private model: string | undefined;
  private lastTurn = 0;
  private wasAnswered = false;
  private holding: ReturnType<typeof setTimeout> | undefined;
  private readonly running = new Map<number, AbortController>();
  private readonly listeners = new Set<() => void>();
  private readonly name = crypto.getRandomValues(new Uint32Array(4)).join('-');

  constructor(private readonly client: QueryClient) {
    client.setQueryDefaults(PICTURE, { gcTime: Infinity });
    client.getQueryCache().subscribe(({ type, query }) => {
      // An answer that was deleted: its picture is not to be sent again by itself.
      const [, kind, turn] = query.queryKey as unknown[];
      if (type === 'removed' && kind === PICTURE[1]) this.remove(turn as number);
    });
    window.addEventListener('beforeunload', (event) => {
      if (this.state.pictures.length > 1 && this.state.pictures.some(isUnderWay)) {
        event.preventDefault();
      }
    });
  }

  /** The pictures as they are now: another object with each change. */
  readonly current = (): Pictures => this.state;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  /** Has a model answer, or all; what it has not said yet of the pictures, it is asked. */
  ask(model: string): void {
    if (model === this.model) return;
    this.model = model;
    this.stop([...this.running.keys()]);
    this.change(({ turn }) => this.firstStep(turn, model));
    this.work();
  }

  /** Takes pictures in behind those that there are. */
  add(sources: readonly Source[]): void {
    const added = sources.map((source): Picture => {
      this.lastTurn += 1;
      return { turn: this.lastTurn, source, step: { name: 'waiting' } };
    });
    this.show({ pictures: [...this.state.pictures, ...added] });
    this.work();
  }

  /** Lets go of some pictures: they are not asked about any more, and what was said is forgotten. */
  remove(...turns: number[]): void {
    const pictures = this.state.pictures.filter(({ turn }) => !turns.includes(turn));
    if (pictures.length === this.state.pictures.length) return;
    this.stop(turns);
    this.show({ pictures });
    for (const turn of turns) this.client.removeQueries({ queryKey: answerKey(turn) });
    this.work();
  }

  /** Takes pictures in, instead of those that there are. */
  replace(sources: readonly Source[]): void {
    this.remove(...this.state.pictures.map(({ turn }) => turn));
    this.add(sources);
  }

  /** Asks again about what there may be an answer to the next time: one picture, or any. */
  retry(turn?: number): void {
    this.change((picture) => {
      const isMeant = turn === undefined || turn === picture.turn;
      return isMeant && errorOf(picture)?.isTransient ? { name: 'waiting' } : picture.step;
    });
    this.work();
  }

  private firstStep(turn: number, model: string): Step {
    const known = knownAnswers(this.client, turn, model);
    if (known === undefined) return { name: 'waiting' };
    keepAnswers(this.client, turn, model, known);
    return { name: 'answered' };
  }

  private work(): void {
    if (this.model === undefined || this.state.isHeld) return;
    for (const picture of this.state.pictures) {
      // Alone at first: the answer to a browser's first picture tells the browser who it is.
      if (this.running.size >= (this.wasAnswered ? AT_ONCE : 1)) return;
      if (picture.step.name === 'waiting') void this.classify(picture, this.model);
    }
  }

  private async classify({ turn, source }: Picture, model: string): Promise<void> {
    const stop = new AbortController();
    const { signal } = stop;
    this.running.set(turn, stop);
    const go = (step: Step) => {
      if (signal.aborted) return;
      this.change((picture) => (picture.turn === turn ? step : picture.step));
    };
    go({ name: 'asked', share: 0 });
    try {
      const image = isSample(source) ? await fetchSample(source, signal) : source;
      signal.throwIfAborted();
      const answers = await classify({
        image,
        model,
        key: `${this.name}-${turn}`,
        signal,
        onProgress: (share) => {
          go({ name: 'asked', share });
        },
      });
      if (signal.aborted) return;
      this.wasAnswered = true;
      keepAnswers(this.client, turn, model, answers);
      go({ name: 'answered' });
    } catch (cause) {
      if (signal.aborted) return;
      const error = await explained(cause, source);
      if (error.isBusy) this.hold(error.retryAfter);
      go(error.isBusy ? { name: 'waiting' } : { name: 'failed', error });
    } finally {
      if (this.running.get(turn) === stop) this.running.delete(turn);
      this.work();
    }
  }

  private hold(seconds = 1): void {
    clearTimeout(this.holding);
    this.show({ isHeld: true });
    this.holding = setTimeout(() => {
      this.show({ isHeld: false });
      this.work();
    }, seconds * 1000);
  }

  private stop(turns: number[]): void {
    for (const turn of turns) {
      this.running.get(turn)?.abort();
      this.running.delete(turn);
    }
  }

  private change(stepOf: (picture: Picture) => Step): void {
    const pictures = this.state.pictures.map((picture) => {
      const step = stepOf(picture);
      return step === picture.step ? picture : { ...picture, step };
    });
    this.show({ pictures });
  }

  private show(changes: Partial<Pictures>): void {
    this.state = { ...this.state, ...changes };
    for (const listener of this.listeners) listener();
  }
}

const fetchSample = async ({ address, file }: Sample, signal: AbortSignal): Promise<File> => {
  const response = await reach(fetch(address, { signal }));
  if (!response.ok) throw failure('unexpected');
  return new File([await reach(response.arrayBuffer())], file);
};

/** A file that was moved or changed since it was chosen looks like a server that is away. */
const explained = async (cause: unknown, source: Source): Promise<ApiError> => {
  const error = cause instanceof ApiError ? cause : failure('unexpected');
  if (!error.isUnreachable || isSample(source)) return error;
  const isReadable = await source.slice(0, 1).arrayBuffer().then(
    () => true,
    () => false,
  );
  return isReadable ? error : new ApiError('file_gone', messages.errors.fileGone);
};
