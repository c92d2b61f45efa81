/** Writes what is in docs/ from where it comes from (the answers' own table, the results on live hosts): it is never typed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** What a TypeScript file exports. */
async function imported(entry) {
  const work = mkdtempSync(join(tmpdir(), 'deploy-scaffold-docs-'));
  try {
    const outfile = join(work, 'entry.mjs');
    await build({
      absWorkingDir: root,
      entryPoints: [entry],
      bundle: true,
      platform: 'node',
      format: 'esm',
      outfile,
      logLevel: 'error',
      // Its other build asks for what only CommonJS has.
      alias: { yaml: join(root, 'node_modules/yaml/browser/index.js') },
    });
    return await import(pathToFileURL(outfile).href);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** The text of docs/answers.md. */
export async function answersPage() {
  const { answersTable } = await imported('src/commands/help.ts');
  return `# Answers

Each answer can be given as a flag, in \`deploy-scaffold.yaml\` or in the wizard. A flag whose answer is a list or a map is
given several times. Written by \`npm run docs\`.

The file has a version of its own, under the key \`version\`; without that key it is version 1, which is all that 0.1.0
knows. deploy-scaffold reads every version up to its newest, and writes the key only where an older deploy-scaffold could
not read the file. A version that it does not know is refused, and the file stays as it is: update deploy-scaffold then.

${answersTable()}
`;
}

/** The text of docs/units.md: what each unit says of itself. */
export async function unitsPage() {
  const { UNIT_KINDS } = await imported('src/units.ts');
  const sections = UNIT_KINDS.map(({ title, answer, units }) => {
    const entries = units.map((unit, index) => {
      const own = Object.keys(unit.fields).map((name) => `\`${name}\``);
      const refused = (unit.refuses ?? []).map(
        ({ answer: other, is, because, instead }) =>
          `- not with \`${other}\` ${is.join(' or ')}: ${because}. The nearest that works: ${instead}.`,
      );
      return [
        `### ${unit.title}${index === 0 ? ' (recommended)' : ''}`,
        `\`${answer}: ${unit.kind}\`. ${unit.why} <${unit.docs}>`,
        ...(own.length > 0 ? [`Answers of its own: ${own.join(', ')}.`] : []),
        ...(refused.length > 0 ? [refused.join('\n')] : []),
      ].join('\n\n');
    });
    return [`## The ${title}`, ...entries].join('\n\n');
  });
  return `# Units

Four units share the work of a deployment. Each can be replaced by an alternative while the rest stays; what cannot go
together is refused, with the reason. [conformance.md](conformance.md) shows what each stack was seen to do on real hosts.
Written by \`npm run docs\` from the units themselves.

${sections.join('\n\n')}
`;
}

/** The text of docs/diagnostics.md: what each kind of diagnostic means. */
export async function diagnosticsPage() {
  const { DIAGNOSTICS } = await imported('src/words/diagnostics.ts');
  const entries = Object.entries(DIAGNOSTICS).map(
    ([code, { title, text }]) => `## ${code}\n\n**${title}.** ${text}`,
  );
  return `# Diagnostics

Everything that a command finds, or that stops it, has a code that stays the same from version to version: it is \`code\`
in the documents of \`--json\`, and the rule in those of \`--sarif\`. Written by \`npm run docs\`.

Every document of \`--json\` has \`version\` (of its form), \`status\` (the exit status) and \`findings\`, a list in which each
entry has:

| key            |                                                                                       |
| -------------- | ------------------------------------------------------------------------------------- |
| \`code\`         | one of those below                                                                    |
| \`level\`        | \`error\`, \`warning\`, or \`unchecked\` for what could not be judged here                  |
| \`tool\`         | who says it: a real tool, \`project\`, \`files\`; left out where deploy-scaffold does     |
| \`file\`, \`line\` | where, if it is about a file                                                          |
| \`path\`         | of an answer or a flag: which one; with \`value\` and \`source\`, where it has been given |
| \`message\`      | what was seen                                                                         |
| \`remedy\`       | what to do                                                                            |
| \`setting\`      | the setting of the app that it is about, if it is about one                           |
| \`accepted\`     | why the answer \`accept\` lets it pass; it is then no failure                           |

\`problems\` has what stopped a command once more, and \`warnings\` of \`detect\` what was odd in the source.

${entries.join('\n\n')}
`;
}

/** The text of docs/installer-hooks.md: what the install.sh of a unit has to define. */
export async function hooksPage() {
  const { INSTALLER_HOOKS } = await imported('src/contract/installer-hooks.ts');
  const { UNIT_KINDS } = await imported('src/units.ts');
  const sections = Object.entries(INSTALLER_HOOKS).map(([answer, hooks]) => {
    const { title } = UNIT_KINDS.find((kind) => kind.answer === answer);
    const lines = Object.entries(hooks).map(([name, does]) => `- \`${name}\`: ${does}`);
    return `## The ${title}\n\n${lines.join('\n')}`;
  });
  return `# Hooks of the installer

What the installer asks of the units of a kit: the shell functions that \`templates/KIND/NAME/install.sh.hbs\` of each unit
defines. Frameworks have none: what a release runs for them is in the plan. Written by \`npm run docs\` from
\`src/contract/installer-hooks.ts\`, which says what they may count on. A function of each service
ends in the service's suffix, which is empty for the site's own: \`app_server_trial{{service.suffix}}\`.

${sections.join('\n\n')}
`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { documents, newest } = await imported('test/hosts/conformance/documents.ts');
  const texts = {
    'docs/answers.md': await answersPage(),
    'docs/units.md': await unitsPage(),
    'docs/installer-hooks.md': await hooksPage(),
    'docs/diagnostics.md': await diagnosticsPage(),
    ...documents(newest(root)),
  };
  for (const [path, text] of Object.entries(texts)) writeFileSync(join(root, path), text);
  execFileSync('git', ['-C', root, 'status', '--short', 'docs'], { stdio: 'inherit' });
}
