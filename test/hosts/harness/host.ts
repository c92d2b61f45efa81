/**
 * Disposable Debian hosts with systemd as their init.
 *
 * A host is an overlay in memory over an image (see images.ts), booted by systemd-nspawn in a network of its own that
 * has one other member: the visitor, whom requests come from. Nothing of it is left when it is destroyed, nor when the
 * test process dies.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { systemFolder } from '../../../scripts/provision.mjs';
import { hostImage, visitorImage } from './images.ts';
import { controlGroups, hostName, RUNNING, removeTraces, sweep, visitorNamespace } from './leftovers.ts';
import { execute, type Result, succeed, until } from './processes.ts';
import { type Answer, type FetchOptions, HOST_ADDRESS, VISITOR_ADDRESS, Visitor } from './visitor.ts';

export interface BootOptions {
  /** Folders over the image, the uppermost first. */
  layers?: readonly string[];
  /** The size of the disk: what is written to it is held in memory. */
  disk?: string;
  /** Debian's packages that the stack's units need; those of the default stack unless given. */
  packages?: readonly string[];
}

const living = new Set<Host>();
let count = 0;

process.on('exit', () => {
  for (const host of living) host.abandon();
});

/** What this machine needs to boot a host, and whether it has it. */
export function canBoot(target: string): Record<string, boolean> {
  return {
    Linux: process.platform === 'linux',
    'systemd-nspawn (systemd-container)': existsSync('/usr/bin/systemd-nspawn'),
    'ip (iproute2)': ['/usr/sbin/ip', '/sbin/ip', '/usr/bin/ip'].some((path) => existsSync(path)),
    [`a ${target} system`]: systemFolder(target) !== undefined,
  };
}

/** A new host with this system, up and running. */
export async function boot(target: string, options: BootOptions = {}): Promise<Host> {
  if (count === 0) sweep();
  const image = await hostImage(target, options.packages ?? ['nginx']);
  const host = new Host(hostName(++count), target);
  living.add(host);
  try {
    await host.start([...(options.layers ?? []), image], options.disk ?? '3g');
    return host;
  } catch (error) {
    await host.destroy();
    throw error;
  }
}

export class Host {
  /** Milliseconds that the last boot took. */
  bootTime = 0;
  #visitor: Visitor | undefined;
  #container: ChildProcess | undefined;
  readonly #companions: ChildProcess[] = [];
  #init = 0;
  #console = '';

  constructor(
    readonly name: string,
    readonly target: string,
  ) {}

  /** What belongs to the host on this side. */
  get folder(): string {
    return join(RUNNING, this.name);
  }

  /** The file of the certificate authority that visitors trust. */
  get authority(): string {
    return join(this.folder, 'authority.pem');
  }

  get visitor(): Visitor {
    if (this.#visitor === undefined) throw new Error(`${this.name} is not up`);
    return this.#visitor;
  }

  /** Mounts, connects and boots; see boot(). */
  async start(layers: readonly string[], disk: string): Promise<void> {
    const started = performance.now();
    await this.#connect();
    const { folder } = this;
    mkdirSync(join(folder, 'disk'), { recursive: true });
    // In a mount namespace and control groups of its own: two hosts would otherwise share the latter, and the one's
    // systemd would stop the other's services. A reboot ends systemd-nspawn with 133.
    const script = `set -eu
      export name=$1 SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
      folder=$2 layers=$3 disk=$4
      shift 4
      mount -t tmpfs -o "size=$disk" "$name" "$folder"
      cd "$folder"
      mkdir upper work root
      mount -t overlay -o "lowerdir=$layers,upperdir=upper,workdir=work" "$name" root
      status=133
      while [ "$status" -eq 133 ]; do
        status=0
        setpriv --pdeathsig KILL sh -euc '
          for group in "$@"; do
            mkdir -p "$group/$name"
            echo $$ >"$group/$name/cgroup.procs"
          done
          exec systemd-nspawn -D root -b --machine="$name" --network-namespace-path="/run/netns/$name" \
            --register=no --keep-unit --console=read-only' sh "$@" || status=$?
      done
      exit "$status"`;
    this.#container = spawn(
      'setpriv',
      ['--pdeathsig', 'KILL', 'unshare', '--mount', '--propagation', 'slave', 'sh', '-c', script]
        .concat('sh', this.name, join(folder, 'disk'), layers.join(':'), disk)
        .concat(controlGroups()),
      { stdio: ['ignore', 'pipe', 'pipe'] },
    );
    for (const stream of [this.#container.stdout, this.#container.stderr])
      stream?.on('data', (chunk: Buffer) => {
        this.#console = (this.#console + chunk.toString('utf8')).slice(-20_000);
      });
    await this.#isUp(0);
    this.bootTime = performance.now() - started;
    this.#visitor = new Visitor(visitorNamespace(this.name), folder, this.authority);
    const { pid } = this.#visitor;
    for (const file of this.#sharing()) if (pid !== undefined) writeFileSync(file, String(pid));
  }

  /** Where a process is written to have the host's share of the processors; in version 2, systemd's groups have it. */
  #sharing(): string[] {
    return this.#groupFiles('cpu.shares').map((file) => join(dirname(file), 'cgroup.procs'));
  }

  /** The files of that name in the host's control groups. */
  #groupFiles(name: string): string[] {
    return controlGroups()
      .map((group) => join(group, this.name, name))
      .filter((file) => existsSync(file));
  }

  /** The shares that are wished for it at this moment. */
  #shares: { times: number }[] = [];

  /**
   * The host, and in the old hierarchy its visitor, have the processors before all others on this machine: a time limit
   * that is to be kept is no matter of what else runs here.
   *
   * @param share How many times that of another host.
   * @returns What makes it one of many again; undefined where this machine cannot say who goes first.
   */
  goFirst(share = 64): (() => void) | undefined {
    const shares = [
      ...this.#groupFiles('cpu.shares').map((file) => ({ file, usual: 1024 })),
      ...this.#groupFiles('cpu.weight').map((file) => ({ file, usual: 100 })),
    ];
    if (shares.length === 0) return undefined;
    const weigh = () => {
      const times = Math.max(1, ...this.#shares.map((wish) => wish.times));
      for (const { file, usual } of shares) writeFileSync(file, String(usual * times));
    };
    const wish = { times: share };
    this.#shares.push(wish);
    weigh();
    return () => {
      this.#shares = this.#shares.filter((other) => other !== wish);
      weigh();
    };
  }

  /** Two namespaces and a cable; the addresses are known in these two alone. */
  async #connect(): Promise<void> {
    const { name } = this;
    const visitor = visitorNamespace(name);
    for (const namespace of [name, visitor]) await succeed(['ip', 'netns', 'add', namespace]);
    await succeed(
      ['ip', '-n', visitor, 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'eth0'].concat(
        'netns',
        name,
      ),
    );
    for (const [namespace, address] of [
      [name, HOST_ADDRESS],
      [visitor, VISITOR_ADDRESS],
    ] as const) {
      const ip = ['ip', '-n', namespace];
      await succeed([...ip, 'addr', 'add', `${address[4]}/24`, 'dev', 'eth0']);
      await succeed([...ip, 'addr', 'add', `${address[6]}/64`, 'dev', 'eth0', 'nodad']);
      for (const device of ['lo', 'eth0']) await succeed([...ip, 'link', 'set', device, 'up']);
    }
  }

  /** Waits for an init other than `previous`, and for the end of its boot. */
  async #isUp(previous: number): Promise<void> {
    const container = this.#container;
    const ended = () =>
      container === undefined || container.exitCode !== null || container.signalCode !== null;
    try {
      this.#init = await until('an init', 30, () => {
        if (ended()) throw new Error('the container has ended');
        return initOf(container?.pid ?? 0, previous);
      });
      await until('the end of the boot', 60, async () => {
        if (ended()) throw new Error('the container has ended');
        const { stdout } = await this.run('systemctl', 'is-system-running');
        return /^(running|degraded)/.test(stdout) ? true : undefined;
      });
    } catch (error) {
      throw new Error(`${this.name} does not come up: ${(error as Error).message}\n${this.#console}`);
    }
  }

  #enter(command: readonly string[]): string[] {
    // What is run there shares with what runs there: the installer, for one, with the app that it releases.
    const script = 'file=$1; shift; [ -z "$file" ] || echo $$ >"$file"; exec nsenter "$@"';
    return ['sh', '-c', script, 'sh', this.#sharing()[0] ?? '']
      .concat('-t', String(this.#init), '-m', '-p', '-u', '-i', '-n', '-C', '--wd')
      .concat('env', '-i', 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', 'HOME=/root')
      .concat('LC_ALL=C.UTF-8', 'TERM=dumb', command);
  }

  /** Runs a program as root on the host, to its end. */
  run(...command: string[]): Promise<Result> {
    return execute(this.#enter(command));
  }

  /** Runs a shell script as root on the host, which has to succeed; what it printed, without the last newline. */
  async shell(script: string, options: { input?: string | Buffer; seconds?: number } = {}): Promise<string> {
    const { status, stdout, stderr } = await execute(this.#enter(['sh', '-euc', script]), options);
    if (status !== 0) throw new Error(`on ${this.name}: exit ${status} from\n${script}\n${stdout}${stderr}`);
    return stdout.replace(/\n$/, '');
  }

  /** Puts a text, a file or a folder's content to a place on the host. */
  async put(
    path: string,
    content: string | Buffer | { file: string } | { folder: string },
    { mode = '0644', owner = 'root:root' }: { mode?: string; owner?: string } = {},
  ): Promise<void> {
    if (typeof content === 'object' && 'folder' in content) {
      const script = 'mkdir -p "$1" && tar -C "$1" --no-same-owner -xf -';
      const archive = join(this.folder, 'folder.tar');
      await succeed(['tar', '-C', content.folder, '-cf', archive, '.']);
      await succeed(this.#enter(['sh', '-euc', script, 'sh', path]), { input: readFileSync(archive) });
      rmSync(archive);
      return;
    }
    const input = typeof content === 'object' && 'file' in content ? readFileSync(content.file) : content;
    const script = 'install -d "$1" && cat >"$2" && chmod "$3" "$2" && chown "$4" "$2"';
    await succeed(this.#enter(['sh', '-euc', script, 'sh', dirname(path), path, mode, owner]), { input });
  }

  /** Seconds for which the processes of the host have had a processor since it was started; 0 where nobody counts them. */
  processorTime(): number {
    const text = this.#groupFiles('cpu.stat').map((file) => readFileSync(file, 'utf8'));
    return Number(/^usage_usec (\d+)/m.exec(text.join(''))?.[1] ?? 0) / 1e6;
  }

  /** A request from outside. */
  fetch(url: string, options: FetchOptions = {}): Promise<Answer> {
    return this.visitor.fetch(url, options);
  }

  /**
   * A command that runs a program of the visitor's own system in the visitor's network. There /mnt is this host's
   * folder: what the two exchange, the authority that visitors trust among it.
   */
  async #outside(command: readonly string[]): Promise<string[]> {
    // `ip netns exec` gives it mounts of its own: the system is one for all hosts.
    const script = `set -eu
      cd "$1"
      mount --bind "$2" mnt
      mount -t proc proc proc
      mount -t tmpfs tmpfs tmp
      shift 2
      exec chroot . env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=dumb "$@"`;
    return ['setpriv', '--pdeathsig', 'KILL', 'ip', 'netns', 'exec', visitorNamespace(this.name)]
      .concat('sh', '-c', script, 'sh', await visitorImage(), this.folder)
      .concat(command);
  }

  /** Runs a program in the visitor's network, to its end. */
  async runOutside(command: readonly string[], options: { input?: string; seconds?: number } = {}) {
    return execute(await this.#outside(command), options);
  }

  /** Starts a program in the visitor's network that stays with the host. */
  async startOutside(...command: string[]): Promise<ChildProcess> {
    const [program = '', ...args] = await this.#outside(command);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#companions.push(child);
    return child;
  }

  /** The newest lines of a unit's journal. */
  async journal(unit: string, lines = 20): Promise<string> {
    const { stdout } = await this.run(
      'journalctl',
      '-u',
      unit,
      '-n',
      String(lines),
      '-o',
      'cat',
      '--no-pager',
    );
    return stdout.trimEnd();
  }

  /** Ends a process of the host, by its number there. */
  async kill(pid: number, signal = 'KILL'): Promise<void> {
    await this.shell(`kill -s ${signal} ${pid}`);
  }

  /** Restarts the whole host, and waits until it is up again. */
  async reboot(): Promise<void> {
    const started = performance.now();
    const previous = this.#init;
    await this.run('systemctl', 'reboot');
    await this.#isUp(previous);
    this.bootTime = performance.now() - started;
  }

  /** Stops everything and leaves no trace. */
  async destroy(): Promise<void> {
    const container = this.#container;
    const ended = new Promise<void>((resolve) => {
      if (container === undefined || container.exitCode !== null || container.signalCode !== null) resolve();
      else container.once('exit', () => resolve());
    });
    this.abandon();
    await ended;
  }

  /** The same at once, for a process that is about to end. */
  abandon(): void {
    if (!living.delete(this)) return;
    this.#visitor?.end();
    for (const companion of this.#companions) companion.kill('SIGKILL');
    removeTraces(this.name);
  }
}

/** The first process of a container: a child of systemd-nspawn that is number 1 in its own namespace. */
function initOf(keeper: number, previous: number): number | undefined {
  return childrenOf(keeper)
    .flatMap(childrenOf)
    .find((pid) => pid !== previous && isInit(pid));
}

function childrenOf(pid: number): number[] {
  try {
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8');
    return children.split(' ').filter(Boolean).map(Number);
  } catch {
    return [];
  }
}

function isInit(pid: number): boolean {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return /^NSpid:.*\s1$/m.test(status) && /^Name:\s+systemd$/m.test(status);
  } catch {
    return false;
  }
}
