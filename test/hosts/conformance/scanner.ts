/**
 * What testssl.sh finds: it speaks TLS by itself, byte by byte, so that it can offer what no OpenSSL of today has
 * any more, and it knows the hybrid key exchanges. https://testssl.sh/doc/testssl.1.html
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from '../harness/stack.ts';
import { HOST_ADDRESS } from '../harness/visitor.ts';

export interface Scan {
  /** "TLS1_2", as testssl.sh calls them. */
  protocols: string[];
  /** Of TLS 1.2, in OpenSSL's words. */
  ciphers: string[];
  /** Of TLS 1.3. */
  suites: string[];
  /** Key exchanges. */
  groups: string[];
  /** All that it says, by its own names. */
  findings: Record<string, string>;
  /** What it calls critical or high. */
  alarms: string[];
}

const PROTOCOLS = ['SSLv2', 'SSLv3', 'TLS1', 'TLS1_1', 'TLS1_2', 'TLS1_3'];

/** Protocols, each cipher of each, key exchanges, the server's certificate and headers, and known holes. */
const QUESTIONS = ['-p', '-E', '-f', '-S', '-h', '-U'];

/** The test's authorities have no list of certificates that they took back. */
const OF_THE_AUTHORITY = ['cert_revocation'];

export async function scan(stack: Stack): Promise<Scan> {
  const { host, plan } = stack;
  const file = 'scan.json';
  const quiet = ['--quiet', '--color', '0', '--warnings', 'off', '--nodns', 'none', '--overwrite'];
  const place = ['--ip', HOST_ADDRESS[4], '--add-ca', '/mnt/authority.pem', '--jsonfile', `/mnt/${file}`];
  const command = ['testssl', ...quiet, ...place, ...QUESTIONS, `${plan.site.canonical}:443`];
  const { stdout, stderr } = await host.runOutside(command, { seconds: 170 });
  let entries: { id: string; severity: string; finding: string }[];
  try {
    entries = JSON.parse(readFileSync(join(host.folder, file), 'utf8'));
  } catch {
    throw new Error(`testssl.sh found nothing:\n${stdout}${stderr}`);
  }
  const findings = Object.fromEntries(entries.map(({ id, finding }) => [id, finding]));
  const words = (id: string) => findings[id]?.split(' ').filter(Boolean) ?? [];
  return {
    protocols: PROTOCOLS.filter((id) => findings[id]?.startsWith('offered')),
    ciphers: words('supportedciphers_TLS 1_2'),
    suites: words('supportedciphers_TLS 1_3'),
    groups: [...words('FS_KEMs'), ...words('FS_ECDHE_curves')],
    findings,
    alarms: entries
      .filter(({ id, severity }) => /^(CRITICAL|HIGH)$/.test(severity) && !OF_THE_AUTHORITY.includes(id))
      .map(({ id, severity, finding }) => `${id} (${severity}): ${finding}`),
  };
}
