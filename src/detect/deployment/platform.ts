/** Files of hosting platforms, which name the command that starts the app. */

import { NOTHING, type Process, type Said } from '../../contract/earlier.ts';
import { fileName, joinFolder, parentFolder } from '../../evaluate/modules.ts';
import { parseToml, record } from '../../formats/documents.ts';
import { parseYaml } from '../../formats/yaml.ts';
import { normalisePath } from '../../words/paths.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import { wordsOf } from './compose.ts';

interface Platform {
  name: RegExp;
  /** The commands in the file's data, each with its process's name, and the folder if there is one. */
  commands(data: unknown): { name: string; command: unknown; folder?: unknown }[];
}

const each = (value: unknown) => Object.entries(record(value) ?? {});
const list = (value: unknown) => (Array.isArray(value) ? value.map(record) : []);

const PLATFORMS: readonly Platform[] = [
  {
    // https://render.com/docs/blueprint-spec
    name: /^render\.ya?ml$/,
    commands: (data) =>
      list(record(data)?.services)
        .filter((one) => one?.type !== 'cron')
        .map((one) => ({
          name: typeof one?.name === 'string' ? one.name : '',
          command: one?.startCommand ?? one?.dockerCommand,
          folder: one?.rootDir,
        })),
  },
  {
    // https://cloud.google.com/appengine/docs/standard/python3/config/appref
    name: /^app\.ya?ml$/,
    commands: (data) => [{ name: 'web', command: record(data)?.entrypoint }],
  },
  {
    // https://fly.io/docs/reference/configuration/#the-processes-section
    name: /^fly(?:\.\w+)?\.toml$/,
    commands: (data) => each(record(data)?.processes).map(([name, command]) => ({ name, command })),
  },
  {
    // https://docs.railway.com/reference/config-as-code
    name: /^railway\.(?:toml|json)$/,
    commands: (data) => [{ name: 'web', command: record(record(data)?.deploy)?.startCommand }],
  },
  {
    // https://nixpacks.com/docs/configuration/file
    name: /^nixpacks\.toml$/,
    commands: (data) => [{ name: 'web', command: record(record(data)?.start)?.cmd }],
  },
  {
    // https://docs.upsun.com/create-apps/app-reference.html
    name: /^\.platform\.app\.ya?ml$/,
    commands: (data) => [
      { name: 'web', command: record(record(record(data)?.web)?.commands)?.start },
      ...each(record(data)?.workers).map(([name, one]) => ({
        name,
        command: record(record(one)?.commands)?.start,
      })),
    ],
  },
];

export function isPlatformFile(name: string): boolean {
  return PLATFORMS.some((platform) => platform.name.test(name));
}

export function readPlatform(project: ProjectFiles, file: string): Said {
  const platform = PLATFORMS.find(({ name }) => name.test(fileName(file)));
  const text = project.read(file) ?? '';
  const data = file.endsWith('.toml') ? parseToml(text) : parseYaml(text)?.value;
  const lines = text.split('\n');
  const processes = (platform?.commands(data) ?? []).flatMap(({ name, command, folder }): Process[] => {
    const words = wordsOf(command);
    if (words === undefined) return [];
    const [first = ''] = (typeof words === 'string' ? words : words.join(' ')).split('\n');
    const line = lines.findIndex((text) => text.includes(first.trim()));
    const own = parentFolder(file);
    const place =
      typeof folder === 'string' ? normalisePath(joinFolder(own, folder)).replace(/^\.?\/?$/, '') : own;
    return [
      {
        name,
        command: words,
        folder: place,
        environment: new Map(),
        at: { file, line: Math.max(line, 0) + 1 },
      },
    ];
  });
  return { ...NOTHING, processes };
}
