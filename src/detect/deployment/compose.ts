/** A compose file: the services that are built from the project, and what runs beside. https://docs.docker.com/reference/compose-file/ */
import { NOTHING, type Process, type Said } from '../../contract/earlier.ts';
import { joinFolder, parentFolder } from '../../evaluate/modules.ts';
import { record } from '../../formats/documents.ts';
import { parseYaml } from '../../formats/yaml.ts';
import { normalisePath } from '../../words/paths.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import { readDockerfile } from './dockerfile.ts';

type Table = Record<string, unknown>;

export function readCompose(project: ProjectFiles, file: string): Said {
  const document = parseYaml(project.read(file) ?? '');
  const services = record(record(document?.value)?.services) ?? {};
  // An image that one service builds is what others run as well.
  const built = new Map(
    Object.values(services).flatMap((value): [string, Table][] => {
      const [build, image] = [buildOf(record(value)), record(value)?.image];
      return build !== undefined && typeof image === 'string' ? [[image, build]] : [];
    }),
  );
  const processes: Process[] = [];
  const images: NonNullable<Said['images']> = [];
  for (const [name, value] of Object.entries(services)) {
    const service = record(value);
    if (!service) continue;
    const at = { file, line: document?.lineOf(['services', name]) ?? 1 };
    const build = buildOf(service) ?? built.get(textOf(service.image) ?? '');
    if (!build) {
      if (typeof service.image === 'string') images.push({ name: service.image, at });
      continue;
    }
    const context = below(parentFolder(file), textOf(build.context) ?? '.');
    const dockerfile = below(context, textOf(build.dockerfile) ?? 'Dockerfile');
    const image = project.list().includes(dockerfile)
      ? readDockerfile(project, dockerfile, context)
      : undefined;
    const environment = new Map([...(image?.environment ?? []), ...variables(service.environment)]);
    const line = document?.lineOf(['services', name, 'command']);
    const own = wordsOf(service.command) ?? wordsOf(service.entrypoint);
    const commands =
      own === undefined
        ? (image?.processes ?? [])
        : [{ command: own, folder: image?.folder ?? context, at: { file, line: line ?? at.line } }];
    // A script that the image has somewhere else is read where the project has it.
    const kept = own !== undefined && !own[0]?.startsWith('/');
    processes.push(...commands.map((one) => ({ ...one, name, environment, kept })));
  }
  return { ...NOTHING, processes, images };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function buildOf(service: Table | undefined): Table | undefined {
  return typeof service?.build === 'string' ? { context: service.build } : record(service?.build);
}

export function wordsOf(value: unknown): string | string[] | undefined {
  if (typeof value === 'string') return value.replaceAll('$$', '$');
  const isPlain = (one: unknown) => ['string', 'number', 'boolean'].includes(typeof one);
  return Array.isArray(value) && value.every(isPlain) ? value.map(String) : undefined;
}

/** A map, or a list of "NAME=value". */
function variables(value: unknown): [string, string][] {
  if (Array.isArray(value))
    return value.flatMap((one) => {
      const [, name, text] = /^(\w+)=(.*)$/s.exec(textOf(one) ?? '') ?? [];
      return name === undefined ? [] : [[name, text ?? ''] as [string, string]];
    });
  return Object.entries(record(value) ?? {}).flatMap(([name, text]) =>
    text === null || typeof text === 'object' ? [] : [[name, String(text)]],
  );
}

function below(folder: string, path: string): string {
  const joined = normalisePath(joinFolder(folder, path));
  return joined === '.' ? '' : joined;
}
