/** Whose a folder of the host is, by its name: nobody here can look. Paths are compared in one spelling alone. */
import { normalisePath } from '../words/paths.ts';

/** One spelling of a path: "/srv//shop/./media/" is "/srv/shop/media", and the top of the project is ".". */
export const canonicalPath = normalisePath;

/** Folders that belong to the system as a whole. https://refspecs.linuxfoundation.org/FHS_3.0/fhs/index.html */
const SYSTEM_FOLDER =
  /^\/(?:|home|lost\+found|media|mnt|opt|srv|tmp|usr|var|usr\/(?:local|share|src)|var\/(?:backups|cache|lib|local|log|mail|opt|spool|tmp|www))$/;
/** Trees that nothing of an app belongs into. */
const SYSTEM_TREE =
  /^\/(?:bin|boot|dev|etc|lib\d*|libx?32|proc|root|run|sbin|sys|usr\/(?:local\/)?(?:bin|etc|include|lib(?:x?\d+|exec)?|sbin)|var\/(?:lock|run|lib\/(?:apt|dpkg|deploy-scaffold|systemd)|spool\/cron))(?:\/|$)/;

/** Is it the system's own, and never an app's? */
export function isSystems(path: string): boolean {
  const plain = canonicalPath(path);
  return SYSTEM_FOLDER.test(plain) || SYSTEM_TREE.test(plain);
}

/** Folders there are whoever keeps them: what packages, administrators and other programs put below /srv, /var/lib and so on. */
const OTHERS = new Set(
  `accountsservice acme apache2 aptitude bind caddy clickhouse cloud colord containerd couchdb dhcp docker elasticsearch
  emacsen-common etcd exim4 fail2ban flatpak fwupd gdm3 git gitea gitlab grafana grub haproxy html influxdb initramfs-tools
  insserv ispell jenkins kubelet letsencrypt libvirt lightdm logrotate lxc lxd machines man-db mariadb memcached minio misc
  mongo mongodb mosquitto munin mysql mysql-files mysql-keyring networkmanager nextcloud nfs nginx ntp ntpsec opendkim
  os-prober pam pcp php php5 podman polkit-1 portables postfix postgres postgresql private prometheus python python3 rabbitmq
  redis rsyslog samba sasl sgml-base shim-signed snapd snmp solr ssl-cert sss sudo supervisor svn tomcat tor
  transmission-daemon ucf udisks2 ufw unattended-upgrades unbound update-manager update-notifier upower urandom usbutils
  varnish vault vim www www-data xfonts xkb xml-core`
    .split(/\s+/)
    .filter(Boolean),
);

/** Where apps keep folders of their own, each below a name of its own. */
const HOMES = /^\/(?:srv|var\/(?:lib|www|opt))\/([^/]+)(?:\/(.+))?$/;
/** What is below /srv/NAME where the installer of a deployment like this made it. */
const DEPLOYED = /^(?:current|releases|shared)(?:\/|$)/;

/** What the installer makes below /srv/NAME anew with a release, or with a version of the process manager. */
const MADE_ANEW = /^(?:current|releases|circus-[^/]+)(?:\/|$)/;

/** Does a path lie in what an app's installer makes anew, and takes away again? */
export function isMadeAnew(path: string, app: string): boolean {
  const home = `/srv/${app}/`;
  const plain = canonicalPath(path);
  return plain.startsWith(home) && MADE_ANEW.test(plain.slice(home.length));
}

/**
 * May a folder that a project names be taken without asking? It has to be below a folder that an app of this name has to
 * itself, or that is nobody's as far as a name tells.
 *
 * @returns Why it is to be asked for; undefined where it may be taken.
 */
export function whyAsk(path: string, app: string): string | undefined {
  const plain = canonicalPath(path);
  const [, owner, rest = ''] = HOMES.exec(plain) ?? [];
  if (owner === undefined)
    return 'is a folder outside of those that apps have (/srv, /var/lib, /var/www, /var/opt)';
  if (owner === app) return undefined;
  if (plain.split('/').some((part) => part.startsWith('.')))
    return 'is hidden, which is not a place for files of a site';
  if (OTHERS.has(owner.toLowerCase()) || owner.endsWith('-acme'))
    return `may well belong to another program (${owner})`;
  if (plain.startsWith('/srv/') && DEPLOYED.test(rest)) return `belongs to another app (${owner})`;
  return undefined;
}

/** Does a folder hold one of these, or is it one of them? */
export function holds(folder: string, inner: string): boolean {
  return `${canonicalPath(inner)}/`.startsWith(`${canonicalPath(folder).replace(/\/$/, '')}/`);
}

/** Of what lies within each other, the inner before the outer; all else stays in its order. */
export function innermostFirst<Item>(pathOf: (item: Item) => string, items: readonly Item[]): Item[] {
  const ordered: Item[] = [];
  for (const item of items) {
    const outer = ordered.findIndex((one) => holds(pathOf(one), pathOf(item)));
    ordered.splice(outer === -1 ? ordered.length : outer, 0, item);
  }
  return ordered;
}
