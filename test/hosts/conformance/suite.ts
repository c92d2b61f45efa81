/**
 * The conformance suite: what a deployed stack must do, seen from outside. One test a row, with the row's id in its
 * name; the rows say nothing of nginx or gunicorn, so that every combination runs the same ones.
 */
import { afterAll, beforeAll, describe } from 'vitest';
import { isRoot, itNeeds } from '../../support/tools.ts';
import { canBoot } from '../harness/host.ts';
import { type Deployment, deploy, type Stack } from '../harness/stack.ts';
import { backgroundRows } from './background.ts';
import { certificateRows } from './certificates.ts';
import { fileRows } from './files.ts';
import { installerRows, removalRows } from './installer.ts';
import { liveRows } from './live.ts';
import { operationRows, rebootRows } from './operations.ts';
import { privilegeRows } from './privileges.ts';
import { burdenRows, problemRows } from './problems.ts';
import { requestRows } from './requests.ts';
import { type Outcome, resultsOf } from './results.ts';
import { notApplicable, ROWS } from './rows.ts';
import { tlsRows } from './tls.ts';

/** What a row's proof is given. */
interface Context {
  stack: Stack;
  /** A figure or a fact for the results. */
  note: (text: string) => void;
  /** Numbers for the results, under the name of what was measured. */
  measured: (series: string, values: Record<string, number>) => void;
}

/** The proof of a row. */
export interface Row {
  id: string;
  /** Generated lines that are shown when it fails. */
  lines: RegExp;
  /** How long it may take, where that is longer than for others. */
  seconds?: number;
  prove: (context: Context) => Promise<void>;
}

/** Those that disturb the stack come last, in the order in which it still stands after them. */
export const PROOFS: readonly Row[] = [
  ...requestRows,
  ...fileRows,
  ...tlsRows,
  ...privilegeRows,
  ...problemRows,
  ...burdenRows,
  ...liveRows,
  ...certificateRows,
  ...operationRows,
  ...installerRows,
  ...backgroundRows,
  ...rebootRows,
  ...removalRows,
];

/**
 * Deploys a stack, and proves the rows on it.
 *
 * @param ids Only these rows; all unless given.
 */
export function conformance(title: string, deployment: Deployment, ids?: readonly string[]): void {
  const wanted = ROWS.filter(({ id }) => ids === undefined || ids.includes(id));
  const can = itNeeds({ root: isRoot, ...canBoot(deployment.target) });
  const outcomes: Outcome[] = [];
  let stack: Stack | undefined;
  let failure: unknown;

  describe(`${title}, on ${deployment.target}`, { meta: { conformance: {} } }, () => {
    beforeAll(async () => {
      if (!isRoot || Object.values(canBoot(deployment.target)).includes(false)) return;
      try {
        stack = await deploy(deployment);
        const { host, installTime } = stack;
        console.log(
          `${title}, ${deployment.target}: boot ${host.bootTime.toFixed(0)} ms, install ${installTime.toFixed(1)} s`,
        );
      } catch (error) {
        failure = error;
      }
    }, 600_000);

    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the parameters' text, and wants a pattern there
    afterAll(async ({}, suite) => {
      if (stack === undefined) return;
      // A run of some rows says nothing of the others.
      if (outcomes.length === wanted.length)
        suite.meta.conformance = { results: resultsOf(title, stack, outcomes) };
      await stack.destroy();
    }, 60_000);

    can('is installed by its own installer', () => {
      if (failure !== undefined) throw failure;
    });

    const order = PROOFS.map((proof) => ({ proof, row: wanted.find(({ id }) => id === proof.id) }));
    for (const { proof, row } of order) {
      if (row === undefined) continue;
      can(
        `${row.id} ${row.title}`,
        async ({ skip }) => {
          if (stack === undefined) return skip('the stack was not installed');
          const reason = notApplicable(row, stack.plan);
          const outcome: Outcome = {
            ...{ id: row.id, title: row.title, state: 'fails' },
            ...{ notes: [], figures: {}, ms: 0 },
          };
          outcomes.push(outcome);
          if (reason !== undefined) {
            Object.assign(outcome, { state: 'not applicable', reason });
            skip(reason);
          }
          const started = performance.now();
          stack.host.visitor.exchanges.length = 0;
          try {
            await proof.prove({
              stack,
              note: (text) => outcome.notes.push(text),
              measured: (series, values) => {
                outcome.figures[series] = values;
              },
            });
            outcome.state = 'passes';
          } catch (error) {
            outcome.reason = (error as Error).message;
            throw await explained(error as Error, stack, proof);
          } finally {
            outcome.ms = Math.round(performance.now() - started);
            for (const note of outcome.notes) console.log(`${row.id}: ${note}`);
          }
        },
        (proof.seconds ?? 180) * 1000,
      );
    }
  });
}

/** The error, with what one would look at next. */
async function explained(error: Error, stack: Stack, proof: Row): Promise<Error> {
  const { host, manager, plan } = stack;
  const quietly = (script: string) => host.shell(script).catch((problem: Error) => problem.message);
  const parts = {
    'the last exchanges': host.visitor.exchanges
      .slice(-2)
      .map(
        ({ request, answer }) =>
          `> ${request.replaceAll('\n', '\n> ')}\n< ${answer.replaceAll('\n', '\n< ')}`,
      )
      .join('\n\n'),
    'generated lines': stack.lines(proof.lines).join('\n'),
    "the app's log": await quietly(manager.logEnd),
    "the web server's troubles": await quietly(`tail -n 8 ${plan.webServer.errorLog}`),
  };
  for (const [what, text] of Object.entries(parts))
    if (text !== '') error.message += `\n\n--- ${what}\n${text}`;
  return error;
}
