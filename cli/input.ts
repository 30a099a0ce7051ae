/** What users and groups are made of, from JSON or from options. */
import { readGiven, type Session } from './session.js';
import { usage } from './exit-codes.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** An object of JSON from a file or stdin. */
export async function readJson({ io }: Session, path: string): Promise<JsonObject> {
  const text = await readGiven(io, path, 'the JSON');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw usage(`What ${path === '-' ? 'came on stdin' : `is in ${path}`} is no JSON: ${(error as Error).message}.`);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw usage('Write the attributes as one JSON object, as in {"userName": "ann@example.com"}.');
  }
  return value as JsonObject;
}

/** Without what is undefined; undefined where nothing is left. */
export function given<Value extends object>(value: Value): Value | undefined {
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as Value);
}

/** Lines, each trimmed, without empty ones. */
export const linesIn = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
