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

const KEYS = {
  ec: ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'],
  rsa: ['-newkey', 'rsa:2048', '-nodes'],
};

/** A certificate for these names; its key is on the curve P-256, or RSA with 2048 bits. */
export async function makeCertificate(
  names: readonly string[],
  key: keyof typeof KEYS = 'ec',
): Promise<Certificate> {
  const folder = mkdtempSync(join(tmpdir(), 'deploy-scaffold-certificate-'));
  const openssl = (...args: string[]) => succeed(['openssl', ...args], { cwd: folder });
  try {
    await openssl(
      ...[
        'req',
        '-x509',
        '-days',
        '90',
        '-subj',
        '/CN=Test authority',
        '-out',
        'ca.pem',
        '-keyout',
        'ca.key',
      ],
      ...KEYS.ec,
    );
    await openssl('req', '-subj', `/CN=${names[0]}`, '-out', 'site.csr', '-keyout', 'site.key', ...KEYS[key]);
    writeFileSync(join(folder, 'names'), `subjectAltName=${names.map((name) => `DNS:${name}`).join(',')}\n`);
    await openssl(
      ...[
        'x509',
        '-req',
        '-days',
        '90',
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
