/** Where the answers `sandbox` and `limits` have nothing that they could be said of. */
import type { Known } from '../contract/field.ts';

const NAMES = ['sandbox', 'limits'] as const;

const isSaid = (value: unknown) =>
  typeof value === 'object' && value !== null && Object.keys(value).length > 0;

/**
 * What of the two has no counterpart: Apache starts the processes of mod_wsgi, outside of any unit of the app's; and
 * what supervisord or Circus start is all in the one unit that systemd has of these.
 */
export function confinementProblems(
  answers: Known,
): { path: string; value: unknown; message: string; remedy: string }[] {
  const isInside = answers['app-server'] === 'mod-wsgi' && !isSaid(answers.background);
  const inside = NAMES.filter((name) => isInside && isSaid(answers[name])).map((name) => ({
    ...{ path: name, value: answers[name] },
    message:
      "is of no effect with app-server mod-wsgi: Apache itself starts the app's processes, in no unit of its own",
    remedy: 'Leave it out, or take app-server gunicorn.',
  }));
  const manager = answers['process-manager'];
  if (manager !== 'supervisord' && manager !== 'circus') return inside;
  const ofServices = Object.entries((answers.paths ?? {}) as Record<string, unknown>).flatMap(([url, said]) =>
    NAMES.filter((name) => typeof said === 'object' && said !== null && Object.hasOwn(said, name)).map(
      (name) => ({
        ...{ path: `paths.${url}.${name}`, value: Reflect.get(said as object, name) as unknown },
        message: `cannot be another than the site's with process-manager ${manager}, which starts all services within one unit`,
        remedy: `Say it for the whole site, or take process-manager systemd.`,
      }),
    ),
  );
  return [...inside, ...ofServices];
}
