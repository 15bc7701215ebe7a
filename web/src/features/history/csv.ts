import type { Classification } from '@/lib/api-client';
import { allLabels } from '@/lib/labels';

type Value = string | number | null;
type Column = [name: string, value: (answer: Classification) => Value];

const columnsOf = (answers: Classification[]): Column[] => [
  ['id', ({ id }) => id],
  ['created_at', ({ created_at }) => created_at],
  ['path', ({ path }) => path],
  ['label', ({ label }) => label],
  ['verdict', ({ verdict }) => verdict],
  ...allLabels(answers).map((label): Column => [
    `probability_${label}`,
    ({ probabilities }) => probabilities[label] ?? null,
  ]),
  ['prediction_set', ({ prediction_set }) => prediction_set.join(' ')],
  ['novelty', ({ novelty }) => novelty],
  ['model', ({ model }) => model],
  ['model_version', ({ model_version }) => model_version],
  ['model_sha256', ({ model_sha256 }) => model_sha256],
  ['image_sha256', ({ image_sha256 }) => image_sha256],
  ['width', ({ width }) => width],
  ['height', ({ height }) => height],
  ['format', ({ format }) => format],
  ['stretch', ({ stretch }) => stretch],
  ['subtype', ({ subtype }) => subtype?.name ?? null],
  ['subtype_probability', ({ subtype }) => subtype?.probability ?? null],
  ['subtype_source', ({ subtype }) => subtype?.source ?? null],
  ['object', ({ object }) => object?.name ?? null],
  ['object_common_name', ({ object }) => object?.common_name ?? null],
  ['object_kind', ({ object }) => object?.kind ?? null],
  ['object_ra', ({ object }) => object?.ra ?? null],
  ['object_dec', ({ object }) => object?.dec ?? null],
  ['object_found_by', ({ object }) => object?.found_by ?? null],
  ['agreement', ({ agreement }) => agreement],
  ['agreement_message', ({ agreement_message }) => agreement_message],
  ['combined_label', ({ combined }) => combined?.label ?? null],
  ['combined_probability', ({ combined }) => combined?.probability ?? null],
  ['ra', ({ sky }) => sky?.ra ?? null],
  ['dec', ({ sky }) => sky?.dec ?? null],
  ['feedback_verdict', ({ feedback }) => feedback?.verdict ?? null],
  ['feedback_label', ({ feedback }) => feedback?.label ?? null],
  ['feedback_comment', ({ feedback }) => feedback?.comment ?? null],
];

/** Formats classifications as CSV with a header row (RFC 4180). */
export const toCsv = (answers: Classification[]): string => {
  const columns = columnsOf(answers);
  const rows = answers.map((answer) => columns.map(([, value]) => value(answer)));
  return [columns.map(([name]) => name), ...rows]
    .map((values) => `${values.map(cell).join(',')}\r\n`)
    .join('');
};

const cell = (value: Value): string => {
  if (typeof value !== 'string') return String(value ?? '');
  // Spreadsheets would evaluate text that begins like a formula.
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};
