/**
 * npm run new-unit KIND NAME: the files of a unit that is not there yet, from scripts/new-unit/KIND/, and its line in
 * the index of its kind. They work as they are, with a program that does not exist; what to put in its place is printed.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

/** The folder of each kind in src/, templates/ and test/, and a unit of it that is good to read beside a new one. */
const KINDS = {
  framework: { folder: 'frameworks', like: 'falcon' },
  'web-server': { folder: 'web-servers', like: 'nginx' },
  'app-server': { folder: 'app-servers', like: 'waitress' },
  'process-manager': { folder: 'process-managers', like: 'systemd' },
};

/** Words of JavaScript that are not names there. https://tc39.es/ecma262/#prod-ReservedWord */
const RESERVED = new Set(
  `arguments await break case catch class const continue debugger default delete do else enum eval export extends false
  finally for function if implements import in instanceof interface let new null package private protected public return
  static super switch this throw true try typeof undefined var void while with yield`.split(/\s+/),
);

const folders = (path) =>
  existsSync(path)
    ? readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
    : [];

/** What is wrong with the words, in a sentence; undefined where they are right. */
function refusal(root, kind, name) {
  if (!Object.hasOwn(KINDS, kind ?? ''))
    return `"${kind ?? ''}" is not a kind of unit: give KIND and NAME, with KIND one of ${Object.keys(KINDS).join(', ')}`;
  if (!/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/.test(name ?? '') || RESERVED.has(name))
    return `"${name ?? ''}" cannot be the name of a unit: give lower-case letters, digits and hyphens, and no word of JavaScript's`;
  const taken = Object.values(KINDS)
    .flatMap(({ folder }) => [`src/${folder}`, `templates/${folder}`])
    .find((folder) => folders(join(root, folder)).includes(name));
  return taken === undefined ? undefined : `"${name}" is taken: see ${taken}/${name}`;
}

/** The name as the skeletons have it: "mod-lua" is Mod Lua to people, modLua as a constant, mod_lua as a module. */
function words(name) {
  const capital = (word) => word.charAt(0).toUpperCase() + word.slice(1);
  const parts = name.split('-').map(capital);
  const type = parts.join('');
  return {
    __NAME__: name,
    __TITLE__: parts.join(' '),
    __TYPE__: type,
    __ID__: type.charAt(0).toLowerCase() + type.slice(1),
    __MODULE__: name.replaceAll('-', '_'),
  };
}

const filled = (text, name) => text.replaceAll(/__[A-Z]+__/g, (word) => words(name)[word] ?? word);

/** Where a file of a skeleton belongs. */
function placeOf(file, folder, name) {
  const path = file.replace(/\.txt$/, '');
  const tree = path.endsWith('.hbs') ? 'templates' : path.endsWith('.test.ts') ? 'test' : 'src';
  return `${tree}/${folder}/${name}/${path}`;
}

/** The lists that a unit is put in: the units of its kind, and how the apps of each framework are found. */
function listsOf(kind, name) {
  const { folder } = KINDS[kind];
  const { __ID__: id } = words(name);
  return [
    { list: `src/${folder}/index.ts`, constant: id, file: 'unit.ts' },
    ...(kind === 'framework'
      ? [{ list: `src/${folder}/detections.ts`, constant: `${id}Detector`, file: 'detect.ts' }]
      : []),
  ];
}

/** A list with one more constant, the last. */
function registered(text, name, { constant, file }) {
  const imports = text.lastIndexOf('\nimport { ');
  const end = text.indexOf('\n', imports + 1);
  const line = `import { ${constant} } from './${name}/${file}';`;
  return `${text.slice(0, end)}\n${line}${text.slice(end)}`.replace(/,?\s*\];\n$/, `, ${constant}];\n`);
}

/**
 * Writes the unit's files and registers it.
 *
 * @param {string} root the repository
 * @returns {string[]} the files, relative to the repository; those that it is registered in are the last
 * @throws Error where the words will not do: nothing is written then
 */
function newUnit(root, kind, name) {
  const wrong = refusal(root, kind, name);
  if (wrong !== undefined) throw new Error(wrong);
  const { folder } = KINDS[kind];
  const skeleton = join(root, 'scripts/new-unit', kind);
  const files = readdirSync(skeleton).map((file) => {
    const path = placeOf(file, folder, name);
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), filled(readFileSync(join(skeleton, file), 'utf8'), name));
    return path;
  });
  const lists = listsOf(kind, name);
  for (const one of lists) {
    const path = join(root, one.list);
    writeFileSync(path, registered(readFileSync(path, 'utf8'), name, one));
  }
  return [...files.sort(), ...lists.map(({ list }) => list)];
}

/** What a person does next. */
function next(kind, name) {
  const { folder, like } = KINDS[kind];
  const steps = [
    `Say what ${name} is, where the files speak of ${name}.example: src/${folder}/${like}/ is good to read beside it.`,
    ...(kind === 'framework'
      ? []
      : [
          'docs/installer-hooks.md says what each function of install.sh is for.',
          'A language that no other unit has is one more file in src/formats/, named in src/render/syntaxes.ts.',
        ]),
    `npm run build && npx vitest run test/${folder}/${name}${kind === 'framework' ? '' : ' test/kit/installer-hooks.test.ts'}`,
    'A folder in fixtures/rendered/ with an answers file: UPDATE_RENDERED=1 npx vitest run test/kit fills it.',
    "npm run docs writes it into docs/; README's table of units has a line for it.",
    ...(kind === 'web-server' || kind === 'process-manager'
      ? [`test/${folder}/${name}/host.ts says what live hosts must know of it: see that of ${like}.`]
      : []),
    'A stack in test/hosts/conformance/stacks.ts proves it on live hosts: npm run test:hosts.',
  ];
  return steps.map((step, index) => `${index + 1}. ${step}`).join('\n');
}

/** Lines as long as elsewhere, imports in order. */
function format(root, files) {
  const biome = join(root, 'node_modules/.bin/biome');
  const code = files.filter((file) => file.endsWith('.ts'));
  execFileSync(biome, ['check', '--write', '--vcs-enabled=false', '--log-level=error', ...code], {
    cwd: root,
    stdio: 'pipe',
  });
}

function main([kind, name]) {
  let files;
  try {
    files = newUnit(ROOT, kind, name);
  } catch (error) {
    console.error(error.message);
    return 2;
  }
  format(ROOT, files);
  console.log(`Written:\n${files.map((file) => `  ${file}`).join('\n')}\n\nNext:\n${next(kind, name)}`);
  return 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href)
  process.exitCode = main(process.argv.slice(2));
