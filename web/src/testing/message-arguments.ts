import { type CompiledMessage, compileMessageOrThrow } from '@lingui/message-utils/compileMessage';

/** Returns the paths of the ICU messages whose arguments differ between two catalogues. */
export const differentArguments = (first: unknown, second: unknown, path = ''): string[] => {
  if (typeof first === 'string' && typeof second === 'string') {
    return argumentsOf(first) === argumentsOf(second) ? [] : [path];
  }
  if (typeof first !== 'object' || first === null) return [];
  return Object.entries(first).flatMap(([key, one]) =>
    differentArguments(one, (second as Record<string, unknown>)[key], `${path}.${key}`),
  );
};

const argumentsOf = (message: string): string =>
  [...new Set(namesIn(compileMessageOrThrow(message)))].toSorted().join(', ');

const namesIn = (message: CompiledMessage): string[] =>
  message.flatMap((token) => {
    if (typeof token === 'string') return [];
    const [name, , cases] = token;
    const isChoice = typeof cases === 'object' && cases !== null;
    const choices = isChoice ? Object.values(cases as Record<string, CompiledMessage>) : [];
    return [name, ...choices.flatMap((one) => (Array.isArray(one) ? namesIn(one) : []))];
  });
