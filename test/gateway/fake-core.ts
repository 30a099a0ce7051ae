import { pino } from 'pino';
import { startGateway } from '../../gateway/app.js';
import type { GatewayConfig } from '../../gateway/config.js';
import type { Core, GraphQLAnswer, OperationName, Origin } from '../../gateway/core.js';
import { noMetrics, type Refusal } from '../../gateway/metrics.js';
import { Failure } from '../../schema/failure.js';
import { type Answer, exchange, type Headers, type Payload } from '../support/http.js';

export interface Call {
  readonly operation: OperationName;
  readonly variables: Record<string, unknown>;
  readonly origin: Origin;
}

/** A resource as the core answers it; `more` is its type, where that is not a user's, and its relation. */
export const fakeNode = (id: string, attributes: object = {}, more: object = {}) => ({
  document: {
    type: 'User',
    id,
    version: 3,
    createdAt: '2026-01-31T09:30:00.000Z',
    updatedAt: '2026-01-31T09:30:00.000Z',
    attributes,
    ...more,
  },
});

/** What the core answers an operation with, where a test does not say otherwise. */
function usual(operation: OperationName): unknown {
  if (operation === 'Authenticate' || operation === 'Recognize') return { caller: { tenant: { id: 't' } } };
  if (operation === 'IssueToken') return { result: { accessToken: 'issued', expiresIn: 84_600, userErrors: [] } };
  if (operation.startsWith('List')) {
    return {
      page: { totalCount: 1, nodes: [fakeNode('7', { userName: 'Ann' }, { type: operation.startsWith('ListUsers') ? 'User' : 'Group' })] },
    };
  }
  if (operation === 'Search') {
    return { page: { totalCount: 2, nodes: [fakeNode('7', { userName: 'Ann' }), fakeNode('8', { displayName: 'S' }, { type: 'Group' })] } };
  }
  if (operation.startsWith('Read')) return { resource: fakeNode('7', { userName: 'Ann' }) };
  return { result: { resource: fakeNode('7', { userName: 'Ann' }), patchAnswer: 'BY_TYPE', userErrors: [] } };
}

/** A facade in front of a core that does as it is told: `good` is the one token it accepts. */
export async function startFacade(settings: Partial<GatewayConfig> = {}) {
  const refusals: Refusal[] = [];
  const calls: Call[] = [];
  const reports: Call[] = [];
  const lines: string[] = [];
  let answers: (call: Call) => unknown = () => undefined;
  let answersReports: () => unknown = () => ({ data: { result: { kept: 1, userErrors: [] } } });
  const core: Core = {
    execute: async (operation, variables, origin): Promise<GraphQLAnswer> => {
      const call = { operation, variables, origin };
      if (operation === 'ReportRefusedRequests') {
        // in the background, of whatever test came before
        reports.push(call);
        return (await answersReports()) as GraphQLAnswer;
      }
      calls.push(call);
      const told = await answers(call);
      if (told !== undefined) return told as GraphQLAnswer;
      if (operation !== 'IssueToken' && origin.token !== 'good') {
        return { errors: [{ message: 'The token is not good.', extensions: { code: 'UNAUTHENTICATED' } }] };
      }
      return { data: usual(operation) };
    },
  };
  const log = pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) });
  const gateway = await startGateway(
    { host: '127.0.0.1', port: 0, publicUrl: 'https://x.test', trustProxy: false, ...settings },
    core,
    log,
    { ...noMetrics, observeRefusal: (reason) => void refusals.push(reason) },
  );
  return {
    gateway,
    calls,
    reports,
    lines,
    /** Why requests were sent away, as the metrics hear of it. */
    refusals,
    /** What the core answers from now on; undefined is the usual. */
    tell: (how: (call: Call) => unknown) => {
      answers = how;
    },
    /** What it answers to what the facade tells in the background. */
    tellReports: (how: () => unknown) => {
      answersReports = how;
    },
    down: () => {
      answers = () => {
        throw new Failure('UNAVAILABLE', { cause: new Error('connect ECONNREFUSED') });
      };
    },
    send: (method: string, path: string, body?: Payload, headers: Headers = {}): Promise<Answer> =>
      exchange(gateway.url, method, path, { authorization: 'Bearer good', ...headers }, body),
    reset: () => {
      calls.length = 0;
      lines.length = 0;
      answers = () => undefined;
    },
  };
}
