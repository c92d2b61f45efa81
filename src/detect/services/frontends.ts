/**
 * Front ends that a build makes into a folder of files, for the tools whose folder the project shows. One that needs a
 * server of its own, goes into another program or is served elsewhere is none.
 */
import { fileName, isWithin, joinFolder, parentFolder } from '../../evaluate/modules.ts';
import { parseJson, record } from '../../formats/documents.ts';
import { normalisePath } from '../../words/paths.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence } from '../../words/value.ts';
import { filesNamed, isAside } from '../entry-files.ts';

export interface Frontend {
  /** What its build writes, "frontend/dist". */
  folder: string;
  /** Its pages are made in the browser: index.html is the answer for all of them. */
  singlePage: boolean;
  from: Evidence[];
}

/** A front end as its package says it. */
interface Package {
  project: ProjectFiles;
  /** "" for the project's top. */
  folder: string;
  /** The script that builds it. */
  build: string;
}

/** Where a tool writes, seen from the folder of the package; undefined where that is not plain. */
interface Tool {
  says: RegExp;
  output(one: Package): string | undefined;
  /** The page that it builds from, where there is one by which a site is told from a bundle for other pages. */
  page?: string;
  /** Each page is a file of its own. */
  pages?: true;
}

const TOOLS: readonly Tool[] = [
  // https://vite.dev/config/build-options.html#build-outdir
  { says: /\bvite\s+build\b/, output: ofVite, page: 'index.html' },
  // https://create-react-app.dev/docs/production-build/
  {
    says: /\breact-scripts\s+build\b/,
    output: ({ build }) => (/BUILD_PATH|PUBLIC_URL/.test(build) ? undefined : 'build'),
    page: 'public/index.html',
  },
  // https://cli.vuejs.org/config/#outputdir
  { says: /\bvue-cli-service\s+build\b/, output: ofVueCli, page: 'public/index.html' },
  // https://angular.dev/reference/configs/workspace-config
  { says: /\bng\s+build\b/, output: ofAngular },
  // https://nextjs.org/docs/app/guides/static-exports
  { says: /\bnext\s+build\b/, output: ofNext, pages: true },
];

/** With one of these it has a server of its own, or is no site. */
const OTHERS =
  /^(?:electron|nw|expo|react-native|nuxt|astro|vike|gh-pages|gatsby|@tauri-apps\/api|@capacitor\/core|@sveltejs\/kit|@crxjs\/vite-plugin|@remix-run\/(?:node|dev)|@react-router\/(?:node|dev)|@tanstack\/.*start|@angular\/ssr|vite-plugin-(?:ssr|web-extension))$/;
/** Whoever has one of these serves it elsewhere. */
const ELSEWHERE = new Set([
  ...['vercel.json', 'netlify.toml', 'firebase.json', 'wrangler.toml', 'wrangler.jsonc'],
  ...['staticwebapp.config.json', 'amplify.yml', 'capacitor.config.ts', 'capacitor.config.json'],
]);

/** All front ends of the project. */
export function frontendsOf(project: ProjectFiles): Frontend[] {
  return filesNamed(project, 'package.json')
    .filter((file) => !isAside(file))
    .flatMap((file) => frontendOf(project, file) ?? []);
}

function frontendOf(project: ProjectFiles, file: string): Frontend | undefined {
  const text = project.read(file) ?? '';
  const said = record(parseJson(text));
  const build = record(said?.scripts)?.build;
  const dependencies = [said?.dependencies, said?.devDependencies].flatMap((some) =>
    Object.keys(record(some) ?? {}),
  );
  const folder = parentFolder(file);
  const isElsewhere = project
    .list()
    .some((one) => ELSEWHERE.has(fileName(one)) && ['', folder].includes(parentFolder(one)));
  // A page below another path has it in its URLs.
  if (typeof build !== 'string' || said?.homepage !== undefined || isElsewhere) return undefined;
  if (dependencies.some((name) => OTHERS.test(name))) return undefined;
  const tool = TOOLS.find(({ says }) => says.test(build));
  const output = tool?.output({ project, folder, build });
  if (tool === undefined || output === undefined) return undefined;
  const built = normalisePath(joinFolder(folder, output));
  // Where it writes into another part of the project, that part sends it.
  if (
    output.startsWith('/') ||
    built === (folder || '.') ||
    built.startsWith('..') ||
    !isWithin(built, folder)
  )
    return undefined;
  // No build's own: a repository's history, or packages.
  if (built.split('/').some((part) => /^(?:\.git|\.hg|\.svn|node_modules)$/.test(part))) return undefined;
  // A template's folder has no name yet.
  if (!/^[\w@.+/-]+$/.test(built)) return undefined;
  const files = project.list();
  const hasPage =
    tool.page === undefined ||
    [joinFolder(folder, tool.page), `${built}/index.html`].some((page) => files.includes(page));
  if (!hasPage) return undefined;
  const line = text.split('\n').findIndex((one) => /"build"\s*:/.test(one)) + 1;
  return { folder: built, singlePage: tool.pages !== true, from: [{ file, line }] };
}

/** Texts, in which "/*" is a pattern of files and "//" a URL, or else comments. What is not closed goes on to the end. */
const TEXT_OR_COMMENT =
  /("(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|`(?:[^`\\]|\\[\s\S])*`?)|\/\*[\s\S]*?(?:\*\/|(?![\s\S]))|\/\/.*/g;

/** The text of the tool's configuration, without comments; empty where there is none. */
function configuration({ project, folder }: Package, name: string): string {
  const file = ['js', 'ts', 'mjs', 'mts', 'cjs'].map((end) => joinFolder(folder, `${name}.${end}`));
  const text = project.read(file.find((one) => project.list().includes(one)) ?? '') ?? '';
  return text.replaceAll(TEXT_OR_COMMENT, (_, kept: string | undefined) => kept ?? '');
}

/** The value of an option that is a plain text; `usual` where it is not set, undefined where it is anything else. */
function option(text: string, name: string, usual: string): string | undefined {
  const places = [...text.matchAll(new RegExp(`(?<![\\w.])["']?${name}["']?\\s*:\\s*(.*)`, 'g'))];
  const [place, ...more] = places;
  if (place === undefined) return usual;
  const literal = /^(["'`])([^"'`$]*)\1\s*[,}\n]?/.exec(place[1] ?? '')?.[2];
  return more.length > 0 ? undefined : literal;
}

function ofVite(one: Package): string | undefined {
  const text = configuration(one, 'vite.config');
  const given = /--outDir[ =](\S+)/.exec(one.build)?.[1];
  const isOther =
    /--(?:ssr|base|config|mode\s+lib)\b/.test(one.build) ||
    /(?<![\w.])(?:root|lib|ssr|manifest|input)\s*:/.test(text);
  const isAtTop = option(text, 'base', '/') === '/';
  if (isOther || !isAtTop) return undefined;
  return given ?? option(text, 'outDir', 'dist');
}

function ofVueCli(one: Package): string | undefined {
  const text = configuration(one, 'vue.config');
  const isOther = option(text, 'publicPath', '/') !== '/' || /(?<![\w.])pages\s*:/.test(text);
  if (isOther || /--(?:dest|target)\b/.test(one.build)) return undefined;
  return option(text, 'outputDir', 'dist');
}

function ofNext(one: Package): string | undefined {
  const text = configuration(one, 'next.config');
  const isExport = option(text, 'output', '') === 'export';
  // Otherwise /about is about.html, which only a rule for it finds.
  const hasFolders = /(?<![\w.])trailingSlash\s*:\s*true\b/.test(text);
  const isOther = /(?<![\w.])(?:basePath|assetPrefix)\s*:/.test(text);
  return isExport && hasFolders && !isOther ? option(text, 'distDir', 'out') : undefined;
}

function ofAngular({ project, folder }: Package): string | undefined {
  const workspace = record(parseJson(project.read(joinFolder(folder, 'angular.json')) ?? ''));
  const apps = Object.entries(record(workspace?.projects) ?? {}).filter(
    ([, one]) => (record(one)?.projectType ?? 'application') === 'application',
  );
  const [first, ...more] = apps;
  if (first === undefined || more.length > 0) return undefined;
  const [name, one] = first;
  const build = record(record(record(one)?.architect ?? record(one)?.targets)?.build);
  const options = record(build?.options) ?? {};
  if (
    ['ssr', 'server', 'baseHref', 'deployUrl', 'outputMode'].some(
      (key) => options[key] !== undefined && options[key] !== false,
    )
  )
    return undefined;
  const path = options.outputPath ?? `dist/${name}`;
  const [base, inner] =
    typeof path === 'string' ? [path, 'browser'] : [record(path)?.base, record(path)?.browser ?? 'browser'];
  if (typeof base !== 'string' || typeof inner !== 'string') return undefined;
  // https://angular.dev/tools/cli/build-system-migration
  return /:application$/.test(String(build?.builder)) ? joinFolder(base, inner).replace(/\/$/, '') : base;
}
