import { describe, expect, it } from 'vitest';
import { hasSecret, withoutSecrets } from '../../src/detect/deployment/secrets.ts';

describe('no secret is shown of', () => {
  it.each([
    'PGPASSWORD=hunter2 pg_dump shop',
    "PGPASSWORD='hunter2 and more' pg_dump shop",
    'tool --password="hunter2 and more" --verbose',
    'tool --password hunter2',
    'tool --api-key=hunter2',
    'curl -u admin:hunter2 https://shop.example/',
    "curl --user 'admin:hunter2' https://shop.example/",
    "curl -d 'password=hunter2' https://shop.example/",
    'curl -H "Authorization: Token hunter2" https://shop.example/',
    'mysqldump -u root -phunter2 shop | gzip',
    'mysqladmin -phunter2 status',
    'proxy_set_header Authorization "Token hunter2";',
    'proxy_set_header X-Internal hunter2;',
    'RequestHeader set X-Internal "hunter2"',
    'if ($arg_token != "hunter2")',
    'redis-server --requirepass hunter2',
    'psql postgres://shop:hunter2@db/shop',
    'wget https://shop.example/cron?token=hunter2&all=1',
    'SECRET_KEY: hunter2',
    "SENTRY_SECRET = 'hunter2'",
  ])('%s', (text) => {
    expect(withoutSecrets(text)).not.toContain('hunter2');
    expect(withoutSecrets(text)).not.toContain('and more');
    expect(hasSecret(text)).toBe(true);
  });

  it('an address that is one', () => {
    // In parts, or it would be taken for a real one.
    const secret = ['T0123', 'B4567', 'aB3dE6gH9jK2mN5pQ8sT1vW4'].join('/');
    expect(withoutSecrets(`curl https://hooks.example/services/${secret}`)).not.toContain('gH9jK2');
    const id = '5d3a1c9e-0f2b-4a6d-8e7c-1b2a3c4d5e6f';
    expect(withoutSecrets(`curl https://ping.example/${id}`)).toBe('curl https://ping.example/...');
  });
});

it.each([
  'celery -A shop.tokens worker --concurrency=4 --loglevel=info',
  'python manage.py rotate_tokens',
  'ssl_certificate_key /etc/ssl/shop.key;',
  'proxy_cache_key $scheme$host$request_uri;',
  'proxy_set_header X-Request-Start $msec;',
  'location = /password/reset { return 301 /accounts/password-reset/; }',
  'limit_req_zone $binary_remote_addr zone=login:10m rate=5r/m;',
  'ExecStartPre=/srv/shop/venv/bin/python3.11 manage.py check --deploy',
  'docker run -u 1000:1000 -p 8000:8000 shop',
])('%s is shown as it is', (text) => {
  expect(withoutSecrets(text)).toBe(text);
});

it('takes no time for a line without end', () => {
  const started = performance.now();
  for (const part of ['a.', '-u a:', 'mysql ', 'x="'])
    expect(withoutSecrets(part.repeat(100_000)).length).toBeLessThan(10_000);
  expect(performance.now() - started).toBeLessThan(2000);
});
