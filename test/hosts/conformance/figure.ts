/** Both problems of a development server as a small picture, drawn from what was measured in P1 and P2. */
import type { StackResults } from './results.ts';

interface Bar {
  what: string;
  value: number;
  shown: string;
  /** The deployed stack's, not the development server's. */
  ours: boolean;
}

const WIDTH = 720;
const LABELS = 340;
const LONGEST = 290;
const BAR = 22;
const STEP = 30;

/**
 * SVG for the README. It brings its own background, so that it can be read on a light and on a dark page alike.
 * https://developer.mozilla.org/docs/Web/CSS/@media/prefers-color-scheme
 */
export function problemsFigure(stacks: readonly StackResults[]): string {
  const stack = stacks.find((each) => series(each, 'P1') !== undefined && series(each, 'P2') !== undefined);
  const [times, requests] = [stack && series(stack, 'P1'), stack && series(stack, 'P2')];
  if (stack === undefined || times === undefined || requests === undefined)
    throw new Error('no stack has figures of both P1 and P2: npm test');
  const [slow, asked] = [value(times, 'stack, busy', 'slow'), value(requests, 'stack', 'asked')];
  const waits: Bar[] = (['development server', 'stack'] as const).flatMap((server) =>
    (['idle', 'busy'] as const).map((state) => {
      const ms = value(times, `${server}, ${state}`, 'p50');
      const load = state === 'idle' ? 'idle' : `making ${slow} slow documents`;
      return { what: `${NAMES[server]}, ${load}`, value: ms, shown: duration(ms), ours: server === 'stack' };
    }),
  );
  const reached: Bar[] = (['development server', 'stack'] as const).map((server) => {
    const count = value(requests, server, 'reached');
    return { what: NAMES[server], value: count, shown: `${count} of ${asked}`, ours: server === 'stack' };
  });
  const [first, second] = [
    panel('How long a visitor of GET / waits (median)', waits, 56),
    56 + 42 + waits.length * STEP,
  ];
  const height = second + 30 + reached.length * STEP + 40;
  const end = height - 16;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title">
<title id="title">${NAMES['development server']} and ${NAMES.stack}: ${[...waits, ...reached].map(({ what, shown }) => `${what}: ${shown}`).join('; ')}</title>
<style>
svg { font: 13px system-ui, -apple-system, "Segoe UI", sans-serif; }
.page { fill: #ffffff; stroke: #d0d7de; }
.title { font-weight: 600; fill: #1f2328; }
.text { fill: #1f2328; }
.faint { fill: #59636e; font-size: 12px; }
.theirs { fill: #bc4c00; }
.ours { fill: #1a7f37; }
@media (prefers-color-scheme: dark) {
.page { fill: #151b23; stroke: #3d444d; }
.title, .text { fill: #f0f6fc; }
.faint { fill: #9198a1; }
.theirs { fill: #f0883e; }
.ours { fill: #3fb950; }
}
</style>
<rect class="page" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>
${first}
${panel(`Requests for an asset that reached Python`, reached, second)}
<text class="faint" x="20" y="${end - 18}">${escaped(`Deployed: ${stack.title}, on ${stack.target}, over ${stack.tls === 'none' ? 'http' : 'https'}.`)}</text>
<text class="faint" x="20" y="${end}">Development server: the framework's own, one request at a time, on the same host in the same run, over http.</text>
</svg>
`;
}

const NAMES = { 'development server': 'development server', stack: 'deployed' } as const;

function panel(title: string, bars: readonly Bar[], top: number): string {
  const most = Math.max(...bars.map(({ value }) => value));
  const lines = bars.map(({ what, value, shown, ours }, index) => {
    const y = top + index * STEP;
    const width = Math.max(2, (value / most) * LONGEST);
    return `<text class="text" x="${LABELS}" y="${y + 15}" text-anchor="end">${escaped(what)}</text>
<rect class="${ours ? 'ours' : 'theirs'}" x="${LABELS + 12}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="3"/>
<text class="text" x="${(LABELS + 20 + width).toFixed(1)}" y="${y + 15}">${escaped(shown)}</text>`;
  });
  return `<text class="title" x="20" y="${top - 18}">${escaped(title)}</text>\n${lines.join('\n')}`;
}

const series = (stack: StackResults, id: string) => {
  const row = stack.rows.find((one) => one.id === id);
  const figures = row !== undefined && 'figures' in row ? row.figures : {};
  return Object.keys(figures).length > 0 ? figures : undefined;
};

function value(figures: Record<string, Record<string, number>>, name: string, key: string): number {
  const found = figures[name]?.[key];
  if (found === undefined) throw new Error(`there is no "${key}" of "${name}" among the figures`);
  return found;
}

function duration(ms: number): string {
  return ms < 1000 ? `${ms.toFixed(ms < 10 ? 1 : 0)} ms` : `${(ms / 1000).toFixed(1)} s`;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => ENTITIES[sign] ?? sign);
