/** A deployed stack: a fixture project, put on a host of its own by what the built deploy-scaffold wrote for it. */
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { readAnswersFile } from '../../../src/answers/file.ts';
import { resolveAnswers } from '../../../src/answers/resolve.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { listFiles } from '../../../src/system/tree.ts';
import { appServerOf, unitsOfPlan } from '../../../src/units.ts';
import { type Planned as Plan, planned } from '../../support/plan.ts';
import { AcmeServer } from './acme.ts';
import { type Certificate, makeCertificate } from './certificates.ts';
import { boot, type Host } from './host.ts';
import { requirementLines, wheelhouse } from './images.ts';
import { STAGED } from './leftovers.ts';
import { type Manager, managerOf } from './managers.ts';
import { COMMON_ANSWERS, type Deployment, LEFT_OUT } from './plan.ts';
import { succeed } from './processes.ts';
import { SITES, type Site } from './sites.ts';
import { type Answer, type FetchOptions, toVisit } from './visitor.ts';
import type { Visit } from './visits.ts';
import { type Front, frontOf } from './web-servers.ts';

const ROOT = new URL('../../../', import.meta.url).pathname;

/** Deploys a project on a new host. The stack owns the host: destroy() takes both away. */
export async function deploy(deployment: Deployment): Promise<Stack> {
  const stack = await stage(deployment);
  try {
    await stack.prepare();
    return stack;
  } catch (error) {
    await stack.destroy();
    throw error;
  }
}

/** A project with its deployment, and a new host for it: nothing is installed yet. */
export async function stage(deployment: Deployment): Promise<Stack> {
  const site = SITES[deployment.project];
  if (site === undefined) throw new Error(`test/hosts/harness/sites.ts does not know ${deployment.project}`);
  const folder = mkdtempSync(join(tmpdir(), `${STAGED}${process.pid}-`));
  const project = join(folder, deployment.project);
  let host: Host | undefined;
  try {
    cpSync(join(ROOT, 'fixtures/projects', deployment.project), project, {
      recursive: true,
      filter: (path) => !LEFT_OUT.test(basename(path)),
    });
    const plan = await scaffold(project, deployment);
    const { requirements, distributions, lock } = plan.project;
    const ofManager = plan.processManager.distributions;
    const wheels = await wheelhouse(deployment.target, [
      ...(requirements === null ? [] : requirementLines(join(project, requirements))),
      ...(lock?.distributions ?? []),
      ...distributions,
      ...ofManager,
    ]);
    const { webServer, processManager } = unitsOfPlan(plan);
    const servers = plan.services.flatMap((service) => appServerOf(service).packages ?? []);
    const packages = [...webServer.packages, ...servers, ...processManager.packages];
    host = await boot(deployment.target, { layers: [wheels], packages });
    const acme = plan.tls.letsencrypt ? await AcmeServer.introduce(host) : undefined;
    return new Stack(deployment, plan, site, host, folder, project, acme);
  } catch (error) {
    await host?.destroy();
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** Runs the built command line, and reads the plan from the answers that it wrote. */
async function scaffold(project: string, { target, flags, answers: given }: Deployment): Promise<Plan> {
  const cli = join(ROOT, 'dist/cli.js');
  if (!existsSync(cli)) await succeed(['npm', 'run', 'build'], { cwd: ROOT });
  const answersFile = `${project}.json`;
  writeFileSync(answersFile, JSON.stringify({ ...COMMON_ANSWERS, ...given }));
  const common = ['--yes', '--no-check', '--target', target, '--answers', answersFile];
  await succeed([process.execPath, cli, 'init', project, ...common, ...flags]);
  const file = join(project, 'deploy/deploy-scaffold.yaml');
  const { answers } = readAnswersFile(readFileSync(file, 'utf8'), file);
  const resolution = resolveAnswers([{ insistent: true, answers }]);
  if (resolution.problems.length > 0) throw new Error(JSON.stringify(resolution.problems));
  return planned(makePlan(resolution.answers));
}

/** What was there before the app came. */
export interface FreshHost {
  /** All paths, but for what a running system writes by itself. */
  paths: string[];
  /** /etc/passwd and /etc/group. */
  accounts: string;
}

/** Folders that a running system writes to by itself. */
const VOLATILE = [
  ...['/proc', '/sys', '/dev', '/tmp', '/var/tmp', '/root', '/run/systemd', '/run/udev', '/run/log'],
  ...['/run/user', '/run/agetty.reload', '/var/log', '/var/lib/systemd', '/var/lib/private', '/var/cache'],
  ...['/run/nginx.pid', '/var/lib/nginx', '/run/apache2', '/run/lock/apache2', '/var/lib/logrotate'],
];

export async function freshHost(host: Host): Promise<FreshHost> {
  const prune = VOLATILE.map((path) => `-path ${path}`).join(' -o ');
  const paths = await host.shell(
    `find / /run -xdev \\( ${prune} \\) -prune -o ! -name '*.pyc' ! -name __pycache__ -print`,
  );
  return { paths: paths.split('\n').sort(), accounts: await host.shell('cat /etc/passwd /etc/group') };
}

export class Stack {
  readonly manager: Manager;
  readonly front: Front;
  /** The host before anything was installed. */
  fresh: FreshHost = { paths: [], accounts: '' };
  /** Seconds that the first run of the installer took. */
  installTime = 0;

  constructor(
    readonly deployment: Deployment,
    readonly plan: Plan,
    readonly site: Site,
    readonly host: Host,
    readonly folder: string,
    readonly project: string,
    /** Whom the host asks for its certificate, where it does not bring one. */
    readonly acme: AcmeServer | undefined,
  ) {
    this.manager = managerOf(plan);
    this.front = frontOf(plan);
  }

  /** "django + nginx + gunicorn + systemd" */
  get combination(): string {
    const { framework, webServer, appServer, processManager } = this.plan;
    return [framework, webServer, appServer, processManager].map((unit) => unit.kind).join(' + ');
  }

  /** Certificates as a person brings them. */
  async bringCertificates(): Promise<void> {
    if (this.plan.tls.files) await this.bringCertificate(await makeCertificate(this.plan.site.domains));
  }

  /** Puts a certificate where the answers say that it is; visitors trust its authority beside those from before. */
  async bringCertificate({ chain, key, authority }: Certificate): Promise<void> {
    const { host, plan } = this;
    appendFileSync(host.authority, authority);
    await host.put(plan.tls.certificate, chain);
    await host.put(plan.tls.key, key, { mode: '0600' });
  }

  /** The same host and project with other answers; nothing is installed yet. */
  async answered(...flags: string[]): Promise<Stack> {
    const deployment = { ...this.deployment, flags };
    const plan = await scaffold(this.project, deployment);
    return new Stack(deployment, plan, this.site, this.host, this.folder, this.project, this.acme);
  }

  /** Changes the deployment's answers by these flags, as `init` run again does; the plan stays the first one's. */
  async configure(...flags: string[]): Promise<void> {
    await scaffold(this.project, { ...this.deployment, flags: [...this.deployment.flags, ...flags] });
  }

  /** The same from these answers, whatever the deployment says: another app. */
  async scaffoldFrom(answers: Record<string, unknown>): Promise<void> {
    rmSync(join(this.project, 'deploy'), { recursive: true });
    await scaffold(this.project, { ...this.deployment, answers: { ...this.deployment.answers, ...answers } });
  }

  /** Certificates, the installer, and data to look at. */
  async prepare(): Promise<void> {
    const { host, plan, site } = this;
    await this.bringCertificates();
    await this.acme?.start();
    this.fresh = await freshHost(host);
    const started = performance.now();
    await this.install();
    this.installTime = (performance.now() - started) / 1000;
    const lines = Object.entries(site.environment).map(([name, value]) => `${name}=${value}\n`);
    await host.shell(`cat >>${plan.paths.environment}`, { input: lines.join('') });
    await this.runAsApp(...site.seed);
  }

  /** Brings the project to the host and runs the installer, which has to succeed; what it printed. */
  async install(...options: string[]): Promise<string> {
    const { status, output } = await this.tryInstall(...options);
    if (status !== 0) throw new Error(`install.sh ended with ${status}:\n${output}`);
    return output;
  }

  /** The same, however it ends. */
  async tryInstall(...options: string[]): Promise<{ status: number; output: string }> {
    await this.bring();
    return this.installer(...options);
  }

  /** Brings the project to the host; the folder that it is in there. */
  async bring(): Promise<string> {
    await this.host.shell(`rm -rf ${this.place}`);
    await this.host.put(this.place, { folder: this.project });
    return this.place;
  }

  /** Runs the installer that lies on the host. */
  async installer(...options: string[]): Promise<{ status: number; output: string }> {
    const script = [`exec sh ${this.place}/deploy/install.sh`, ...options, '2>&1'].join(' ');
    const { status, stdout } = await this.host.run('sh', '-c', script);
    return { status, output: stdout };
  }

  /** The folder of the project on the host. */
  get place(): string {
    return `/root/${this.plan.name}`;
  }

  /** Changes the project's version, as new code would. */
  setVersion(version: string): void {
    writeFileSync(join(this.project, this.site.versionFile), `${version}\n`);
  }

  /** Has a module of the project fail as soon as it is loaded; `restore` puts it back. */
  breakModule(file: string): { file: string; restore: () => void } {
    const path = join(this.project, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, `raise RuntimeError("broken for a test")\n${text}`);
    return { file, restore: () => writeFileSync(path, text) };
  }

  /** Changes the site's asset in the project, as new code would. */
  appendToAsset(text: string): void {
    const mount = this.plan.static.find(({ url }) => this.site.asset.startsWith(url));
    const name = `/${this.site.asset.slice(mount?.url.length ?? 0)}`;
    const file = listFiles(this.project).find((path) => `/${path}`.endsWith(name));
    if (file === undefined) throw new Error(`no file of the project ends with ${name}`);
    appendFileSync(join(this.project, file), `${text}\n`);
  }

  /** Runs a command as the app runs, the way a person on the host does it. */
  runAsApp(...words: string[]): Promise<string> {
    const quoted = words.map((word) => `'${word.replaceAll("'", "'\\''")}'`);
    return this.host.shell([this.plan.paths.run, ...quoted].join(' '));
  }

  /** The URL of a path on the site. */
  url(path: string): string {
    return this.plan.site.origin + path;
  }

  /** A request from outside for a path of the site. */
  fetch(path: string, options: FetchOptions = {}): Promise<Answer> {
    return this.host.fetch(this.url(path), options);
  }

  /** The same as a plan, for many of them. */
  visit(path: string, options: FetchOptions = {}): Visit {
    return { ...toVisit(this.url(path), options), keepBody: false };
  }

  /** The processes that answer requests; the main one is not among them where it only watches over them. */
  async workers(): Promise<number[]> {
    const main = await this.main();
    if (!this.plan.appServer.supervises) return [main];
    const all = (await this.host.shell(this.manager.processes)).split('\n').map(Number);
    return all.filter((pid) => pid !== main);
  }

  /** What a slow request takes away: a process, of whose threads nobody is promised one, or a thread of the only one. */
  async capacity(): Promise<number> {
    const { appServer, workers } = this.plan;
    return appServer.supervises ? (await this.workers()).length : workers.count * workers.threads;
  }

  async main(): Promise<number> {
    return Number(await this.host.shell(this.manager.main));
  }

  /** The main processes of what works in the background. */
  async background(): Promise<number[]> {
    const names = this.plan.background.map(({ name }) => name);
    return Promise.all(
      names.map(async (name) => Number(await this.host.shell(this.manager.background(name).main))),
    );
  }

  /** All that the app and its server have logged. */
  log(): Promise<string> {
    return this.host.shell(this.manager.log);
  }

  /** The web server's list of requests. */
  accessLog(): Promise<string> {
    return this.host.shell(`cat ${this.plan.webServer.accessLog}`);
  }

  /** The generated lines that match, with their places; comments left aside. */
  lines(pattern: RegExp): string[] {
    const tree = join(this.project, 'deploy/root');
    return listFiles(tree).flatMap((path) =>
      readFileSync(join(tree, path), 'utf8')
        .split('\n')
        .flatMap((line, index) =>
          pattern.test(line) && !/^\s*#/.test(line) ? [`/${path}:${index + 1}: ${line.trim()}`] : [],
        ),
    );
  }

  /** Takes the host and all temporary files away. */
  async destroy(): Promise<void> {
    await this.host.destroy();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
