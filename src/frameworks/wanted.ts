/** Settings of an app that must agree with the proxy in front: as they should be, and as a project has them. */
import type { Refusal } from '../answers/field.ts';
import type { Advice } from '../detect/advice.ts';
import type { Detection } from '../detect/detection.ts';
import type { Evidence } from '../detect/value.ts';
import type { CommonPlan, Plan } from '../plan/schema.ts';

/** A setting as it should be. */
export interface Wanted {
  setting: string;
  docs: string;
  write: string;
  /** What `write` needs above it. */
  imports?: readonly string[];
  /** It is said of a place of its own, a view for instance, and not where the app is set up. */
  apart?: boolean;
  why: string;
  /** Does this value do? */
  fits(value: unknown): boolean;
  /** Whatever the environment says will do. */
  environmentFits?: boolean;
  /** Is the framework's own default good, where nothing sets it? */
  defaultFits?: boolean;
}

export const python = (value: unknown) => JSON.stringify(value);
export const isList = (value: unknown): value is unknown[] => Array.isArray(value);

/** Apps of a framework that have the one interface, or the other. https://peps.python.org/pep-3333/ */
export const wsgiAlone = (title: string): Refusal[] => [
  {
    ...{ answer: 'interface', is: ['asgi'] },
    ...{ because: `an app of ${title} is WSGI alone`, instead: 'interface wsgi' },
  },
];

/** https://asgi.readthedocs.io/ */
export const asgiAlone = (title: string): Refusal[] => [
  {
    ...{ answer: 'interface', is: ['wsgi'] },
    ...{ because: `an app of ${title} is ASGI alone`, instead: 'interface asgi' },
  },
];

/** What a person saves and imports to have all of it at once. */
export interface Snippet {
  file: string;
  /** The module that it lies beside. */
  module: string;
  /** How it comes to be used: "end that module with", and the line. */
  does: string;
  line: string;
  lines: string[];
}

/** As a function that is given the app, and gives it back; null where it would do nothing. */
export function appSnippet({ upstream }: CommonPlan, wanted: readonly Wanted[]): Snippet | null {
  const body = wanted.filter(({ apart }) => apart !== true);
  if (body.length === 0) return null;
  return {
    file: 'behind_proxy.py',
    module: upstream.module,
    does: 'import it there, and once the app is set up write',
    line: 'app = behind_proxy(app)',
    lines: [
      ...importsOf(body),
      ...['', ''],
      'def behind_proxy(app):',
      ...body.map(({ write }) => `    ${write}`),
      '    return app',
    ],
  };
}

/** Each once: modules of Python itself first. */
export function importsOf(wanted: readonly Wanted[]): string[] {
  return [...new Set(wanted.flatMap(({ imports = [] }) => imports))].sort(
    (a, b) => Number(a.startsWith('from')) - Number(b.startsWith('from')),
  );
}

/** The plan's list of what the app has to set. */
export function listed(wanted: readonly Wanted[]) {
  return wanted.map(({ setting, write, why }) => ({ name: setting, write, why }));
}

/** What was read of the app that is deployed: of another object, nothing is said. */
export function ofDeployed(plan: Plan, detection: Detection | undefined): Detection | undefined {
  const app = detection?.answers.app;
  return app?.kind === 'known' && app.value === plan.upstream.app ? detection : undefined;
}

/** What to say of one setting, from what was read of it. */
export function adviceOn(framework: string, wanted: Wanted, detection: Detection | undefined): Advice {
  const { setting, write, why, docs } = wanted;
  return { setting, write, why, docs, ...judge(framework, wanted, detection) };
}

type Judged = Pick<Advice, 'state' | 'found' | 'from'>;

function judge(framework: string, wanted: Wanted, detection: Detection | undefined): Judged {
  const value = detection?.settings[wanted.setting];
  if (value === undefined) return { state: 'unknown', found: 'not read', from: [] };
  switch (value.kind) {
    case 'absent':
      return wanted.defaultFits
        ? { state: 'set', found: `${framework}'s default`, from: [] }
        : { state: 'unset', found: 'not set', from: detection?.belongs ?? [] };
    case 'known':
      return verdict(wanted.fits(value.value), shown(value.value), value.from);
    case 'default':
      return wanted.fits(value.value)
        ? { state: 'set', found: `${shown(value.value)}, unless ${value.unless}`, from: value.from }
        : { state: 'environment', found: `${shown(value.value)}, unless ${value.unless}`, from: value.from };
    case 'one-of': {
      const from = value.options.flatMap((option) => option.from);
      const found = value.options.map((option) => `${shown(option.value)} ${option.when}`).join('; ');
      return {
        state: value.options.every((option) => wanted.fits(option.value)) ? 'set' : 'environment',
        found,
        from,
      };
    }
    case 'unknown':
      return {
        state: wanted.environmentFits ? 'set' : 'environment',
        found: value.because,
        from: value.from,
      };
  }
}

function verdict(fits: boolean, found: string, from: Evidence[]): Judged {
  return { state: fits ? 'set' : 'different', found, from };
}

function shown(value: unknown): string {
  // Detection never carries a secret around; this is what it puts in its place.
  if (value === '<literal>') return 'written in the source';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
