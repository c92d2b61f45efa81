/** T1: what a scanner sees of the handshake, asked with the newest OpenSSL that is at hand. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { systemFolder } from '../../../scripts/provision.mjs';
import { RUNNING, visitorNamespace } from '../harness/leftovers.ts';
import { execute } from '../harness/processes.ts';
import type { Stack } from '../harness/stack.ts';
import { HOST_ADDRESS } from '../harness/visitor.ts';
import type { Row } from './suite.ts';

/** The OpenSSL of the newest target has the curves of all. */
const NEWEST = 'debian-13';

/** Runs openssl in the visitor's network. */
async function openssl(stack: Stack, args: readonly string[]): Promise<string> {
  const system = systemFolder(NEWEST);
  if (system === undefined) throw new Error(`there is no ${NEWEST} system: npm run provision`);
  const namespace = visitorNamespace(stack.host.name);
  const command = ['ip', 'netns', 'exec', namespace, 'chroot', system, '/usr/bin/openssl', ...args];
  const { stdout, stderr } = await execute(command, { input: '', seconds: 10 });
  return stdout + stderr;
}

/** What is agreed on with a client that offers just this, or undefined. */
async function handshake(stack: Stack, ...offer: string[]) {
  const text = await openssl(stack, [
    ...['s_client', '-connect', `${HOST_ADDRESS[4]}:443`, '-servername', stack.plan.site.canonical],
    ...offer,
  ]);
  const cipher = /^(?:New, \S+, Cipher is|\s+Cipher\s+:) (\S+)/m.exec(text)?.[1];
  if (cipher === undefined || cipher === '(NONE)' || cipher === '0000') return undefined;
  return {
    cipher,
    protocol: /^New, (\S+),|^\s*Protocol\s*: (\S+)/m.exec(text)?.[1],
    alpn: /^ALPN protocol: (\S+)/m.exec(text)?.[1],
    text,
  };
}

/** Whether a second visit goes on with the session of the first. */
async function resumes(stack: Stack, protocol: string): Promise<boolean> {
  const { name } = stack.host;
  const session = join(RUNNING, name, `session-${protocol}`);
  const visit = async (...args: string[]) => {
    const command = ['ip', 'netns', 'exec', visitorNamespace(name), 'openssl', 's_client', `-${protocol}`]
      .concat('-connect', `${HOST_ADDRESS[4]}:443`, '-servername', stack.plan.site.canonical, '-ign_eof')
      .concat(args);
    const input = `GET / HTTP/1.1\r\nHost: ${stack.plan.site.canonical}\r\nConnection: close\r\n\r\n`;
    return (await execute(command, { input, seconds: 10 })).stdout;
  };
  await visit('-sess_out', session);
  return existsSync(session) && /^Reused, /m.test(await visit('-sess_in', session));
}

/** Of Mozilla's guideline 6.0; the profile's own table, not the plan's. */
const PROFILES = {
  modern: { protocols: ['tls1_3'], ciphers: [] as string[] },
  intermediate: {
    protocols: ['tls1_2', 'tls1_3'],
    ciphers: [
      ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256', 'ECDHE-ECDSA-AES256-GCM-SHA384'],
      ...['ECDHE-RSA-AES256-GCM-SHA384', 'ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
    ],
  },
};
const SUITES_13 = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];
const CURVES = ['X25519', 'prime256v1', 'secp384r1'];
/** OpenSSL from 3.5. */
const HYBRID = 'X25519MLKEM768';
const REFUSED_CURVES = ['secp521r1', 'X448', 'brainpoolP256r1'];

export const tlsRows: Row[] = [
  {
    id: 'T1',
    lines: /ssl_|http2|Strict-Transport/,
    async prove({ stack, note }) {
      const { tls } = stack.plan;
      const profile = PROFILES[tls.profile as keyof typeof PROFILES];
      const old = ['-cipher', 'ALL:@SECLEVEL=0'];
      const protocols: string[] = [];
      for (const version of ['tls1', 'tls1_1', 'tls1_2', 'tls1_3'])
        if ((await handshake(stack, `-${version}`, ...old)) !== undefined) protocols.push(version);
      expect(protocols, 'protocols').toEqual(profile.protocols);

      const known = (await openssl(stack, ['ciphers', '-tls1_2', '-s', 'ALL:@SECLEVEL=0'])).trim().split(':');
      const ciphers: string[] = [];
      for (const cipher of known.filter((name) => !name.startsWith('TLS_'))) {
        const agreed = await handshake(stack, '-tls1_2', '-cipher', `${cipher}:@SECLEVEL=0`);
        if (agreed !== undefined) ciphers.push(agreed.cipher);
      }
      // The certificate's key is on an elliptic curve, so those for RSA keys cannot be agreed on.
      const possible = profile.ciphers.filter((cipher) => cipher.includes('ECDSA'));
      expect(ciphers.sort(), `TLS 1.2, ${known.length} offered`).toEqual(possible.sort());
      for (const suite of SUITES_13)
        expect((await handshake(stack, '-tls1_3', '-ciphersuites', suite))?.cipher, suite).toBe(suite);

      const { stdout } = await stack.host.run('openssl', 'version');
      const hybrid = /OpenSSL (\d+\.\d+)/.exec(stdout)?.[1] ?? '';
      const wanted = [...(hybrid >= '3.5' ? [HYBRID] : []), ...CURVES];
      const curves: string[] = [];
      for (const curve of [HYBRID, ...CURVES, ...REFUSED_CURVES])
        if ((await handshake(stack, '-tls1_3', '-groups', curve)) !== undefined) curves.push(curve);
      expect(curves, `curves, ${stdout.trim()}`).toEqual(wanted);

      // The client knows its own hardware: of two, its first is taken.
      for (const [first, second] of [
        [SUITES_13[0], SUITES_13[2]],
        [SUITES_13[2], SUITES_13[0]],
      ]) {
        const agreed = await handshake(stack, '-tls1_3', '-ciphersuites', `${first}:${second}`);
        expect(agreed?.cipher, 'the client chooses').toBe(first);
      }

      for (const protocol of protocols)
        expect(await resumes(stack, protocol), `a session over ${protocol} is resumed`).toBe(true);

      expect((await handshake(stack, '-alpn', 'h2,http/1.1'))?.alpn, 'HTTP/2').toBe('h2');
      expect((await handshake(stack, '-alpn', 'http/1.1'))?.alpn).toBe('http/1.1');
      const second = await stack.fetch('/', { http2: true });
      expect([second.status, second.text.length > 0]).toEqual([200, true]);

      const paths = { app: '/', asset: stack.site.asset, missing: '/no-such-page' };
      for (const [what, path] of Object.entries(paths)) {
        const { headerPairs } = await stack.fetch(path);
        const sent = headerPairs.filter(([name]) => name === 'strict-transport-security');
        expect(sent, `HSTS of ${what}`).toEqual([['strict-transport-security', tls.hsts]]);
      }
      const plain = await stack.host.fetch(`http://${stack.plan.site.canonical}/`);
      expect(
        plain.headers['strict-transport-security'],
        'HSTS over plain http (RFC 6797, 7.2)',
      ).toBeUndefined();
      note(`${protocols.join(', ')}; ${ciphers.join(', ')}; ${curves.join(', ')} (${stdout.trim()})`);
    },
  },
];
