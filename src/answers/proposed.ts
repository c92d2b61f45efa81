/** Several services that a project shows, and that a person decides on. */
import type { Detection } from '../words/detection.ts';
import type { Finding } from '../words/finding.ts';
import { places } from './detected.ts';
import { DEFAULT, type Layer, type Resolution } from './resolve.ts';

/** How an app could be deployed: answers by name, what has to be true for it, and where that shows. */
type Option = NonNullable<Detection['services']>['options'][number];

/** Answers of which each says that a person has decided on the services. */
const DECIDERS = ['path', 'paths'];

/** The services that are proposed; undefined where there are none, or somebody has decided already. */
export function undecidedServices(
  detection: Detection | undefined,
  layers: readonly Pick<Layer, 'answers'>[],
): { proposed: Option; alone: Option } | undefined {
  const [proposed, alone] = detection?.services?.options ?? [];
  const isDecided = layers.some(({ answers }) => DECIDERS.some((name) => Object.hasOwn(answers, name)));
  return proposed === undefined || alone === undefined || isDecided ? undefined : { proposed, alone };
}

/** What leads where, for people: "/ to the folder frontend/dist, /api/ to the app". */
export function shownServices({ path, paths, app }: Readonly<Record<string, unknown>>): string {
  const further = Object.entries((paths ?? {}) as Record<string, Readonly<Record<string, unknown>>>);
  if (further.length === 0) return 'the app alone';
  const own = app === undefined ? 'the app' : String(app);
  return [
    ...further.map(([url, { app: other, folder }]) =>
      folder === undefined ? `${url} to ${String(other)}` : `${url} to the folder ${String(folder)}`,
    ),
    path === undefined ? `the rest to ${own}` : `${String(path)} to ${own}`,
  ].join(', ');
}

/** That the app alone was taken, and the answers that would take the services as well. */
export function serviceFindings(detection: Detection | undefined, { sources }: Resolution): Finding[] {
  const given = Object.entries(sources).filter(([, source]) => source !== DEFAULT);
  const undecided = undecidedServices(detection, [{ answers: Object.fromEntries(given) as never }]);
  if (undecided === undefined) return [];
  const { value, when, from } = undecided.proposed;
  const [place] = from;
  const lines = Object.entries(value).map(([name, one]) => `${name}: ${JSON.stringify(one)}`);
  return [
    {
      ...{ code: 'services-proposed', tool: 'project', level: 'warning' },
      ...(place && { file: place.file, line: place.line }),
      message: `the project shows several services (${places(from)}), and the app alone was taken: ${shownServices(value)} would be right if ${when}`,
      remedy: `Write these into deploy-scaffold.yaml, or a file for --answers, to have them: ${lines.join('; ')}. To have the app alone and not be told again, write: paths: {}`,
    },
  ];
}
