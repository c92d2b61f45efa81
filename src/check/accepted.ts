/** What a person lets pass of all that is said of a deployment, by the answer `accept`. */
import type { Plan } from '../contract/plan.ts';
import { type Advice, isWrong } from '../words/advice.ts';
import type { Code } from '../words/diagnostics.ts';
import type { Finding } from '../words/finding.ts';

/** All that is said of a deployment. */
interface Said {
  findings: readonly Finding[];
  advice: readonly Advice[];
}

type Accepted = Plan['accepted'];

/** What advice on a setting is, as a finding. */
const SETTING: Code = 'setting-wrong';

/** Why it passes: what names it most narrowly counts. */
function reasonFor(accepted: Accepted, code: Code, setting: string | undefined): string | undefined {
  const reasonOf = (name: string) => accepted.find((one) => one.code === name)?.reason;
  return reasonOf(`${code}.${setting}`) ?? reasonOf(code);
}

/** The same, with the reason at each that is accepted. */
export function withAccepted(
  { findings, advice }: Said,
  accepted: Accepted,
): { findings: Finding[]; advice: Advice[] } {
  const marked = <One>(one: One, reason: string | undefined): One =>
    reason === undefined ? one : { ...one, accepted: reason };
  return {
    findings: findings.map((one) => marked(one, reasonFor(accepted, one.code, one.setting))),
    advice: advice.map((one) =>
      isWrong(one) ? marked(one, reasonFor(accepted, SETTING, one.setting)) : one,
    ),
  };
}

/**
 * What is accepted though nothing says it.
 *
 * @param file Where it is accepted, as the person knows it.
 */
export function idle({ findings, advice }: Said, accepted: Accepted, file: string): Finding[] {
  const there = new Set<string>([
    ...findings.map(({ code }) => code),
    ...advice.filter(isWrong).flatMap(({ setting }) => [SETTING, `${SETTING}.${setting}`]),
  ]);
  return accepted
    .filter(({ code }) => !there.has(code))
    .map(({ code }) => ({
      ...{ code: 'acceptance-idle', tool: 'files', level: 'warning', file },
      message: `${code} is accepted, and nothing here says it`,
      remedy: 'Take it out of "accept".',
    }));
}
