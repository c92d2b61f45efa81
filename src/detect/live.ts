/** Connections that stay open, told by the calls and names that make them: they are to be passed on, and not cut off. */

import { isWithin } from '../evaluate/modules.ts';
import type { ProjectFiles } from '../words/project-files.ts';
import type { Evidence, Value } from '../words/value.ts';
import { isAside } from './entry-files.ts';

/** In code that a comment or a text does not merely mention, as far as one line tells. */
const WEBSOCKETS = [
  // https://channels.readthedocs.io/en/stable/topics/routing.html
  /^[^#]*["']websocket["']\s*:/,
  // https://fastapi.tiangolo.com/advanced/websockets/, https://www.starlette.io/websockets/
  /^\s*@[\w.]+\.(?:websocket|websocket_route)\(/,
  /^[^#"']*\b(?:WebSocketRoute|add_(?:api_)?websocket_route)\(/,
  // https://flask-socketio.readthedocs.io/, https://python-socketio.readthedocs.io/, https://flask-sock.readthedocs.io/
  /^[^#"']*\b(?:SocketIO|Sock|AsyncServer)\(/,
  /^[^#"']*\bsocketio\.Server\(/,
] as const;

const EVENT_STREAMS = [/^[^#]*["']text\/event-stream/, /^[^#"']*\bEventSourceResponse\(/] as const;

/** Each with the first places that show it. */
export type LiveFacts = Record<'websocket' | 'event-streams', Extract<Value<boolean>, { kind: 'known' }>>;

/** Whether the code below a folder holds WebSockets or event streams open. */
export function liveFacts(project: ProjectFiles, root: string): LiveFacts {
  const files = project
    .list()
    .filter((file) => file.endsWith('.py') && isWithin(file, root) && !isAside(file));
  return {
    websocket: told(project, files, WEBSOCKETS),
    'event-streams': told(project, files, EVENT_STREAMS),
  };
}

function told(
  project: ProjectFiles,
  files: readonly string[],
  patterns: readonly RegExp[],
): LiveFacts['websocket'] {
  const from: Evidence[] = [];
  for (const file of files) {
    const text = project.read(file) ?? '';
    // Cheap, before looking at each line.
    if (!/[Ss]ock|event-stream|EventSource|AsyncServer/.test(text)) continue;
    const line = text.split('\n').findIndex((one) => patterns.some((pattern) => pattern.test(one)));
    if (line !== -1) from.push({ file, line: line + 1 });
  }
  return { kind: 'known', value: from.length > 0, from: from.slice(0, 4) };
}
