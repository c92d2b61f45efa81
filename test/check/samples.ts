/** A small deployment, written by hand: what the tools accept, for tests to break one line at a time. */

import type { Reading, ToolResult, TreeFile } from '../../src/contract/validator.ts';
import type { Planned } from '../support/plan.ts';

interface Versions {
  nginx?: string;
  systemd?: string;
  gunicorn?: string;
}

/** As much of a plan as the validators read. */
export function samplePlan({
  nginx = '1.22.1',
  systemd = '252',
  gunicorn = '27.0.1',
}: Versions = {}): Planned {
  return {
    name: 'shop',
    target: { id: 'debian-12', title: 'Debian 12 (bookworm)' },
    users: { app: 'shop', web: 'www-data' },
    paths: { config: '/etc/shop', environment: '/etc/shop/environment', state: '/var/lib/shop' },
    upstream: { name: 'shop', socket: '/run/shop.sock', socketMode: '0660' },
    timeouts: { request: 30, worker: 35, stop: 45 },
    tls: { curves: 'X25519:prime256v1:secp384r1' },
    webServer: { kind: 'nginx', title: 'nginx', docs: '', version: nginx },
    appServer: { kind: 'gunicorn', title: 'gunicorn', docs: '', version: gunicorn },
    processManager: { kind: 'systemd', title: 'systemd', docs: '', systemd },
  } as unknown as Planned;
}

/** A file of the tree that goes to the host. */
export function treeFile(path: string, text: string, mode = 0o644): TreeFile {
  return { path, shown: path.startsWith('/') ? `root${path}` : path, mode, text, edited: false };
}

export const SITE = `upstream shop {
    server unix:/run/shop.sock max_fails=0;
}

server {
    listen 443 ssl http2;
    listen [::]:443 ssl http2;
    server_name shop.example;
    include snippets/shop-tls.conf;
    access_log /var/log/nginx/shop.access.log;
    error_log /var/log/nginx/shop.error.log;
    client_max_body_size 10m;

    location / {
        proxy_pass http://shop;
        proxy_set_header Host $host;
    }
    location ^~ /static/ {
        alias "/srv/shop/current/public/static/";
        gzip_static on;
    }
}
`;

export const TLS = `# The certificate with its chain, and its key.
ssl_certificate "/etc/letsencrypt/live/shop/fullchain.pem";
ssl_certificate_key "/etc/letsencrypt/live/shop/privkey.pem";
ssl_protocols TLSv1.2 TLSv1.3;
ssl_ecdh_curve X25519:prime256v1:secp384r1;
`;

const SERVICE = `[Unit]
Description=shop
Requires=shop.socket
After=network.target shop.socket postgresql.service

[Service]
Type=notify
NotifyAccess=main
ExecStart=/srv/shop/current/venv/bin/gunicorn --config /etc/shop/gunicorn.conf.py
ExecReload=/bin/kill -s HUP $MAINPID
WorkingDirectory=/srv/shop/current/app
EnvironmentFile=/etc/shop/environment
KillMode=mixed
TimeoutStopSec=45
Restart=always
User=shop
Group=shop
UMask=0027
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
StateDirectory=shop
NoNewPrivileges=yes
CapabilityBoundingSet=
AmbientCapabilities=
RestrictSUIDSGID=yes
RestrictNamespaces=yes
RestrictRealtime=yes
LockPersonality=yes
RemoveIPC=yes
PrivateDevices=yes
ProtectClock=yes
ProtectControlGroups=yes
ProtectHostname=yes
ProtectKernelLogs=yes
ProtectKernelModules=yes
ProtectKernelTunables=yes
ProtectProc=invisible
ProcSubset=pid
RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM

[Install]
WantedBy=multi-user.target
`;

const SOCKET = `[Unit]
Description=Socket of shop

[Socket]
ListenStream=/run/shop.sock
SocketUser=shop
SocketGroup=www-data
SocketMode=0660

[Install]
WantedBy=sockets.target
`;

export const GUNICORN = `import os

wsgi_app = "shop.wsgi:application"


def _cores():
    return len(os.sched_getaffinity(0))


workers = 2 * _cores() + 1
worker_class = "sync"
timeout = 35
worker_tmp_dir = "/dev/shm"
accesslog = "-"
`;

const INSTALLER = `#!/bin/sh
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
# shellcheck source-path=SCRIPTDIR
. "$here/install.d/web-server.sh"
web_server_apply "$here"
`;

const FRAGMENT = `# shellcheck shell=sh
web_server_apply() {
    if [ -d "$1" ]; then
        printf '%s\\n' "$1"
    fi
}
`;

export function sampleFiles(): TreeFile[] {
  return [
    treeFile('/etc/nginx/conf.d/shop.conf', SITE),
    treeFile('/etc/nginx/snippets/shop-tls.conf', TLS),
    treeFile('/etc/systemd/system/shop.socket', SOCKET),
    treeFile('/etc/systemd/system/shop.service', SERVICE),
    treeFile('/etc/shop/gunicorn.conf.py', GUNICORN),
    treeFile('install.sh', INSTALLER, 0o755),
    treeFile('install.d/web-server.sh', FRAGMENT),
  ];
}

/** The sample with one text exchanged for another in one file, which must have it. */
export function editedFiles(path: string, from: string, to: string): TreeFile[] {
  return sampleFiles().map((file) => {
    if (file.path !== path) return file;
    if (!file.text.includes(from)) throw new Error(`${path} has no ${from}`);
    return { ...file, text: file.text.replace(from, () => to), edited: true };
  });
}

/** The line of a text in a file, counted from 1. */
export function lineOfText(files: readonly TreeFile[], path: string, text: string): number {
  const lines = files.find((file) => file.path === path)?.text.split('\n') ?? [];
  return lines.findIndex((line) => line.includes(text)) + 1;
}

/** How run.ts would hand over a tool's words about files staged under /stage. */
export function reading(files: readonly TreeFile[], more: Partial<Reading<Planned>> = {}): Reading<Planned> {
  const shown = new Map(
    files.map((file) => [`/stage${file.path.startsWith('/') ? '' : '/tree/'}${file.path}`, file.shown]),
  );
  return {
    plan: samplePlan(),
    files,
    locate: (path) => shown.get(path.startsWith('/') ? path : `/stage/${path}`),
    clean: (text) => text.replaceAll('/stage/etc/', 'root/etc/').replaceAll('/stage', ''),
    ...more,
  };
}

export function said(stderr: string, exitCode = 1, stdout = ''): ToolResult {
  return { exitCode, stdout, stderr };
}
