/** The body of a request by tools: JSON, looked over as a text before anything is made of it. */
import { parse } from '@hapi/bourne';
import { bodyParser } from '@koa/bodyparser';
import type Koa from 'koa';
import { Failure } from '../../schema/failure.js';

/**
 * Lists and objects in one body. The most that a write needs is one for each of a hundred thousand members; of millions, which fit into a few bytes each, JSON.parse
 * makes for seconds, while everybody waits.
 */
const MOST_CONTAINERS = 300_000;

const OPEN_BRACKET = 91, OPEN_BRACE = 123;

/** Brackets within strings count, too: texts have few. */
function requireFewContainers(text: string): void {
  let count = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code === OPEN_BRACKET || code === OPEN_BRACE) count += 1;
  }
  if (count > MOST_CONTAINERS) throw new Failure('BODY_TOO_LARGE', { detail: `The body has more than ${MOST_CONTAINERS} lists and objects; send several requests.` });
}

const SHORT = MOST_CONTAINERS; // characters: no more containers than that

function readObject(text: string): object {
  if (text.length > SHORT) requireFewContainers(text);
  const body: unknown = text.trim() === '' ? {} : parse(text);
  if (typeof body !== 'object' || body === null) throw new SyntaxError('the body is neither an object nor a list');
  return body;
}

/** Reads it, no longer than so many bytes. What is wrong with it is an error with the status 400, 413 or 415. */
export function jsonBody(longest: number): Koa.Middleware {
  // As text: the parser's own reader of JSON would make everything of it at once.
  const readText = bodyParser({ enableTypes: ['text'], extendTypes: { text: ['application/json'] }, textLimit: longest });
  return (ctx, next) => readText(ctx, () => {
    const { request } = ctx as { request: { body?: unknown } };
    if (typeof request.body === 'string') {
      try {
        request.body = readObject(request.body);
      } catch (error) {
        throw error instanceof SyntaxError ? Object.assign(error, { status: 400 }) : error;
      }
    }
    return next();
  });
}
