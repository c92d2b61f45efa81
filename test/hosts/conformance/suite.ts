/**
 * The conformance suite: what a deployed stack must do, seen from outside. One test a row, with the row's id in its
 * name; the rows say nothing of nginx or gunicorn, so that every combination runs the same ones.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRoot, itNeeds } from '../../support/tools.ts';
import { canBoot } from '../harness/host.ts';
import { measuring, noQuiet, TURN } from '../harness/lock.ts';
import { deploy, type Stack } from '../harness/stack.ts';
import { attackRows } from './attack.ts';
import { backgroundRows } from './background.ts';
import { asked, cellsOf, type PlannedStack, plannedStacks, rowsToProve } from './cells.ts';
import { certificateRows } from './certificates.ts';
import { assetRows, fileRows } from './files.ts';
import { installerRows, removalRows } from './installer.ts';
import { liveRows } from './live.ts';
import { operationRows, rebootRows } from './operations.ts';
import { privilegeRows } from './privileges.ts';
import { burdenRows, problemRows } from './problems.ts';
import { requestRows } from './requests.ts';
import { type Found, type Outcome, without } from './results.ts';
import { notApplicable } from './rows.ts';
import { serviceRows } from './services.ts';
import { tlsRows } from './tls.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;

/** What a row's proof is given. */
interface Context {
  stack: Stack;
  /** In this row, the stack stands for all that cannot differ from it: what takes long is done here alone. */
  stands: boolean;
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
  /** It compares times: no other that does so runs beside it on this machine, and it hurries. */
  measures?: boolean;
  /** It has a limit of time: its host has the processors before others. */
  hurries?: boolean;
  prove: (context: Context) => Promise<void>;
}

/** Those that disturb the stack come last, in the order in which it still stands after them. */
export const PROOFS: readonly Row[] = [
  ...requestRows,
  ...fileRows,
  ...tlsRows,
  ...privilegeRows,
  ...attackRows,
  ...problemRows,
  ...burdenRows,
  ...liveRows,
  ...certificateRows,
  ...serviceRows,
  ...operationRows,
  ...assetRows,
  ...installerRows,
  ...backgroundRows,
  ...rebootRows,
  ...removalRows,
];

/** Deploys the stacks of a group (see stacks.ts), and proves on each the rows that this run wants of it. */
export function conformance(group: string): void {
  const stacks = plannedStacks(ROOT);
  const cells = cellsOf(stacks);
  for (const stack of stacks.filter(({ file }) => file === group)) {
    const wanted = rowsToProve(cells, stack.name);
    const standing = cells.filter((cell) => cell.by === stack.name && cell.stack === stack.name);
    if (wanted.length > 0) proveOn(stack, wanted, new Set(standing.map(({ row }) => row)));
    else it.skip(`${stack.name}: each of its rows is proved on another stack`);
  }
}

/**
 * @param wanted The ids of the rows to prove; those that the stack cannot have are listed beside them.
 * @param standing Those of them in which it stands for other stacks.
 */
function proveOn(tested: PlannedStack, wanted: readonly string[], standing: ReadonlySet<string>): void {
  const { name, deployment, plan } = tested;
  const can = itNeeds({ root: isRoot, ...canBoot(deployment.target) });
  const seconds: Record<string, number> = {};
  const processor: Record<string, number> = {};
  const found: Found = { name, outcomes: [], seconds, processor };
  /** Adds the time since then to what was done in it. */
  const spent = (what: string, since: number, beside = 0) => {
    seconds[what] = (seconds[what] ?? 0) + (performance.now() - since) / 1000 - beside;
  };
  let stack: Stack | undefined;
  let failure: unknown;

  describe(name, () => {
    beforeAll(async () => {
      if (!isRoot || Object.values(canBoot(deployment.target)).includes(false)) return;
      const started = performance.now();
      try {
        stack = await deploy(deployment);
        const { host, installTime } = stack;
        Object.assign(seconds, { boot: host.bootTime / 1000, install: installTime });
        processor.install = host.processorTime();
        spent('preparation', started, host.bootTime / 1000 + installTime);
        Object.assign(found, {
          bootMilliseconds: Math.round(host.bootTime),
          installSeconds: Number(installTime.toFixed(1)),
        });
        console.log(`${name}: boot ${host.bootTime.toFixed(0)} ms, install ${installTime.toFixed(1)} s`);
      } catch (error) {
        failure = error;
      }
    }, 1_200_000);

    // biome-ignore lint/correctness/noEmptyPattern: vitest reads the parameters' text, and wants a pattern there
    afterAll(async ({}, suite) => {
      suite.meta.conformance = found;
      const started = performance.now();
      await stack?.destroy();
      spent('taking hosts away', started);
    }, 60_000);

    can('is installed by its own installer, and planned as the covering took it', () => {
      if (failure !== undefined) throw failure;
      expect(stack?.plan).toEqual(plan);
    });

    const rows = asked(tested);
    for (const proof of PROOFS) {
      const row = rows.find(({ id }) => id === proof.id);
      if (row === undefined) continue;
      const lacks = notApplicable(row, plan);
      if (lacks === undefined && !wanted.includes(row.id)) continue;
      can(
        `${row.id} ${row.title}`,
        async ({ skip }) => {
          if (lacks !== undefined) {
            found.outcomes.push(without(row.id, lacks));
            return skip(lacks);
          }
          if (stack === undefined) return skip('the stack was not installed');
          const outcome: Outcome = { id: row.id, state: 'fails', notes: [], figures: {}, ms: 0 };
          found.outcomes.push(outcome);
          const asked = performance.now();
          const release = proof.measures ? await measuring() : undefined;
          spent('waiting for a turn to measure', asked);
          const busy = proof.measures ? noQuiet() : undefined;
          if (busy !== undefined) outcome.notes.push(busy);
          const hurries = proof.measures || proof.hurries;
          const goOn = hurries ? stack.host.goFirst() : undefined;
          if (hurries && goOn === undefined) outcome.notes.push('beside whatever else had the processors');
          const started = performance.now();
          const before = stack.host.processorTime();
          stack.host.visitor.exchanges.length = 0;
          try {
            await proof.prove({
              stack,
              stands: standing.has(row.id),
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
            processor[row.id] = stack.host.processorTime() - before;
            goOn?.();
            release?.();
            for (const note of outcome.notes) console.log(`${row.id}: ${note}`);
          }
        },
        ((proof.seconds ?? 600) + (proof.measures ? TURN : 0)) * 1000,
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
