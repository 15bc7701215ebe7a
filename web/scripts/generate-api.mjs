// Writes the API types to src/api/schema.d.ts, from the OpenAPI description of the server, and the
// suffixes and signatures of image formats to src/api/formats.json.
import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import ts from 'typescript';

/** @param {string} path */
const inWeb = (path) => fileURLToPath(new URL(`../${path}`, import.meta.url));

const BLOB = ts.factory.createTypeReferenceNode('Blob');

/** @param {{format?: string}} schema */
const files = (schema) => (schema.format === 'binary' ? BLOB : undefined);

// Fields with a default value are optional.
const OPTIONS = { transform: files, defaultNonNullable: false };

const FORMATS = `
import json
from deepsky.imaging.formats import SIGNATURES, SUFFIXES
signatures = [{"offset": offset, "hex": content.hex()} for offset, content in SIGNATURES]
print(json.dumps({"suffixes": SUFFIXES, "signatures": signatures}, indent=2))
`;

/** @param {import('openapi-typescript').OpenAPI3} description @returns {Promise<string>} TypeScript */
export const typesOf = async (description) =>
  COMMENT_HEADER + astToString(await openapiTS(withoutExamples(description), OPTIONS));

/**
 * Examples would be long comments.
 *
 * @template T
 * @param {T} description
 * @returns {T}
 */
const withoutExamples = (description) =>
  JSON.parse(JSON.stringify(description, (key, value) => (key === 'example' ? undefined : value)));

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const flask = ['-m', 'flask', '--app', 'deepsky.server.app:create_app', 'spec'];
  const description = execFileSync(inWeb('../.venv/bin/python'), flask, { encoding: 'utf8' });
  await writeFile(inWeb('src/api/schema.d.ts'), await typesOf(JSON.parse(description)));
  const formats = execFileSync(inWeb('../.venv/bin/python'), ['-c', FORMATS], { encoding: 'utf8' });
  await writeFile(inWeb('src/api/formats.json'), formats);
}
