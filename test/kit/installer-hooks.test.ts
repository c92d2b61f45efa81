/** What the installer asks of the units, and what their install.sh has, are one. */
import { describe, expect, it } from 'vitest';
import { INSTALLER_HOOKS } from '../../src/contract/installer-hooks.ts';
import { UNIT_KINDS, type AnyUnit as Unit } from '../../src/units.ts';
import { kit } from '../check/kit.ts';

const KINDS = UNIT_KINDS.filter(({ answer }) => answer !== 'framework');

const goesWith = ({ refuses = [] }: Unit, chosen: Readonly<Record<string, Unit>>) =>
  !refuses.some(({ answer, is }) => is.includes(chosen[answer]?.kind ?? ''));

/** The unit of each kind, this one among them, that go with each other. */
function besides(answer: string, unit: Unit): Record<string, Unit> {
  const all = KINDS.reduce<Record<string, Unit>[]>(
    (some, kind) =>
      some.flatMap((chosen) =>
        (kind.answer === answer ? [unit] : (kind.units as readonly Unit[])).map((one) => ({
          ...chosen,
          [kind.answer]: one,
        })),
      ),
    [{}],
  );
  const found = all.find((chosen) => Object.values(chosen).every((one) => goesWith(one, chosen)));
  if (found === undefined) throw new Error(`${unit.kind} goes with nothing`);
  return found;
}

/** The scripts of a kit by their names: install.sh, and those that it reads. */
function scripts(answer: string, unit: Unit): Map<string, string> {
  const answers = Object.entries(besides(answer, unit)).map(([name, { kind }]) => `${name}: ${kind}`);
  const { files } = kit(...answers);
  return new Map(
    files.filter(({ path }) => /^install\.(?:d\/.*\.)?sh$/.test(path)).map(({ path, text }) => [path, text]),
  );
}

const definedIn = (text: string) => [...text.matchAll(/^(\w+)\(\) [{(]/gm)].map(([, name = '']) => name);

/** Stands the name where a shell reads the name of a command? */
const calls = (text: string, name: string) =>
  new RegExp(
    `(?:^|[;&|({!]|\\b(?:if|then|do|else|while|until|with_kit "\\$previous/kit"))[ \\t]*${name}(?=[ \\t;)&|]|$)`,
    'm',
  ).test(text);

describe.each(KINDS.flatMap(({ answer, units }) => units.map((unit) => ({ answer, kind: unit.kind, unit }))))(
  '$answer $kind',
  ({ answer, unit }) => {
    const all = scripts(answer, unit);
    const own = all.get(`install.d/${answer}.sh`) ?? '';
    const rest = [...all]
      .filter(([path]) => !KINDS.some((kind) => path === `install.d/${kind.answer}.sh`))
      .map(([, text]) => text.replaceAll(/^\s*#.*$/gm, ''))
      .join('\n');

    it('defines each function that the installer calls, and once', () => {
      const hooks = Object.keys(INSTALLER_HOOKS[answer as keyof typeof INSTALLER_HOOKS]);
      const called = definedIn(own).filter((name) => calls(rest, name));
      expect(called.sort()).toEqual(hooks.sort());
    });
  },
);
