import type { QueryClient } from '@tanstack/react-query';

import { answerKey, keepAnswers, knownAnswers, IMAGE } from '@/features/classify/api/answers';
import { classify } from '@/features/classify/api/classify';
import {
  errorOf,
  isSample,
  isUnderWay,
  type Image,
  type Source,
  type Step,
} from '@/features/classify/image';
import type { Sample } from '@/lib/samples';
import { ApiError, failure, reach } from '@/lib/api-client';
import { messages } from '@/lib/messages';

const AT_ONCE = 2;

/** The images of the page as they are now. */
export interface Images {
  images: readonly Image[];
  /** Whether the server is too busy, and is asked again in a moment. */
  isHeld: boolean;
}

/**
 * The images that are to be classified, a few at a time.
 *
 * It outlives the page that shows it: who goes to another page finds the answers when they come
 * back. The answers themselves are remembered by the query client, as all others are.
 */
export class Queue {
  private state: Images = { images: [], isHeld: false };
  private model: string | undefined;
  private lastTurn = 0;
  private wasAnswered = false;
  private holding: ReturnType<typeof setTimeout> | undefined;
  private readonly running = new Map<number, AbortController>();
  private readonly listeners = new Set<() => void>();
  private readonly name = crypto.getRandomValues(new Uint32Array(4)).join('-');

  constructor(private readonly client: QueryClient) {
    client.setQueryDefaults(IMAGE, { gcTime: Infinity });
    client.getQueryCache().subscribe(({ type, query }) => {
      // An answer that was deleted: its image is not to be sent again by itself.
      const [, kind, turn] = query.queryKey as unknown[];
      if (type === 'removed' && kind === IMAGE[1]) this.remove(turn as number);
    });
    window.addEventListener('beforeunload', (event) => {
      if (this.state.images.length > 1 && this.state.images.some(isUnderWay)) {
        event.preventDefault();
      }
    });
  }

  /** The images as they are now: another object with each change. */
  readonly current = (): Images => this.state;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  /** Has a model answer, or all; what it has not said yet of the images, it is asked. */
  ask(model: string): void {
    if (model === this.model) return;
    this.model = model;
    this.stop([...this.running.keys()]);
    this.change(({ turn }) => this.firstStep(turn, model));
    this.work();
  }

  /** Takes images in behind those that there are. */
  add(sources: readonly Source[]): void {
    const added = sources.map((source): Image => {
      this.lastTurn += 1;
      return { turn: this.lastTurn, source, step: { name: 'waiting' } };
    });
    this.show({ images: [...this.state.images, ...added] });
    this.work();
  }

  /** Lets go of some images: they are not asked about any more, and what was said is forgotten. */
  remove(...turns: number[]): void {
    const images = this.state.images.filter(({ turn }) => !turns.includes(turn));
    if (images.length === this.state.images.length) return;
    this.stop(turns);
    this.show({ images });
    for (const turn of turns) this.client.removeQueries({ queryKey: answerKey(turn) });
    this.work();
  }

  /** Takes images in, instead of those that there are. */
  replace(sources: readonly Source[]): void {
    this.remove(...this.state.images.map(({ turn }) => turn));
    this.add(sources);
  }

  /** Asks again about what there may be an answer to the next time: one image, or any. */
  retry(turn?: number): void {
    this.change((image) => {
      const isMeant = turn === undefined || turn === image.turn;
      return isMeant && errorOf(image)?.isTransient ? { name: 'waiting' } : image.step;
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
    for (const image of this.state.images) {
      // Alone at first: the answer to a browser's first image tells the browser who it is.
      if (this.running.size >= (this.wasAnswered ? AT_ONCE : 1)) return;
      if (image.step.name === 'waiting') void this.classify(image, this.model);
    }
  }

  private async classify({ turn, source }: Image, model: string): Promise<void> {
    const stop = new AbortController();
    const { signal } = stop;
    this.running.set(turn, stop);
    const go = (step: Step) => {
      if (signal.aborted) return;
      this.change((image) => (image.turn === turn ? step : image.step));
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

  private change(stepOf: (image: Image) => Step): void {
    const images = this.state.images.map((image) => {
      const step = stepOf(image);
      return step === image.step ? image : { ...image, step };
    });
    this.show({ images });
  }

  private show(changes: Partial<Images>): void {
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
