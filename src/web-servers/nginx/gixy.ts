/** Has gixy-ng look for known mistakes in nginx's files: https://gixy.getpagespeed.com/ */

import { firstLine } from '../../check/run.ts';
import type { Plan } from '../../contract/plan.ts';
import type { Reading, ToolResult, Validator } from '../../contract/validator.ts';
import type { Finding } from '../../words/finding.ts';
import { nginxRisk } from './check.ts';
import { configuration, STAGED_MAIN } from './stage.ts';

/** What gixy-ng says, as far as it is used. */
export interface GixyFinding {
  plugin: string;
  summary: string;
  severity: string;
  reason: string;
  file: string;
  line: number;
}

/** Findings that are wrong here, each with the reason; anything else counts. */
const WRONG: readonly { plugin: string; summary: RegExp; why: string; where?: (plan: Plan) => boolean }[] = [
  {
    plugin: 'hsts_header',
    summary: /Missing HSTS/,
    where: ({ tls }) => tls.hsts === '',
    why: 'the answers want no HSTS, or there is no HTTPS here that it could be promised for',
  },
  {
    // https://gixy.getpagespeed.com/checks/hsts-header/
    plugin: 'hsts_header',
    summary: /max-age too short/,
    why: 'a new site starts with minutes, so that a mistake can be taken back; a person raises it by an answer',
  },
  {
    // https://gixy.getpagespeed.com/checks/ssl-ecdh-curve/
    plugin: 'ssl_ecdh_curve',
    summary: /post-quantum/,
    why: "it fears an OpenSSL below 3.5; the plan knows the host's",
  },
];

/** Why a finding does not count; undefined where it does. */
export const whyWrong = ({ plugin, summary }: GixyFinding, plan: Plan) =>
  WRONG.find(
    (wrong) => wrong.plugin === plugin && wrong.summary.test(summary) && wrong.where?.(plan) !== false,
  )?.why;

/** What gixy-ng wrote as JSON; undefined where it wrote none. */
export function gixyFindings(output: string): GixyFinding[] | undefined {
  // Warnings may stand before it, such as "[warning] …".
  const start = output.search(/^\[\s*(?:\{|\])/m);
  if (start === -1) return undefined;
  try {
    return JSON.parse(output.slice(start)) as GixyFinding[];
  } catch {
    return undefined;
  }
}

/** gixy-ng over the files as nginx reads them. It knows nothing of versions of nginx, so its own does not matter. */
export const gixyAccepts: Validator = {
  tool: 'gixy',
  checks: "whether nginx's files have a known weakness",
  package: 'gixy-ng',
  from: 'PyPI',
  oftenIn: ['.venv/bin', 'venv/bin'],
  risk: nginxRisk,

  prepare(context) {
    const files = configuration(context);
    if (files === undefined) return undefined;
    return { files, command: [context.tool, '--format', 'json', STAGED_MAIN] };
  },

  read: readGixy,
};

function readGixy(result: ToolResult, context: Reading): Finding[] {
  const found = gixyFindings(result.stdout);
  if (found === undefined)
    return [
      {
        ...{ code: 'tool-failed', tool: 'gixy', level: 'unchecked' },
        message: `gixy does not work here: ${firstLine(result)}`,
        remedy: 'Run it by hand.',
      },
    ];
  return found.flatMap((one): Finding[] => {
    const file = context.locate(one.file);
    if (file === undefined || whyWrong(one, context.plan) !== undefined) return [];
    return [
      {
        ...{ code: 'gixy-warns', tool: 'gixy', level: 'warning', file, line: one.line },
        message: `${one.summary}${one.reason === '' ? '' : `: ${context.clean(one.reason)}`} (${one.plugin})`,
        remedy: `See https://gixy.getpagespeed.com/checks/${one.plugin.replaceAll('_', '-')}/`,
      },
    ];
  });
}
