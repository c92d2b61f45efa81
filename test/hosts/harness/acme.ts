/**
 * An ACME server in the visitor's network, where Let's Encrypt would be: Pebble, and the DNS that it asks. It looks at
 * port 80 of each name for the challenge, like the real one.
 * https://github.com/letsencrypt/pebble
 */
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeCertificate } from './certificates.ts';
import type { Host } from './host.ts';
import { until } from './processes.ts';
import { HOST_ADDRESS, VISITOR_ADDRESS } from './visitor.ts';

const NAME = 'acme.example';
const DIRECTORY = `https://${NAME}:14000/dir`;
const MANAGEMENT = `https://${NAME}:15000`;
const NAME_SERVER = '127.0.0.1:8053';
const NAMES = `${VISITOR_ADDRESS[4]}:8055`;

/** As long as Let's Encrypt's: 90 days. */
const VALIDITY = 90 * 24 * 60 * 60;

/** The host's folder, as the visitor's programs see it. */
const SEEN = '/mnt/acme';

const CONFIGURATION = {
  pebble: {
    listenAddress: `${VISITOR_ADDRESS[4]}:14000`,
    managementListenAddress: `${VISITOR_ADDRESS[4]}:15000`,
    certificate: `${SEEN}/certificate.pem`,
    privateKey: `${SEEN}/key.pem`,
    httpPort: 80,
    tlsPort: 443,
    ocspResponderURL: '',
    externalAccountBindingRequired: false,
    retryAfter: { authz: 1, order: 1 },
    certificateValidityPeriod: VALIDITY,
  },
};

export class AcmeServer {
  #output = '';

  private constructor(readonly host: Host) {}

  /**
   * Tells the host of the server, and its certbot to ask there. The server is not up yet.
   * https://eff-certbot.readthedocs.io/en/stable/using.html#configuration-file
   */
  static async introduce(host: Host): Promise<AcmeServer> {
    const { chain, key, authority } = await makeCertificate([NAME]);
    const folder = join(host.folder, 'acme');
    mkdirSync(folder);
    writeFileSync(join(folder, 'certificate.pem'), chain);
    writeFileSync(join(folder, 'key.pem'), key);
    writeFileSync(join(folder, 'pebble.json'), JSON.stringify(CONFIGURATION));
    await host.put('/usr/local/share/ca-certificates/acme.crt', authority);
    await host.shell(`update-ca-certificates >/dev/null 2>&1
      echo '${VISITOR_ADDRESS[4]} ${NAME}' >>/etc/hosts
      echo 'server = ${DIRECTORY}' >>/etc/letsencrypt/cli.ini`);
    return new AcmeServer(host);
  }

  /** Starts it, with every name pointing to the host; visitors trust its certificates from here on. */
  async start(): Promise<void> {
    const { host } = this;
    const none = ['-doh', '', '-http01', '', '-https01', '', '-tlsalpn01', ''];
    const names = ['pebble-challtestsrv', '-dns01', NAME_SERVER, '-management', NAMES, ...none];
    this.#keepOutput(
      await host.startOutside(...names, '-defaultIPv4', HOST_ADDRESS[4], '-defaultIPv6', HOST_ADDRESS[6]),
    );
    // Each order is validated anew, and at once. Pebble would reject one nonce of twenty, and certbot tries only once
    // more: about every fiftieth certificate would fail, and not by our doing.
    const environment = ['env', 'PEBBLE_VA_NOSLEEP=1', 'PEBBLE_AUTHZREUSE=0', 'PEBBLE_WFE_NONCEREJECT=0'];
    this.#keepOutput(
      await host.startOutside(
        ...environment,
        'pebble',
        '-strict',
        '-config',
        `${SEEN}/pebble.json`,
        '-dnsserver',
        NAME_SERVER,
      ),
    );
    const root = await until('an ACME server', 15, () =>
      this.#curl(`${MANAGEMENT}/roots/0`).catch(() => undefined),
    ).catch((error: Error) => {
      throw new Error(`${error.message}\n${this.#output}`);
    });
    writeFileSync(host.authority, `${root}\n`);
  }

  /** Has a name lead to another machine, or to the host again. */
  async point(name: string, address: typeof HOST_ADDRESS | typeof VISITOR_ADDRESS): Promise<void> {
    const host = `${name}.`;
    for (const [type, addresses] of [
      ['a', [address[4]]],
      ['aaaa', [address[6]]],
    ]) {
      await this.#curl(`http://${NAMES}/clear-${type}`, { host });
      await this.#curl(`http://${NAMES}/add-${type}`, { host, addresses });
    }
  }

  #keepOutput(child: ChildProcess): void {
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString('utf8')).slice(-20_000);
      });
  }

  /** From the host, which trusts the server's own certificate. */
  #curl(url: string, data?: object): Promise<string> {
    const post = data === undefined ? '' : `--data '${JSON.stringify(data)}'`;
    return this.host.shell(`curl --silent --show-error --fail ${post} ${url}`);
  }
}
