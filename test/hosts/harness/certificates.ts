/** Certificates as a person would bring them: made by openssl, signed by an authority that only the test trusts. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { succeed } from './processes.ts';

export interface Certificate {
  /** PEM: the certificate, then its chain. */
  chain: string;
  key: string;
  /** PEM of the authority that signed it. */
  authority: string;
}

/** A certificate for these names, with a key on the curve P-256. */
export async function makeCertificate(names: readonly string[]): Promise<Certificate> {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-scaffold-certificate-'));
  const openssl = (...args: string[]) => succeed(['openssl', ...args], { cwd: folder });
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
  try {
    await openssl(
      ...[
        'req',
        '-x509',
        '-days',
        '30',
        '-subj',
        '/CN=Test authority',
        '-out',
        'ca.pem',
        '-keyout',
        'ca.key',
      ],
      ...curve,
    );
    await openssl('req', '-subj', `/CN=${names[0]}`, '-out', 'site.csr', '-keyout', 'site.key', ...curve);
    writeFileSync(join(folder, 'names'), `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`);
    await openssl(
      ...[
        'x509',
        '-req',
        '-days',
        '30',
        '-in',
        'site.csr',
        '-CA',
        'ca.pem',
        '-CAkey',
        'ca.key',
        '-CAcreateserial',
      ],
      ...['-extfile', 'names', '-out', 'site.pem'],
    );
    const text = (name: string) => readFileSync(join(folder, name), 'utf8');
    return { chain: text('site.pem') + text('ca.pem'), key: text('site.key'), authority: text('ca.pem') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
