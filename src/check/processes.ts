/** What the code keeps within one process, where this deployment serves it by several, or by one request at a time. */
import type { Plan, Service } from '../contract/plan.ts';
import { reachedFiles } from '../detect/reached.ts';
import type { Detection } from '../words/detection.ts';
import type { Finding } from '../words/finding.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import type { Evidence } from '../words/value.ts';

/** A line of a file that the app loads. */
interface Line {
  text: string;
  at: Evidence;
  /** The lines of its file, and which of them it is, from 0. */
  file: readonly string[];
  index: number;
}

/** A service, with what it loads. */
interface Loaded {
  service: Service;
  lines: readonly Line[];
}

/** Nothing is said of what no service loads, or of what a condition may keep from happening; of a line once. */
export function processFindings(plan: Plan, project: ProjectFiles, read: Detection | undefined): Finding[] {
  const loaded = plan.services.map((service, index): Loaded => {
    // Of settings, the module of a further service has the name in it.
    const modules = [...(index === 0 ? plan.framework.modules : []), service.upstream.module];
    const files = reachedFiles(project, plan.project.root, modules);
    return { service, lines: files.flatMap((file) => linesOf(project, file)) };
  });
  const found = [
    ...loaded.flatMap(scheduledFindings),
    ...streamFindings(loaded),
    ...loaded.flatMap((one) => systemFindings(plan, one)),
  ];
  const once = new Map(found.map((one) => [`${one.code} ${one.file}:${one.line}`, one]));
  return [...layerFindings(plan, read), ...once.values()];
}

function linesOf(project: ProjectFiles, path: string): Line[] {
  const file = (project.read(path) ?? '').split('\n');
  return file
    .map((text, index) => ({ text, at: { file: path, line: index + 1 }, file, index }))
    .filter(({ text }) => text.length < 1000 && !/^\s*#/.test(text));
}

const finding = (
  code: Finding['code'],
  { file, line }: Evidence,
  message: string,
  remedy: string,
): Finding => ({
  ...{ code, tool: 'project', level: 'error', file, line },
  ...{ message, remedy },
});

/** 0 is by the cores of the host, and never one. */
const hasSeveral = ({ workers }: Service) => workers.count !== 1;

const countOf = ({ workers }: Service) =>
  workers.count === 0 ? 'as many processes as the host has cores for' : `${workers.count} processes`;

/** https://channels.readthedocs.io/en/stable/topics/channel_layers.html#in-memory-channel-layer */
const IN_MEMORY = 'channels.layers.InMemoryChannelLayer';

function layerFindings({ services }: Plan, read: Detection | undefined): Finding[] {
  const layer = read?.facts['channel-layer'];
  const [place] = layer?.kind === 'known' && layer.value === IN_MEMORY ? layer.from : [];
  const [own] = services;
  if (place === undefined || own === undefined || (services.length === 1 && !hasSeveral(own))) return [];
  const message = `this channel layer is in the memory of one process, and ${services.length === 1 ? `${countOf(own)} serve the app` : 'several services are of one site'}: a message reaches only the visitors of the process that sent it`;
  const remedy = `Take channels_redis.core.RedisChannelLayer${services.length === 1 ? ', or give --workers 1' : ''}.`;
  return [finding('layer-in-memory', place, message, remedy)];
}

const SCHEDULER =
  /^\s*(?:self\.)?(\w+)\s*(?::[^=]*)?=\s*(?:\w+\.)*(?:BackgroundScheduler|AsyncIOScheduler|GeventScheduler|APScheduler)\(/;

/** They see to it that only one of the processes starts it, or none on the host. */
const GUARD = /environ|getenv|settings|config|\block|debug/i;
const LOCKS = /\bflock\(|\blockf\(|FileLock|advisory_lock|redlock/i;

/** APScheduler, started by each process. https://apscheduler.readthedocs.io/en/3.x/faq.html#how-do-i-share-a-single-job-store-among-one-or-more-worker-processes */
function scheduledFindings({ service, lines }: Loaded): Finding[] {
  if (!hasSeveral(service)) return [];
  const names = new Set(lines.flatMap(({ text }) => SCHEDULER.exec(text)?.[1] ?? []));
  const start = lines.find(
    (line) =>
      names.has(/^\s*(?:self\.)?(\w+)\.start\(/.exec(line.text)?.[1] ?? '') &&
      !line.file.some((one) => LOCKS.test(one)) &&
      !around(line).some((header) => GUARD.test(header) || /__name__/.test(header)),
  );
  if (start === undefined) return [];
  const message = `this starts a scheduler in each process, and there are ${countOf(service)}: every job is done as many times`;
  const remedy =
    'Start it in a process of its own, with --background NAME=COMMAND, or give --workers 1 and more --threads.';
  return [finding('scheduler-repeated', start.at, message, remedy)];
}

/** The headers of the blocks that a line lies in, the innermost first. */
function around({ file, index, text }: Line): string[] {
  const indent = (one: string) => one.length - one.trimStart().length;
  const headers: string[] = [];
  let depth = indent(text);
  for (let at = index - 1; at >= 0 && depth > 0; at--) {
    const line = file[at] ?? '';
    if (line.trim() === '' || indent(line) >= depth) continue;
    headers.push(line);
    depth = indent(line);
  }
  return headers;
}

/** As the type of an answer: a client that asks for one says so otherwise. */
const STREAM =
  /\b(?:mimetype|content_type|media_type)\s*=\s*["']text\/event-stream|["']content-type["']\s*\]?\s*[:=,]\s*["']text\/event-stream/i;

const cutsStreams = ({ upstream, appServer }: Service) =>
  upstream.interface === 'wsgi' && appServer.endsSlowRequests;

/** What another service loads too may be served by that one. https://html.spec.whatwg.org/multipage/server-sent-events.html */
function streamFindings(loaded: readonly Loaded[]): Finding[] {
  const streamsOf = ({ lines }: Loaded) => lines.filter(({ text }) => STREAM.test(text)).map(({ at }) => at);
  const place = ({ file, line }: Evidence) => `${file}:${line}`;
  const served = loaded.filter(({ service }) => !cutsStreams(service)).flatMap(streamsOf);
  return loaded
    .filter(({ service }) => cutsStreams(service))
    .flatMap((one) => {
      const stream = streamsOf(one).find((at) => !served.some((other) => place(other) === place(at)));
      return stream === undefined ? [] : [streamFinding(one.service, stream)];
    });
}

function streamFinding({ appServer, timeouts }: Service, at: Evidence): Finding {
  const message = `this answers with an event stream, and a process of ${appServer.title} serves one request at a time: each visitor who listens takes one from all others, and is cut off after ${timeouts.worker} seconds`;
  const remedy =
    'Give --interface asgi if the app can be served so; otherwise --threads with as many as listen at once, and have the answer say "X-Accel-Buffering: no".';
  return finding('stream-cut', at, message, remedy);
}

/** What psutil 7 was seen to fail at where /proc has processes alone, and what others read there. https://psutil.readthedocs.io/ */
const OF_SYSTEM =
  /\bpsutil\.(?:cpu_times|cpu_percent|cpu_times_percent|cpu_stats|cpu_freq|virtual_memory|swap_memory|disk_partitions|net_io_counters|net_connections|net_if_stats|boot_time)\(|["']\/proc\/(?:meminfo|stat|cpuinfo|loadavg|uptime)["']/;

function systemFindings({ processManager }: Plan, { service, lines }: Loaded): Finding[] {
  const isOpen = service.loosened.some(({ line }) => line === 'ProcSubset=all');
  if (service.upstream.inside !== null || processManager.readsSystem || isOpen) return [];
  const line = lines.find(({ text }) => OF_SYSTEM.test(text));
  if (line === undefined) return [];
  const message =
    'this reads how the host is doing, and the sandbox shows the app processes alone: it raises FileNotFoundError';
  return [finding('system-hidden', line.at, message, 'Give --sandbox ProcSubset=all.')];
}
