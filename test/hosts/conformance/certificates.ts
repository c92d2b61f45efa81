/** T2 and T3: a certificate's life. The first one, and how the next takes its place. */
import { expect } from 'vitest';
import type { AcmeServer } from '../harness/acme.ts';
import { makeCertificate } from '../harness/certificates.ts';
import { until } from '../harness/processes.ts';
import { type Stack, stage } from '../harness/stack.ts';
import { HOST_ADDRESS, VISITOR_ADDRESS } from '../harness/visitor.ts';
import { told, unharmed } from './measure.ts';
import { underLoad } from './operations.ts';
import type { Row } from './suite.ts';

interface Shown {
  serial: string;
  issuer: string;
  names: string[];
}

/** The certificate that the host shows for a name; undefined where it shows none. */
async function certificateOf(stack: Stack, name = stack.plan.site.canonical): Promise<Shown | undefined> {
  const script = `openssl s_client -connect ${HOST_ADDRESS[4]}:443 -servername "$1" </dev/null 2>/dev/null |
    openssl x509 -noout -serial -issuer -ext subjectAltName 2>/dev/null`;
  const { stdout } = await stack.host.runOutside(['sh', '-c', script, 'sh', name]);
  const serial = /^serial=(\w+)/m.exec(stdout)?.[1];
  if (serial === undefined) return undefined;
  const issuer = /^issuer=(.*)/m.exec(stdout)?.[1] ?? '';
  return { serial, issuer, names: [...stdout.matchAll(/DNS:([^,\s]+)/g)].map(([, dns = '']) => dns) };
}

/** The same, where it has to show one. */
async function shownBy(stack: Stack, name?: string): Promise<Shown> {
  const shown = await certificateOf(stack, name);
  if (shown === undefined) throw new Error(`no certificate is shown for ${name ?? 'the site'}`);
  return shown;
}

/** Replaces the certificate while visitors come and go, each of whom checks it. */
async function replaced(stack: Stack, what: string, replace: () => Promise<unknown>): Promise<string> {
  const before = await shownBy(stack);
  let after = before;
  const load = await underLoad(stack, '/', async () => {
    await replace();
    await until('another certificate', 5, async () => {
      after = await shownBy(stack);
      return after.serial === before.serial ? undefined : true;
    });
  });
  expect(unharmed(load), told(load)).toBe(true);
  expect(after.names.sort()).toEqual([...stack.plan.site.domains].sort());
  return `${what}: ${before.serial.slice(0, 8)} to ${after.serial.slice(0, 8)}; ${told(load)}`;
}

/** What a person brings is served after what the run-book says, and what does not fit is noticed and not served. */
async function replaceFiles(stack: Stack, note: (text: string) => void): Promise<void> {
  const { host, plan } = stack;
  const { check, reload } = plan.webServer;
  const fresh = await makeCertificate(plan.site.domains);
  note(
    await replaced(stack, 'files', async () => {
      await stack.bringCertificate(fresh);
      await host.shell(`${check} && ${reload}`);
    }),
  );
  const { serial } = await shownBy(stack);
  const other = await makeCertificate(plan.site.domains);
  await stack.bringCertificate({ ...other, key: fresh.key });
  const { status, stderr } = await host.run('sh', '-c', `${check} && ${reload}`);
  expect([status === 0, stderr], 'a key of another certificate').toEqual([
    false,
    expect.stringMatching(/key values mismatch|do not match/),
  ]);
  expect((await shownBy(stack)).serial, 'and the one before is served').toBe(serial);
  await stack.bringCertificate(fresh);
  await host.shell(`${check} && ${reload}`);
}

/** certbot, as its own timer starts it, and by hand as the run-book says. */
async function renew(stack: Stack, note: (text: string) => void): Promise<void> {
  const { host } = stack;
  // The image has it masked, so that a test's host asks for nothing by itself; on any other it is as the package has it.
  await host.shell('systemctl unmask certbot.timer');
  try {
    expect(await host.shell('systemctl is-enabled certbot.timer'), 'the timer').toBe('enabled');
    expect(await host.shell('systemctl show -P Unit certbot.timer')).toBe('certbot.service');
  } finally {
    await host.shell('systemctl mask certbot.timer');
  }
  // certbot waits for minutes where nobody looks on, so that not all hosts of the world come at once.
  const dry = await host.run('certbot', 'renew', '--dry-run', '--no-random-sleep-on-renew');
  expect([dry.status, dry.stdout]).toEqual([0, expect.stringContaining('all simulated renewals succeeded')]);

  const settings = '/etc/letsencrypt/cli.ini';
  await host.shell(`cp ${settings} /root/cli.ini && echo 'force-renewal = True' >>${settings}`);
  try {
    note(await replaced(stack, 'what the timer starts', () => host.shell('systemctl start certbot.service')));
  } finally {
    await host.shell(`cp /root/cli.ini ${settings}`);
  }
  const byHand = 'certbot renew --force-renewal --no-random-sleep-on-renew 2>&1';
  note(await replaced(stack, 'by hand', () => host.shell(byHand)));
}

/** All of a host that visitors can notice: configuration, units, the live release, and what is answered. */
async function live(stack: Stack): Promise<string[]> {
  const { host, plan } = stack;
  const files = await host.shell(
    `find ${stack.front.folder} /etc/systemd/system /etc/letsencrypt/renewal-hooks -type f -exec sha256sum {} + | sort -k 2
     find ${stack.front.folder} /etc/systemd/system -type l -printf '%p -> %l\\n' | sort
     readlink ${plan.paths.current} || echo 'no release is live'
     systemctl list-units --all --plain --no-legend '${plan.name}*'`,
  );
  const answers = await Promise.all(
    [`http://${plan.site.canonical}/`, `https://${plan.site.canonical}/`].map((url) =>
      host.fetch(url, { insecure: true }).then(
        ({ status, text }) => `${url}: ${status} ${text.slice(0, 100)}`,
        (error: Error) => `${url}: ${error.message}`,
      ),
    ),
  );
  return [...files.split('\n'), ...answers];
}

/** The installer fails, says these words, and leaves what is live as it was. */
async function fails(stack: Stack, words: RegExp): Promise<string> {
  const before = await live(stack);
  const { status, output } = await stack.tryInstall();
  expect([status === 0, output]).toEqual([false, expect.stringMatching(words)]);
  expect(output, 'in the words of the site').toMatch(/no certificate/i);
  expect(await live(stack), 'what is live').toEqual(before);
  return words.exec(output)?.[0] ?? '';
}

async function firstCertificate(stack: Stack, acme: AcmeServer, note: (text: string) => void): Promise<void> {
  const { host, plan } = stack;
  const { canonical, aliases, domains } = plan.site;
  expect(await certificateOf(stack), 'before').toBeUndefined();
  note(`nobody answers: ${await fails(stack, /(Connection refused|Errno 111)/)}`);

  await acme.start();
  const away = aliases[0] ?? canonical;
  await acme.point(away, VISITOR_ADDRESS);
  note(
    `a name that leads elsewhere: ${await fails(stack, new RegExp(`Domain: ${away}[\\s\\S]*?Detail: .*`))}`,
  );
  expect(await certificateOf(stack)).toBeUndefined();

  await acme.point(away, HOST_ADDRESS);
  await stack.install();
  const { serial, issuer, names } = await shownBy(stack);
  expect(issuer).toMatch(/Pebble Intermediate CA/);
  expect(names.sort(), 'the names in it').toEqual([...domains].sort());
  for (const name of domains) {
    expect((await shownBy(stack, name)).serial, name).toBe(serial);
    // The visitor checks the chain up to Pebble's root, and the name.
    const { status, headers } = await host.fetch(`https://${name}/x?y=1`);
    if (name !== canonical) expect([status, headers.location]).toEqual([301, `https://${canonical}/x?y=1`]);
    const plain = await host.fetch(`http://${name}/x?y=1`);
    expect([plain.status, plain.headers.location]).toEqual([301, `https://${canonical}/x?y=1`]);
    const challenge = await host.fetch(`http://${name}/.well-known/acme-challenge/none`);
    expect([challenge.status, challenge.headers.location], 'a challenge').toEqual([404, undefined]);
  }
  expect((await stack.fetch('/')).status).toBe(200);

  expect(await stack.install(), 'installed again').not.toMatch(/Asking/);
  expect((await shownBy(stack)).serial).toBe(serial);
  note(`then ${issuer}, for ${names.join(', ')}; installed again: the same`);
}

/**
 * A site that is live with a certificate of its own keeps serving while Let's Encrypt is asked for the first time, and
 * when it refuses.
 */
async function fromFiles(stack: Stack, acme: AcmeServer, note: (text: string) => void): Promise<void> {
  const { host, plan, deployment } = stack;
  const files = await stack.answered('--tls', 'files');
  await files.bringCertificate(await makeCertificate(plan.site.domains));
  note(await replaced(files, 'to files', () => files.install()));
  await host.shell(`certbot delete --non-interactive --cert-name ${plan.name}`);

  const back = await files.answered(...deployment.flags);
  await acme.point(plan.site.canonical, VISITOR_ADDRESS);
  const before = await shownBy(back);
  const load = await underLoad(back, '/', () => fails(back, /Detail: .*/));
  note(`refused: ${told(load)}`);
  expect(unharmed(load), told(load)).toBe(true);
  expect(await shownBy(back)).toEqual(before);
  await acme.point(plan.site.canonical, HOST_ADDRESS);
  note(await replaced(back, "and to Let's Encrypt", () => back.install()));
  expect((await shownBy(back)).issuer).toMatch(/Pebble/);
}

export const certificateRows: Row[] = [
  {
    id: 'T2',
    lines: /ssl_certificate|systemctl reload/,
    async prove({ stack, note }) {
      if (stack.plan.tls.files) await replaceFiles(stack, note);
      else await renew(stack, note);
    },
  },
  {
    id: 'T3',
    lines: /ssl_certificate|acme-challenge|root .*acme/,
    async prove({ stack, note }) {
      const fresh = await stage(stack.deployment);
      try {
        if (fresh.acme === undefined) throw new Error('there is no ACME server');
        await firstCertificate(fresh, fresh.acme, note);
        await fromFiles(fresh, fresh.acme, note);
      } finally {
        await fresh.destroy();
      }
    },
  },
];
