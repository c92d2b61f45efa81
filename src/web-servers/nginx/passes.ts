/** Where the locations of a site pass requests on to. https://nginx.org/en/docs/http/ngx_http_core_module.html#location */
import type { Passed } from '../../contract/earlier.ts';
import { changesPath, type Directive, targetOf } from './reads.ts';

/** Of each location, and of / where only try_files says so. */
export function passesOf(all: readonly Directive[]): Passed[] {
  return all
    .filter(({ name }) => name === 'server')
    .filter(({ above }) => above.at(-1)?.name !== 'upstream')
    .flatMap((server) => {
      const locations = server.inside.filter(({ name }) => name === 'location');
      const named = (block: Directive, words: readonly string[]) =>
        locations.find((one) => one !== block && words.includes(one.words.at(-1) ?? ''));
      return [server, ...locations].flatMap((block): Passed[] => {
        const tried = block.inside.find(({ name, above }) => name === 'try_files' && above.at(-1) === block);
        const pass =
          block.inside.find((one) => targetOf(one) !== undefined && above(one, 'location') === block) ??
          named(block, tried?.words ?? [])?.inside.find((one) => targetOf(one) !== undefined);
        if (pass === undefined || block.words.at(-1)?.startsWith('@') === true) return [];
        return [
          {
            url: block === server ? '/' : isGuarded(block) ? undefined : urlOf(block),
            target: resolved(targetOf(pass) ?? '', all),
            strips: changesPath(pass),
            site: `${server.at.file}:${server.at.line}`,
            at: block === server ? pass.at : block.at,
          },
        ];
      });
    });
}

const above = (directive: Directive, name: string) => directive.above.findLast((one) => one.name === name);

/** Not everybody may ask for it, which no path of ours says. https://nginx.org/en/docs/http/ngx_http_core_module.html#satisfy */
const isGuarded = ({ inside }: Directive) =>
  inside.some(({ name }) => /^(?:allow|deny|satisfy|limit_except|auth_\w+)$/.test(name));

/** "/live/" of a location by a plain path; undefined for a pattern, and for one URL alone. */
function urlOf({ words }: Directive): string | undefined {
  const [first = '', second] = words;
  const path = second === undefined ? first : first === '^~' ? second : '';
  return path.startsWith('/') ? path : undefined;
}

/** What an upstream stands for, where it has one server; undefined where it has several. */
function resolved(target: string, all: readonly Directive[]): string | undefined {
  const upstream = all.find(({ name, words }) => name === 'upstream' && words[0] === target);
  if (upstream === undefined) return target;
  const [first, ...more] = upstream.inside.filter(({ name }) => name === 'server');
  return more.length > 0 ? undefined : first?.words[0];
}
