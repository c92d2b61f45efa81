/**
 * Findings in the format of code scanners, for forges and editors:
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
 */
import type { Log, ReportingDescriptor, Result } from 'sarif';
import { DIAGNOSTICS } from '../words/diagnostics.ts';
import type { Finding } from '../words/finding.ts';

/** What could not be checked is not a fault of the files. */
const LEVELS = { error: 'error', warning: 'warning', unchecked: 'note' } as const;

/**
 * A SARIF log of one run.
 *
 * @param version This program's.
 * @param otherwise The file at which to show what is about none: forges want a place for each result.
 */
export function sarif(findings: readonly Finding[], version: string, otherwise: string): Log {
  return {
    version: '2.1.0',
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    runs: [
      {
        tool: { driver: { name: 'deploy-scaffold', version, rules: rules(findings) } },
        results: findings.map((finding) => result(finding, otherwise)),
      },
    ],
  };
}

/** A rule is a kind of finding; what a tool calls it itself stands in the message. */
function rules(findings: readonly Finding[]): ReportingDescriptor[] {
  return [...new Set(findings.map(({ code }) => code))].sort().map((id) => ({
    id,
    shortDescription: { text: DIAGNOSTICS[id].title },
    fullDescription: { text: DIAGNOSTICS[id].text },
  }));
}

function result(finding: Finding, otherwise: string): Result {
  const { code, tool, level, file, line = 1, message, remedy, accepted } = finding;
  const sentence = /[.!?]$/.test(message) ? message : `${message}.`;
  return {
    ruleId: code,
    properties: { tool },
    level: LEVELS[level],
    message: { text: `${sentence} ${remedy.replaceAll(/ {2,}/g, ' ')}` },
    locations: [
      {
        physicalLocation: {
          artifactLocation: { uri: uriOf(file ?? otherwise) },
          region: { startLine: line },
        },
      },
    ],
    // https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317731
    ...(accepted !== undefined && {
      suppressions: [{ kind: 'external', status: 'accepted', justification: accepted }],
    }),
  };
}

/** A path as a reference: https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html#_Toc34317430 */
function uriOf(path: string): string {
  const uri = path.split('/').map(encodeURIComponent).join('/');
  return path.startsWith('/') ? `file://${uri}` : uri;
}
