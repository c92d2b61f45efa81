/** Which object servers load, and by which interface. */
import type { LiveFacts } from '../../detect/live.ts';
import { knownValue } from '../../detect/settings.ts';
import { evidenceOf } from '../../evaluate/alternatives.ts';
import { dottedName } from '../../evaluate/modules.ts';
import { only } from '../../evaluate/run.ts';
import type { Evidence, Value } from '../../words/value.ts';
import type { Entries, EntryModule } from './entry.ts';
import type { Settings } from './module.ts';
import { has } from './settings.ts';

interface App {
  app: Value<string>;
  interface: Value<'wsgi' | 'asgi'>;
  from: Evidence[];
}

/** https://channels.readthedocs.io/en/stable/installation.html */
const ASGI_APPS = ['channels', 'daphne', 'channels.apps.ChannelsConfig', 'daphne.apps.DaphneConfig'];

/** ASGI, where the project needs it (Channels); otherwise what a server was started with, then WSGI. */
export function chooseApp(entries: Entries, settings: Settings, { websocket }: LiveFacts): App {
  const wsgi = entryPoint(entries, settings, 'wsgi', 'WSGI_APPLICATION');
  const asgi = entryPoint(entries, settings, 'asgi', 'ASGI_APPLICATION');
  const apps = settings.read('INSTALLED_APPS');
  const needs = ASGI_APPS.find((name) => only(has(apps, name), 'bool')?.v === true);
  // A routing of Channels' with WebSockets, whatever the app is called among the installed ones: WSGI has none.
  const sockets = websocket.value ? websocket.from : [];
  // Where the live paths were a process of their own, the pages were another.
  const isApart =
    entries.apart.includes(asgi?.app ?? '') && (entries.started.length > 0 || wsgi !== undefined);
  const chosen =
    (needs !== undefined || sockets.length > 0) && asgi && !isApart
      ? asgi
      : (startedApp(entries) ?? wsgi ?? asgi);
  if (!chosen) {
    const because = 'the project has no wsgi.py or asgi.py with an application in it';
    const from = entries.manage ? [{ file: entries.manage.file, line: 1 }] : [];
    return { app: { kind: 'unknown', because, from }, interface: { kind: 'unknown', because, from }, from };
  }
  const reason = chosen !== asgi ? [] : needs !== undefined ? evidenceOf(has(apps, needs)) : sockets;
  return {
    app: knownValue(chosen.app, chosen.from),
    interface: knownValue(chosen.kind, [...reason, ...chosen.from]),
    from: chosen.from,
  };
}

interface EntryPoint {
  kind: 'wsgi' | 'asgi';
  app: string;
  from: Evidence[];
}

function startedApp({ started, roots, evaluate }: Entries): EntryPoint | undefined {
  const [first] = started;
  if (first === undefined) return undefined;
  const { file, name, start } = first;
  const module = evaluate.module(file);
  const object = [name, 'application', 'app'].find(
    (one) => one !== undefined && module?.get(one) !== undefined,
  );
  if (object === undefined) return undefined;
  const kind = start.interface ?? (file.endsWith('asgi.py') ? 'asgi' : 'wsgi');
  return { kind, app: `${dottedName(roots, file)}:${object}`, from: [{ file, line: 1 }, start.at] };
}

/** The object that the setting names, if the project has its module; otherwise the nearest wsgi.py or asgi.py. */
function entryPoint(
  entries: Entries,
  settings: Settings,
  kind: 'wsgi' | 'asgi',
  setting: string,
): EntryPoint | undefined {
  const own: EntryModule | undefined = entries.modules.find((module) => module.kind === kind);
  const value = settings.read(setting);
  const dotted = only(value, 'str')?.v;
  const at = dotted?.lastIndexOf('.') ?? -1;
  const file =
    dotted === undefined || at === -1 ? undefined : entries.evaluate.locate(dotted.slice(0, at))?.file;
  if (dotted !== undefined && file !== undefined) {
    // Channels 2 named a routing module here, which sets up no Django: asgi.py is what a server runs.
    if (own && kind === 'asgi' && file !== own.file && !file.endsWith('asgi.py')) return own;
    const name = dotted.slice(at + 1);
    if (entries.evaluate.module(file)?.get(name)) {
      return { kind, app: `${dottedName(entries.roots, file)}:${name}`, from: evidenceOf(value) };
    }
  }
  return own && { kind: own.kind, app: own.app, from: own.from };
}
