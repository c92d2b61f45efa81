/**
 * Every setting of gunicorn, and the releases that have it: read from gunicorn/config.py of each release from 20.1.0 to
 * 27.0.1 on PyPI. https://docs.gunicorn.org/en/stable/settings.html and https://github.com/benoitc/gunicorn
 */

/** The newest release that the lists were read from. */
export const NEWEST_KNOWN = '27.0.1';

/** Settings of 20.1.0, all of which 27.0.1 still has. */
const FROM_THE_START = [
  'access_log_format',
  'accesslog',
  'backlog',
  'bind',
  'ca_certs',
  'capture_output',
  'cert_reqs',
  'certfile',
  'chdir',
  'check_config',
  'child_exit',
  'ciphers',
  'config',
  'daemon',
  'default_proc_name',
  'disable_redirect_access_to_syslog',
  'do_handshake_on_connect',
  'dogstatsd_tags',
  'enable_stdio_inheritance',
  'errorlog',
  'forwarded_allow_ips',
  'graceful_timeout',
  'group',
  'initgroups',
  'keepalive',
  'keyfile',
  'limit_request_field_size',
  'limit_request_fields',
  'limit_request_line',
  'logconfig',
  'logconfig_dict',
  'logger_class',
  'loglevel',
  'max_requests',
  'max_requests_jitter',
  'nworkers_changed',
  'on_exit',
  'on_reload',
  'on_starting',
  'paste',
  'pidfile',
  'post_fork',
  'post_request',
  'post_worker_init',
  'pre_exec',
  'pre_fork',
  'pre_request',
  'preload_app',
  'print_config',
  'proc_name',
  'proxy_allow_ips',
  'proxy_protocol',
  'pythonpath',
  'raw_env',
  'raw_paste_global_conf',
  'reload',
  'reload_engine',
  'reload_extra_files',
  'reuse_port',
  'secure_scheme_headers',
  'sendfile',
  'spew',
  'ssl_version',
  'statsd_host',
  'statsd_prefix',
  'strip_header_spaces',
  'suppress_ragged_eofs',
  'syslog',
  'syslog_addr',
  'syslog_facility',
  'syslog_prefix',
  'threads',
  'timeout',
  'tmp_upload_dir',
  'umask',
  'user',
  'when_ready',
  'worker_abort',
  'worker_class',
  'worker_connections',
  'worker_exit',
  'worker_int',
  'worker_tmp_dir',
  'workers',
  'wsgi_app',
] as const;

/** Later settings, and the first release that has each. */
const SINCE: Readonly<Record<string, string>> = {
  asgi_disconnect_grace_period: '25.0.2',
  asgi_lifespan: '24.0',
  asgi_loop: '24.0',
  casefold_http_method: '22.0',
  control_socket: '25.1',
  control_socket_disable: '25.1',
  control_socket_mode: '25.1',
  dirty_apps: '25.0',
  dirty_graceful_timeout: '25.0',
  dirty_post_fork: '25.0',
  dirty_threads: '25.0',
  dirty_timeout: '25.0',
  dirty_worker_exit: '25.0',
  dirty_worker_init: '25.0',
  dirty_workers: '25.0',
  enable_backlog_metric: '24.1',
  forwarder_headers: '23.0',
  header_map: '22.0',
  http2_cleartext: '26.2',
  http2_initial_window_size: '25.0',
  http2_max_concurrent_streams: '25.0',
  http2_max_frame_size: '25.0',
  http2_max_header_list_size: '25.0',
  http_parser: '25.2',
  http_protocols: '25.0',
  logconfig_json: '21.0',
  on_dirty_starting: '25.0',
  permit_obsolete_folding: '23.0',
  permit_unconventional_http_method: '22.0',
  permit_unconventional_http_version: '22.0',
  protocol: '24.0',
  root_path: '24.0',
  ssl_context: '21.0',
  uwsgi_allow_ips: '24.0',
  websocket_max_message_size: '27.0',
  tolerate_dangerous_framing: '22.0',
};

/** Settings that are gone, and the first release without each. */
const GONE: Readonly<Record<string, string>> = {
  tolerate_dangerous_framing: '23.0',
};

export interface SettingHistory {
  /** The first release that has it; undefined where that is older than every release that this tool writes for. */
  since?: string;
  /** The first release without it. */
  gone?: string;
}

/** Every setting by name. */
export const GUNICORN_SETTINGS: ReadonlyMap<string, SettingHistory> = new Map(
  [...FROM_THE_START, ...Object.keys(SINCE)].map((name) => {
    const since = SINCE[name];
    const gone = GONE[name];
    return [name, { ...(since && { since }), ...(gone && { gone }) }];
  }),
);

/**
 * Worker classes by their short names; any other is the path of a class. gunicorn/workers/__init__.py
 * `gevent_wsgi` and `gevent_pywsgi` are one.
 */
export const GUNICORN_WORKERS: ReadonlyMap<string, SettingHistory> = new Map<string, SettingHistory>([
  ['asgi', { since: '24.0' }],
  ['eventlet', { gone: '26.0' }],
  ['gevent', {}],
  ['gevent_pywsgi', {}],
  ['gevent_wsgi', {}],
  ['gthread', {}],
  ['sync', {}],
  ['tornado', {}],
]);
