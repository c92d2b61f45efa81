/** Settings of an app that must agree with the proxy in front: as they should be, and as a project has them. */
import type { Refusal } from '../contract/field.ts';
import type { Lazy, LazyParts } from '../contract/lazy.ts';
import type { CommonPlan, PlanOfService } from '../contract/plan.ts';
import { type Advice, isWrong } from '../words/advice.ts';
import { type Detection, LITERAL } from '../words/detection.ts';
import { ON_HOST } from '../words/on-host.ts';
import { type Evidence, likelyValue, type Value } from '../words/value.ts';

/** A setting as it should be. What follows from the plan is a getter where it is not what the setting is there for. */
export interface Wanted {
  setting: string;
  docs: string;
  write: string;
  /** What `write` needs above it. */
  imports?: readonly string[];
  /** It is said of a place of its own, a view for instance, and not where the app is set up. */
  apart?: boolean;
  why: string;
  /** How a release brings it; without, only whoever writes the app can set it. */
  brought?: Brought;
  /** The app server sees to it for this deployment; what `write` does holds whatever serves the app. */
  served?: boolean;
  /** How bad it is where it is not so; a warning unless it says so. */
  level?: 'error';
  /** Does this value do? */
  fits(value: unknown): boolean;
  /** Whatever the environment says will do. */
  environmentFits?: boolean;
  /** Is the framework's own default good, where nothing sets it? */
  defaultFits?: boolean;
  /** Nothing is said of it unless it is wrong. */
  quiet?: boolean;
  /** Knows better than the value alone tells; undefined where it does not. */
  judge?(value: Value<unknown>, detection: Detection): Judged | undefined;
}

type Setting = PlanOfService['framework']['brought'][number];

/** One of them: what a module that a release brings gives a setting. */
interface Brought {
  variable?: () => string;
  folder?: () => string;
  logging?: true;
  mail?: true;
  value?: Lazy<Setting['value']>;
}

/** Not from a variable that nobody sets. */
const canBeBrought = ({ brought }: Wanted) => brought !== undefined && brought.variable?.() !== '';

/** Answers that say whether a release brings settings, and which. */
interface SettingsAnswers {
  settings: string;
  brings?: readonly string[] | undefined;
}

/** What the plan says of the settings of an app, whichever framework it is of: what a release brings, and what is left. */
export function settingsPlan(
  plan: CommonPlan,
  wanted: () => readonly Wanted[],
  answers: SettingsAnswers,
  snippet: () => LazyParts<Snippet> | null,
) {
  const isChosen = (one: Wanted) => answers.brings?.includes(one.setting) === true && canBeBrought(one);
  const chosen = () => wanted().filter(isChosen);
  const own = () => answers.settings === 'own';
  const isLeft = (one: Wanted) =>
    one.quiet !== true && (own() || !(isChosen(one) || (one.served === true && isServed(plan))));
  return {
    own,
    wanted: () =>
      wanted()
        .filter(isLeft)
        .map((one) => ({ name: one.setting, write: () => one.write, why: one.why })),
    snippet: () => (own() ? snippet() : null),
    brought: () =>
      chosen().map(
        (one): LazyParts<Setting> => ({
          ...{ name: one.setting, why: one.why, docs: one.docs },
          ...{ variable: '', folder: '', logging: false, mail: false, value: '' },
          ...one.brought,
        }),
      ),
    broughtNeeds: {
      os: () => chosen().some(({ brought }) => brought?.variable !== undefined),
      pathlib: () => chosen().some(({ brought }) => (brought?.folder?.() ?? '') !== ''),
    },
  };
}

/** A module that a release brings, where the answers name settings for it. */
export function moduleFor(
  module: string,
  { brings = [] }: Pick<SettingsAnswers, 'brings'>,
): string | undefined {
  return brings.length > 0 ? module : undefined;
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
export function appSnippet({ upstream }: CommonPlan, wanted: readonly Wanted[]): LazyParts<Snippet> | null {
  if (!wanted.some(belongsTogether)) return null;
  return {
    file: 'behind_proxy.py',
    module: () => upstream.module,
    does: 'import it there, and once the app is set up write',
    line: 'app = behind_proxy(app)',
    lines: () => {
      const body = together(wanted);
      return [
        ...withOs(importsOf(body)),
        ...['', ''],
        'def behind_proxy(app):',
        `    ${OWN_RUN}`,
        `    if ${python(ON_HOST)} not in os.environ:`,
        '        return app',
        ...body.map(({ write }) => `    ${write}`),
        '    return app',
      ];
    },
  };
}

/** Why a snippet does nothing elsewhere. */
export const OWN_RUN = "# Set on the host alone: a developer's own run stays as it is.";

/** With the module that the environment is read from. */
export const withOs = (imports: readonly string[]) => [...new Set(['import os', ...imports])];

/** A variable that tells the app that it is on the host. */
export const onHost = (plan: CommonPlan) => ({ name: ON_HOST, value: () => plan.name });

const belongsTogether = (one: Wanted) => one.apart !== true && one.quiet !== true;

/** What belongs where the app is set up. */
export function together(wanted: readonly Wanted[]): Wanted[] {
  return wanted.filter(belongsTogether);
}

/** Each once: modules of Python itself first. */
export function importsOf(wanted: readonly Wanted[]): string[] {
  return [...new Set(wanted.flatMap(({ imports = [] }) => imports))].sort(
    (a, b) => Number(a.startsWith('from')) - Number(b.startsWith('from')),
  );
}

/**
 * The key that the app signs with. One that stands in the source is public, so that anybody can forge what it signs: an
 * error, unless the source reads a variable first and the host sets that.
 *
 * @param own The variable to read where the app reads none so far.
 */
export function ownKey(
  { environment }: Pick<CommonPlan, 'environment'>,
  own: string,
  wanted: Pick<Wanted, 'setting' | 'docs' | 'imports' | 'apart' | 'defaultFits' | 'quiet'> & {
    write(variable: string): string;
  },
): Wanted {
  return {
    ...wanted,
    get quiet() {
      return wanted.quiet === true || environment.key === '';
    },
    get write() {
      return wanted.write(environment.key || own);
    },
    ...(wanted.apart !== true && { brought: { variable: () => environment.key } }),
    why: 'Whoever can read the code could forge sessions; a key from the environment stays on the host.',
    fits: () => false,
    environmentFits: true,
    judge(value, { answers }) {
      const read = (likelyValue(answers['env-keys']) ?? []) as string[];
      const set = read.find((name) => [...environment.required, ...environment.generated].includes(name));
      const from = placesOf(value);
      if (set !== undefined)
        return { state: 'set', found: `read from the environment variable ${set}`, from };
      const [first] = read;
      if (first !== undefined)
        return {
          ...{ state: 'different', level: 'error', from },
          found: `read from the environment variable ${first}, which nothing here sets`,
          write: `--env-key ${first}, so that the installer makes a key there`,
        };
      return isPublic(value)
        ? { state: 'different', level: 'error', found: 'written in the source', from }
        : undefined;
    },
  };
}

/** Is it the source's own, in production too? What a file on the server says otherwise, nobody here knows. */
function isPublic(value: Value<unknown>): boolean {
  switch (value.kind) {
    case 'known':
      return value.value === LITERAL;
    case 'default': {
      const isHere = (text: string) => /^(?:the environment variable \w+ is set|DEBUG is on)$/.test(text);
      return value.value === LITERAL && value.unless.split(' or ').every(isHere);
    }
    case 'one-of':
      return value.options.some((option) => option.value === LITERAL);
    default:
      return false;
  }
}

function placesOf(value: Value<unknown>): Evidence[] {
  if (value.kind === 'one-of') return value.options.flatMap(({ from }) => from);
  return value.kind === 'absent' ? [] : value.from;
}

/** What was read of the app that is deployed: of another object, nothing is said. */
export function ofDeployed(plan: PlanOfService, detection: Detection | undefined): Detection | undefined {
  const app = detection?.answers.app;
  return app?.kind === 'known' && app.value === plan.upstream.app ? detection : undefined;
}

/** What to say of each setting, from what was read of it. */
export function adviceOn(
  plan: PlanOfService,
  all: readonly Wanted[],
  detection: Detection | undefined,
): Advice[] {
  const { framework } = plan;
  return all.flatMap((wanted): Advice[] => {
    const { setting, write, why, docs, quiet, level } = wanted;
    const { misses, ...judged } = judge(framework.title, wanted, detection);
    const said = { setting, write, why, docs, ...(level && { level }), ...judged };
    const isSure = isWrong(said);
    const ofOne = detection?.unbringable?.settings?.[setting];
    const obstacle = detection?.unbringable?.all ?? ofOne;
    if (isSure || misses?.(plan)) {
      // Only a variable would set it right, and nothing here sets that.
      if (!isSure && ofOne !== undefined && wanted.brought !== undefined)
        return [{ ...said, state: 'different', found: `${said.found}, and ${ofOne.because}` }];
      if (obstacle !== undefined && wanted.brought !== undefined)
        return quiet && !isSure ? [] : [{ ...said, found: `${said.found}, and ${obstacle.because}` }];
      if (framework.brought.some(({ name }) => name === setting))
        return [{ ...said, state: 'set', found: 'brought by each release' }];
      if (wanted.served === true && said.state === 'unset' && !framework.own && isServed(plan))
        return [{ ...said, state: 'set', found: 'seen to by the app server' }];
      if (canBeBrought(wanted) && !framework.own) return [{ ...said, lacks: true }];
    }
    return quiet && !isSure ? [] : [said];
  });
}

/**
 * Does the app server say who the client is, and which scheme? All but mod_wsgi behind another proxy, which does not
 * believe what that says of the scheme. https://modwsgi.readthedocs.io/en/master/configuration-directives/WSGITrustedProxyHeaders.html
 */
function isServed({ upstream, tls }: CommonPlan): boolean {
  return !(upstream.inside !== null && tls.behindProxy);
}

type Judged = Pick<Advice, 'state' | 'found' | 'from' | 'level'> &
  Partial<Pick<Advice, 'write'>> & {
    /** What the source has for it will not do, and nothing on the host says otherwise. */
    misses?: (plan: PlanOfService) => boolean;
  };

/** Does the host set none of the variables that would have a value another one? */
function isUntold(unless: string, { environment }: PlanOfService): boolean {
  const told = new Set([...environment.generated, ...environment.suggested.map(({ name }) => name)]);
  return ![...unless.matchAll(VARIABLE_SET)].some(([, name]) => told.has(name ?? ''));
}

const VARIABLE_SET = /the environment variable (\w+) is set/g;

function judge(framework: string, wanted: Wanted, detection: Detection | undefined): Judged {
  const value = detection?.settings[wanted.setting];
  if (detection === undefined || value === undefined)
    return { state: 'unknown', found: 'not read', from: [] };
  const judged = wanted.judge?.(value, detection);
  if (judged !== undefined) return judged;
  switch (value.kind) {
    case 'absent':
      return wanted.defaultFits
        ? { state: 'set', found: `${framework}'s default`, from: [] }
        : { state: 'unset', found: 'not set', from: detection.belongs ?? [] };
    case 'known':
      return verdict(wanted.fits(value.value), shown(value.value), value.from);
    case 'default':
      return wanted.fits(value.value)
        ? { state: 'set', found: `${shown(value.value)}, unless ${value.unless}`, from: value.from }
        : {
            ...{ state: 'environment', found: `${shown(value.value)}, unless ${value.unless}` },
            ...{ from: value.from, misses: (plan) => isUntold(value.unless, plan) },
          };
    case 'one-of': {
      const from = value.options.flatMap((option) => option.from);
      const found = value.options.map((option) => `${shown(option.value)} ${option.when}`).join('; ');
      return {
        state: value.options.every((option) => wanted.fits(option.value)) ? 'set' : 'environment',
        misses: () => !value.options.some((option) => wanted.fits(option.value)),
        ...{ found, from },
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
  if (value === LITERAL) return 'written in the source';
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
