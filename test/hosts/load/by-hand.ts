/**
 * What a person would write by hand for the same app on the same host, and well: the shortest site of the same web
 * server and a gunicorn with as many workers, without anything that is there for safety. It runs beside the stack.
 */
import { pause } from '../harness/processes.ts';
import type { Stack } from '../harness/stack.ts';

/** A port of its own, so that none of the stack's rules are for it. */
const PORT = 8080;
const SOCKET = '/run/by-hand/app.sock';

/** The services that work for a request: the web server, the app, and the journal. */
export interface Served {
  origin: string;
  services: readonly string[];
}

/** The stack itself. */
export const generated = ({ plan }: Stack): Served => ({
  origin: plan.site.origin,
  services: [serviceOf(plan.webServer.kind), plan.name, 'systemd-journald'],
});

/** Writes and starts what is compared with it. */
export async function startByHand(stack: Stack): Promise<Served> {
  const { host, plan } = stack;
  const { kind } = plan.webServer;
  await host.put('/etc/systemd/system/by-hand.service', service(stack));
  await host.shell('systemctl daemon-reload && systemctl start by-hand');
  if (kind === 'nginx') {
    await host.put('/etc/nginx/conf.d/by-hand.conf', nginxSite(stack));
    await host.shell('nginx -t -q && systemctl reload nginx');
  } else {
    await host.put('/etc/apache2/conf-enabled/by-hand.conf', apacheSite(stack));
    await host.shell('apachectl -t && systemctl reload apache2');
  }
  await pause(1000);
  return {
    origin: `${plan.site.scheme}://${plan.site.canonical}:${PORT}`,
    services: [serviceOf(kind), 'by-hand', 'systemd-journald'],
  };
}

const serviceOf = (webServer: string) => (webServer === 'apache' ? 'apache2' : webServer);

const service = ({ plan: { users, paths, workers, upstream, framework } }: Stack) => `[Service]
Type=notify
User=${users.app}
Group=${users.app}
RuntimeDirectory=by-hand
WorkingDirectory=${paths.code}
EnvironmentFile=${paths.environment}
${framework.environment.map(({ name, value }) => `Environment=${name}=${value}`).join('\n')}
ExecStart=${paths.venv}/bin/gunicorn --workers ${workers.count} --bind unix:${SOCKET} ${upstream.app}
`;

const nginxSite = ({ plan: { site, tls, static: mounts } }: Stack) => `server {
  listen ${PORT}${tls.here ? ' ssl' : ''};
  server_name ${site.canonical};
  ${tls.here ? `ssl_certificate ${tls.certificate}; ssl_certificate_key ${tls.key};` : ''}
  ${mounts.map(({ url, path }) => `location ${url} { alias ${path}/; }`).join('\n  ')}
  location / {
    proxy_pass http://unix:${SOCKET};
    proxy_set_header Host $host;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
  }
}
`;

const apacheSite = ({ plan: { site, tls, static: mounts } }: Stack) => `Listen ${PORT}
<VirtualHost *:${PORT}>
  ServerName ${site.canonical}
  ${tls.here ? `SSLEngine on\n  SSLCertificateFile ${tls.certificate}\n  SSLCertificateKeyFile ${tls.key}` : ''}
  CustomLog \${APACHE_LOG_DIR}/by-hand.log combined
  ${mounts.map(({ url, path }) => `ProxyPass ${url} !\n  Alias ${url} ${path}/\n  <Directory ${path}>\n    Require all granted\n  </Directory>`).join('\n  ')}
  ProxyPreserveHost On
  RequestHeader set X-Forwarded-Proto ${site.scheme}
  ProxyPass / unix:${SOCKET}|http://localhost/
</VirtualHost>
`;
