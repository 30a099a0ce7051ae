/** `identity doctor`: what is wrong between here and the core, a check a line. */
import type { Command } from 'commander';
import { CheckCaller, type DataOf, IdentityError, ReadChangesCursor } from '../../client/index.js';
import { checkDocuments, checkTls, type Finding } from '../checks.js';
import { EXIT, type ExitCode, tell } from '../exit-codes.js';
import type { Runner } from '../runner.js';
import type { Session } from '../session.js';

type Told = DataOf<typeof CheckCaller>;

const DAY = 86_400_000;
const finding = (check: string, status: Finding['status'], detail: string, exitCode?: ExitCode): Finding => ({
  check,
  status,
  detail,
  exitCode,
});

function checkClock(response: Response | undefined): Finding {
  const date = Date.parse(response?.headers.get('date') ?? '');
  if (Number.isNaN(date)) return finding('clock', 'warn', 'The core told no time.');
  const skew = Math.round((Date.now() - date - 500) / 1000); // the header tells whole seconds
  const detail = `This machine is ${Math.abs(skew)} s ${skew < 0 ? 'behind' : 'ahead of'} the core.`;
  if (Math.abs(skew) > 300) return finding('clock', 'fail', `${detail} Set its clock: times in filters and expiries are read by it.`);
  return Math.abs(skew) > 30
    ? finding('clock', 'warn', detail)
    : finding('clock', 'ok', Math.abs(skew) <= 1 ? 'This machine and the core agree.' : detail);
}

function checkExpiry({ caller: { tokenExpiresAt } }: Told): Finding {
  if (!tokenExpiresAt) return finding('expiry', 'warn', 'The core does not tell when the token expires.');
  const left = (Date.parse(tokenExpiresAt) - Date.now()) / DAY;
  const detail = `The token expires ${tokenExpiresAt.replace('.000', '')}, in ${left < 2 ? `${Math.round(left * 24)} hours` : `${Math.floor(left)} days`}.`;
  return left < 30 ? finding('expiry', 'warn', `${detail} Make another with "identity tokens rotate".`) : finding('expiry', 'ok', detail);
}

function checkToken({ caller: { audience, scopes, tenant } }: Told): Finding[] {
  const whose = audience === 'ADMIN' ? "It is an operator's." : `It is for the tenant "${tenant.name}" (${tenant.id}).`;
  return [
    finding('token', 'ok', `The token is good. ${whose}`),
    audience === 'SCIM'
      ? finding('audience', 'fail', 'The token is for SCIM and opens nothing here.', EXIT.forbidden)
      : finding('audience', 'ok', `The token is for ${audience}.`),
    scopes.length === 0
      ? finding('scopes', 'fail', 'The token permits nothing.', EXIT.forbidden)
      : finding('scopes', 'ok', scopes.join(', ')),
  ];
}

function checkQuota({ rateLimit: { limit, remaining, resetAt } }: Told): Finding {
  return finding('quota', remaining < limit / 10 ? 'warn' : 'ok', `${remaining} of ${limit} are left until ${resetAt}.`);
}

async function checkFeed({ runOnce }: Session): Promise<Finding> {
  try {
    await runOnce(ReadChangesCursor);
    return finding('feed', 'ok', 'The change feed can be read.');
  } catch (error) {
    const { code, message, exitCode } = tell(error, undefined);
    return finding('feed', code === 'FORBIDDEN' ? 'warn' : 'fail', message, exitCode);
  }
}

/** What the first question has brought, and what it has not. */
async function* examine(session: Session): AsyncGenerator<Finding> {
  const { url } = await session.target();
  const tls = await checkTls(url);
  let told: Told | undefined;
  let refusal: unknown;
  try {
    told = await session.runOnce(CheckCaller);
  } catch (error) {
    if (!(error instanceof IdentityError)) throw error;
    refusal = error;
  }
  const { code, message, exitCode } = refusal
    ? tell(refusal, session.lastRequestId())
    : { code: undefined, message: '', exitCode: EXIT.done };
  if (code === 'UNREACHABLE' || code === 'NOT_GRAPHQL') {
    yield finding('reachable', 'fail', message, exitCode);
    if (tls.status === 'fail') yield tls;
    return;
  }
  yield finding('reachable', 'ok', `The core answers at ${url}.`);
  yield tls;
  yield checkClock(session.lastResponse());
  const isOldCore = code === 'GRAPHQL_VALIDATION_FAILED';
  if (told) yield* [...checkToken(told), checkExpiry(told)];
  else {
    yield finding(
      isOldCore ? 'schema' : 'token',
      'fail',
      isOldCore ? `The core is of another release than this CLI: ${message}` : message,
      exitCode,
    );
  }
  if (isOldCore || !told) return;
  yield await checkFeed(session);
  yield await checkDocuments(url, (await session.target()).token);
  yield checkQuota(told);
}

async function doctor(session: Session): Promise<ExitCode> {
  const print = session.table<Finding>([
    { header: 'STATUS', of: ({ status }) => status },
    { header: 'CHECK    ', of: ({ check }) => check },
    { header: 'DETAIL', of: ({ detail }) => detail },
  ]);
  let worst: ExitCode = EXIT.done;
  for await (const found of examine(session)) {
    await print([found]);
    if (found.status === 'fail' && worst === EXIT.done) worst = found.exitCode ?? EXIT.invalid;
  }
  return worst;
}

/** Adds the command. */
export function addDoctor(program: Command, run: Runner): void {
  program
    .command('doctor')
    .summary('Says what is wrong between here and the core.')
    .description(
      'Checks the way to the core, the token, the clock, the feed, the schema and the quota: a line each, ok, warn or fail. The exit code is that of the first failure.',
    )
    .action(run(doctor));
}
