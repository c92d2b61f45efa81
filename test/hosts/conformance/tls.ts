/** T1: what a client can agree on with the server, asked by a scanner and with the newest OpenSSL that is at hand. */
import { expect } from 'vitest';
import { makeCertificate } from '../harness/certificates.ts';
import { until } from '../harness/processes.ts';
import type { Stack } from '../harness/stack.ts';
import { HOST_ADDRESS } from '../harness/visitor.ts';
import { scan } from './scanner.ts';
import type { Row } from './suite.ts';

/** Runs openssl in the visitor's network. */
async function openssl(stack: Stack, args: readonly string[], input = ''): Promise<string> {
  const { stdout, stderr } = await stack.host.runOutside(['openssl', ...args], { input, seconds: 10 });
  return stdout + stderr;
}

interface Agreed {
  cipher: string;
  protocol: string | undefined;
  group: string | undefined;
  alpn: string | undefined;
  text: string;
}

/** Between what openssl says of one handshake and of the next. */
const NEXT = '--- the next offer ---';

/** What is agreed on with clients of which each offers just this; undefined where nothing is. */
async function handshakes(stack: Stack, offers: readonly (readonly string[])[]) {
  // One process of the visitor's for all: entering its system takes longer than a handshake.
  const script = `while read -r offer; do
    openssl s_client -connect ${HOST_ADDRESS[4]}:443 -servername ${stack.plan.site.canonical} $offer </dev/null 2>&1
    printf '\n%s\n' '${NEXT}'
  done`;
  const input = offers.map((offer) => `${offer.join(' ')}\n`).join('');
  const { stdout } = await stack.host.runOutside(['sh', '-c', script], { input, seconds: 120 });
  const texts = stdout.split(`\n${NEXT}\n`).slice(0, -1);
  expect(texts.length, 'answers of openssl').toBe(offers.length);
  return texts.map(agreedIn);
}

function agreedIn(text: string): Agreed | undefined {
  const cipher = /^(?:New, \S+, Cipher is|\s+Cipher\s+:) (\S+)/m.exec(text)?.[1];
  if (cipher === undefined || cipher === '(NONE)' || cipher === '0000') return undefined;
  return {
    cipher,
    protocol: /^New, (\S+),|^\s*Protocol\s*: (\S+)/m.exec(text)?.[1],
    group: /^(?:Negotiated TLS1\.3 group|Server Temp Key|Peer Temp Key): ([^,\s]+)/m.exec(text)?.[1],
    alpn: /^ALPN protocol: (\S+)/m.exec(text)?.[1],
    text,
  };
}

/** The same with one client. */
async function handshake(stack: Stack, ...offer: string[]): Promise<Agreed | undefined> {
  return (await handshakes(stack, [offer]))[0];
}

/** Whether a second visit goes on with the session of the first. */
async function resumes(stack: Stack, protocol: string): Promise<boolean> {
  const { canonical } = stack.plan.site;
  const request = `GET / HTTP/1.1\r\nHost: ${canonical}\r\nConnection: close\r\n\r\n`;
  const session = `/mnt/session-${protocol}`;
  const visit = (...args: string[]) =>
    openssl(
      stack,
      ['s_client', `-${protocol}`, '-connect', `${HOST_ADDRESS[4]}:443`, '-servername', canonical]
        .concat('-ign_eof')
        .concat(args),
      request,
    );
  await visit('-sess_out', session);
  return /^Reused, /m.test(await visit('-sess_in', session));
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

/** The ciphers of TLS 1.2 that are agreed on, each offered alone; and how many were offered. */
async function ciphersOf(stack: Stack): Promise<{ agreed: string[]; offered: number }> {
  const known = (await openssl(stack, ['ciphers', '-tls1_2', '-s', 'ALL:@SECLEVEL=0'])).trim().split(':');
  const old = known.filter((name) => !name.startsWith('TLS_'));
  const answers = await handshakes(
    stack,
    old.map((cipher) => ['-tls1_2', '-cipher', `${cipher}:@SECLEVEL=0`]),
  );
  return { agreed: old.filter((_, index) => answers[index] !== undefined).sort(), offered: old.length };
}

/** Those of a profile that go with a certificate's key. */
function withKey(ciphers: readonly string[], key: 'ECDSA' | 'RSA'): string[] {
  return ciphers.filter((cipher) => cipher.includes(key)).sort();
}

/** The profile's key exchanges, as far as the host's OpenSSL has them. */
async function wantedGroups(stack: Stack): Promise<{ groups: string[]; openssl: string }> {
  const { stdout } = await stack.host.run('openssl', 'version');
  const version = /OpenSSL (\d+\.\d+)/.exec(stdout)?.[1] ?? '';
  return { groups: [...(version >= '3.5' ? [HYBRID] : []), ...CURVES], openssl: stdout.trim() };
}

/** The whole of it, by a scanner. */
async function scanned(stack: Stack, note: (text: string) => void): Promise<void> {
  const { tls, site } = stack.plan;
  const profile = PROFILES[tls.profile as keyof typeof PROFILES];
  const found = await scan(stack);
  const { findings } = found;
  const { groups } = await wantedGroups(stack);
  expect(found.protocols, 'protocols').toEqual(profile.protocols.map((name) => name.toUpperCase()));
  expect([...found.ciphers].sort(), 'ciphers of TLS 1.2').toEqual(withKey(profile.ciphers, 'ECDSA'));
  expect([...found.suites].sort(), 'of TLS 1.3').toEqual([...SUITES_13].sort());
  expect([...found.groups].sort(), 'key exchanges').toEqual([...groups].sort());
  expect(found.alarms, 'what the scanner calls critical or high').toEqual([]);
  expect(findings).toMatchObject({
    ALPN_HTTP2: 'h2',
    cert_chain_of_trust: 'passed.',
    cert_subjectAltName: site.domains.join(' '),
    certs_list_ordering_problem: 'no',
    // Let's Encrypt has none any more, and no other authority has to.
    OCSP_stapling: 'not offered',
    HSTS_time: expect.stringContaining(/\d+/.exec(tls.hsts)?.[0] ?? ''),
  });
  note(`testssl.sh: ${found.protocols.join(', ')}; ${[...found.ciphers, ...found.suites].join(', ')}`);
  note(`testssl.sh: ${found.groups.join(', ')}; nothing critical or high in ${Object.keys(findings).length}`);
}

/** A certificate with an RSA key, as many still have one, put in the place of the other; then that one again. */
async function withRsa(stack: Stack, ciphers: readonly string[], note: (text: string) => void) {
  const { host, plan } = stack;
  await stack.bringCertificate(await makeCertificate(plan.site.domains, 'rsa'));
  await host.shell(plan.webServer.reload);
  await until('the RSA certificate', 5, async () =>
    (await handshake(stack))?.text.includes('a:PKEY: RSA') ? true : undefined,
  );
  const { agreed } = await ciphersOf(stack);
  expect(agreed, 'TLS 1.2, with an RSA key').toEqual(withKey(ciphers, 'RSA'));
  expect((await handshake(stack, '-tls1_3'))?.protocol, 'with an RSA key').toBe('TLSv1.3');
  expect((await stack.fetch('/')).status).toBe(200);
  note(`with an RSA key: ${['TLSv1.3', ...agreed].join(', ')}`);
  await stack.bringCertificate(await makeCertificate(plan.site.domains));
  await host.shell(plan.webServer.reload);
}

export const tlsRows: Row[] = [
  {
    id: 'T1',
    lines: /ssl_|http2|Strict-Transport/,
    async prove({ stack, stands, note }) {
      const { tls } = stack.plan;
      // A scanner takes half a minute. Where another stack stands for this one, OpenSSL alone asks once more.
      if (stands) await scanned(stack, note);

      // Once more with OpenSSL, which is what most clients are made of, and for what the scanner does not see.
      const profile = PROFILES[tls.profile as keyof typeof PROFILES];
      const old = ['-cipher', 'ALL:@SECLEVEL=0'];
      const protocols: string[] = [];
      for (const version of ['tls1', 'tls1_1', 'tls1_2', 'tls1_3'])
        if ((await handshake(stack, `-${version}`, ...old)) !== undefined) protocols.push(version);
      expect(protocols, 'protocols').toEqual(profile.protocols);

      const { agreed, offered } = await ciphersOf(stack);
      expect(agreed, `TLS 1.2, ${offered} offered`).toEqual(withKey(profile.ciphers, 'ECDSA'));
      for (const suite of SUITES_13)
        expect((await handshake(stack, '-tls1_3', '-ciphersuites', suite))?.cipher, suite).toBe(suite);

      const wanted = await wantedGroups(stack);
      const curves: string[] = [];
      for (const curve of [HYBRID, ...CURVES, ...REFUSED_CURVES])
        if ((await handshake(stack, '-tls1_3', '-groups', curve)) !== undefined) curves.push(curve);
      expect(curves, `curves, ${wanted.openssl}`).toEqual(wanted.groups);
      const newest = await handshake(stack, '-tls1_3', '-groups', `${HYBRID}:X25519`);
      expect(newest?.group, 'what a browser of today agrees on').toBe(wanted.groups[0]);

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
      note(
        `openssl: ${protocols.join(', ')}; ${agreed.join(', ')}; ${curves.join(', ')} (${wanted.openssl})`,
      );
      if (stands && tls.files) await withRsa(stack, profile.ciphers, note);
    },
  },
];
