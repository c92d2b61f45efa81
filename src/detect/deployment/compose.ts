/** A compose file: the services that are built from the project, and what runs beside. https://docs.docker.com/reference/compose-file/ */
import { type Account, NOTHING, type Process, type Said } from '../../contract/earlier.ts';
import { joinFolder, parentFolder } from '../../evaluate/modules.ts';
import { record } from '../../formats/documents.ts';
import { parseYaml } from '../../formats/yaml.ts';
import { normalisePath } from '../../words/paths.ts';
import type { ProjectFiles } from '../../words/project-files.ts';
import type { Evidence } from '../../words/value.ts';
import { account, fateOf, known, partsOf, variablesAccount } from './accounts.ts';
import { readDockerfile } from './dockerfile.ts';

type Table = Record<string, unknown>;

/** What becomes of a service's keys. https://docs.docker.com/reference/compose-file/services/ */
const SERVICE = known(
  {
    taken: 'build command entrypoint image',
    decided: `annotations attach container_name depends_on develop dns dns_opt dns_search domainname expose external_links
      healthcheck hostname init ipc labels links logging mac_address network_mode networks platform ports pull_policy
      read_only restart runtime stdin_open tty user working_dir profiles volumes_from isolation use_api_socket`,
    environment: 'environment env_file secrets configs credential_spec',
    limits: `blkio_config cap_add cap_drop cgroup cgroup_parent cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period
      cpu_rt_runtime cpu_shares cpus cpuset deploy device_cgroup_rules devices gpus group_add mem_limit mem_reservation
      mem_swappiness memswap_limit oom_kill_disable oom_score_adj pid pids_limit privileged scale security_opt shm_size
      storage_opt sysctls tmpfs ulimits userns_mode uts stop_signal stop_grace_period`,
    beside: 'volumes extra_hosts models provider',
    releases: 'post_start pre_stop',
    missing: 'extends',
  },
  { decided: /^x-/ },
);

/** What becomes of the keys of the file. */
const TOP = known(
  { taken: 'services', decided: 'version name volumes networks secrets configs models', missing: 'include' },
  { decided: /^x-/ },
);

/** Images whose work the host's own web server does from now on. */
const WEB_SERVER = /(?:^|\/)(?:nginx|httpd|caddy|traefik|haproxy|certbot|nginx-proxy|acme-companion)$/;

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
  const accounts: Account[] = Object.keys(record(document?.value) ?? {}).map((key) =>
    account(key, key, { file, line: document?.lineOfKey([key]) ?? 1 }, fateOf(TOP, key)),
  );
  for (const [name, value] of Object.entries(services)) {
    const service = record(value);
    const at = { file, line: document?.lineOfKey(['services', name]) ?? 1 };
    const build = buildOf(service) ?? built.get(textOf(service?.image) ?? '');
    if (!service || !build) {
      const image = textOf(service?.image);
      if (image !== undefined) images.push({ name: image, at });
      const said = besideOf(name, image, at);
      const keys = Object.keys(service ?? {}).map((key) => ({
        name: key,
        at: { file, line: document?.lineOfKey(['services', name, key]) ?? at.line },
      }));
      accounts.push(said, ...partsOf(said, keys));
      continue;
    }
    const context = below(parentFolder(file), textOf(build.context) ?? '.');
    const dockerfile = below(context, textOf(build.dockerfile) ?? 'Dockerfile');
    const image = project.list().includes(dockerfile)
      ? readDockerfile(project, dockerfile, context)
      : undefined;
    const environment = new Map([...(image?.environment ?? []), ...variables(service.environment)]);
    const lineOf = (key: string) => ({ file, line: document?.lineOfKey(['services', name, key]) ?? at.line });
    const own = inProject(wordsOf(service.command) ?? wordsOf(service.entrypoint), image?.fileAt);
    const commands =
      own === undefined
        ? (image?.processes ?? [])
        : [
            {
              command: own,
              folder: image?.folder ?? context,
              at: lineOf(wordsOf(service.command) === undefined ? 'entrypoint' : 'command'),
            },
          ];
    const isStarted = commands.length > 0;
    accounts.push(
      account(
        name,
        isStarted ? name : `${name} is built from ${context || '.'}`,
        at,
        isStarted ? 'taken' : 'processes',
      ),
    );
    const copies = service.scale ?? record(service.deploy)?.replicas;
    const kept = commands.length === 1;
    processes.push(
      ...commands.map((one) => ({
        ...{ ...one, name, environment, kept },
        ...(typeof copies === 'number' && {
          copies: {
            count: copies,
            said: account(
              'replicas',
              `replicas: ${copies}`,
              lineOf(service.scale === undefined ? 'deploy' : 'scale'),
              'taken',
            ),
          },
        }),
        ...endingOf(service.stop_grace_period, lineOf('stop_grace_period')),
      })),
    );
    for (const [key, value] of Object.entries(service)) {
      const isBefore = key === 'entrypoint' && wordsOf(service.command) !== undefined;
      const text = `${name}: entrypoint ${[wordsOf(value) ?? ''].flat().join(' ')}`;
      if (isBefore) accounts.push(account(key, text, lineOf(key), 'releases'));
      else accounts.push(...accountsOf(name, key, value, lineOf(key)));
    }
  }
  return { ...NOTHING, processes, images, accounts };
}

/** What becomes of a key of a service that is built from the project. */
function accountsOf(service: string, key: string, value: unknown, at: Evidence): Account[] {
  const fate = fateOf(SERVICE, key);
  if (key === 'environment')
    return [
      variablesAccount(
        key,
        `${service}: `,
        variables(value).map(([name]) => name),
        at,
      ),
    ];
  if (key === 'stop_grace_period') return [];
  if (key === 'deploy') {
    const parts = Object.keys(record(value) ?? {}).filter(
      (part) => !/^(?:replicas|mode|update_config|restart_policy)$/.test(part),
    );
    return [
      account(
        key,
        `${service}: ${parts.map((part) => `deploy.${part}`).join(', ')}`,
        at,
        parts.length > 0 ? fate : 'decided',
      ),
    ];
  }
  // The code itself, mounted for a developer, says nothing.
  const plain = [value].flat().filter((one) => key !== 'volumes' || !/^\.\/?:/.test(String(textOf(one))));
  if (plain.length === 0) return [account(key, key, at, 'decided')];
  const isShort =
    plain.length <= 4 && plain.every((one) => typeof one === 'string' || typeof one === 'number');
  const shown = isShort && fate !== 'taken' ? `${service}: ${key} ${plain.join(', ')}` : `${service}: ${key}`;
  return [account(key, shown, at, fate)];
}

/** A service that is not built from the project. */
function besideOf(name: string, image: string | undefined, at: Evidence): Account {
  const program = image?.split('@')[0]?.replace(/:[^/]*$/, '') ?? '';
  if (WEB_SERVER.test(program)) return account(name, name, at, 'decided');
  return account(name, image === undefined ? `the service ${name}` : `${name} runs ${image}`, at, 'beside');
}

/** A script that the image has somewhere else, where the project has it. */
function inProject(
  words: string | string[] | undefined,
  fileAt: ((path: string) => string | undefined) | undefined,
): string | string[] | undefined {
  const [first = '', ...rest] = typeof words === 'string' ? words.split(' ') : (words ?? []);
  const file = first.startsWith('/') ? fileAt?.(first) : undefined;
  if (file === undefined) return words;
  return typeof words === 'string' ? [file, ...rest].join(' ') : [file, ...rest];
}

/** https://docs.docker.com/reference/compose-file/extension/#specifying-durations */
function endingOf(value: unknown, at: Evidence): Pick<Process, 'ending'> {
  const [, hours = 0, minutes = 0, seconds = 0] =
    /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(textOf(value) ?? '') ?? [];
  const said = account('stop_grace_period', `stop_grace_period ${textOf(value) ?? ''}`, at, 'taken');
  const total = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return value === undefined ? {} : { ending: { seconds: total, said } };
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
