/** The plans of statements as PostgreSQL carried them out: which ways it went, and how many rows it looked at. */
import { asSearch, compile, RawBuilder, sql } from '../../services/identity/store/query/sql.js';
import type { Database, Statements } from '../../services/identity/store/connection/database.js';

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly Plans?: readonly Plan[];
}

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

const touched = (node: Plan) =>
  node['Relation Name']
    ? (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)) * node['Actual Loops']
    : 0;

export interface Explained extends Statements {
  /** Forgets the plans seen so far. */
  forget(): void;
  /** Rows that were looked at in all, and the ways in which. */
  look(): { readonly rows: number; readonly ways: readonly string[] };
}

/** The statement put together anew out of its text, so that it may be a part of another. */
function asPart(statement: RawBuilder<unknown>): RawBuilder<unknown> {
  const { text, values } = compile(statement);
  const pieces = text.split(/\$(\d+)/);
  return new RawBuilder(
    pieces.filter((_, at) => at % 2 === 0),
    pieces.filter((_, at) => at % 2 === 1).map((place) => values[Number(place) - 1]),
  );
}

/** The same statements, with their plans kept. A statement that writes is carried out twice. */
export function explained(database: Database): Explained {
  let plans: Plan[] = [];
  return {
    run: async (statement) => {
      const explain = sql<{ 'QUERY PLAN': [{ Plan: Plan }] }>`explain (analyze, format json) ${asPart(statement)}`;
      const [row] = await database.run(statement.kind === 'search' ? asSearch(explain) : explain);
      plans.push(row!['QUERY PLAN'][0].Plan);
      return database.run(statement);
    },
    forget: () => {
      plans = [];
    },
    look: () => {
      const nodes = plans.flatMap(nodesOf);
      return {
        rows: nodes.reduce((sum, node) => sum + touched(node), 0),
        ways: nodes.map((node) => node['Index Name'] ?? `${node['Node Type']} ${node['Relation Name'] ?? ''}`),
      };
    },
  };
}
