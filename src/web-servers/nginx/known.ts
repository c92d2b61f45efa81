/** What becomes of nginx's directives, by their names. https://nginx.org/en/docs/dirindex.html */
import { known } from '../../detect/deployment/accounts.ts';

/** Those of the site, wherever they stand; reads.ts says more of those whose arguments matter. */
export const DIRECTIVES = known(
  {
    decided: `debug_points max_headers open_file_cache_events pcre_jit access_log accept_mutex accept_mutex_delay break charset charset_types client_body_timeout client_header_timeout client_body_temp_path daemon
      debug_connection default_type disable_symlinks env error_log etag events expires http http2 http2_push_preload http3 ignore_invalid_headers
      include index internal keepalive keepalive_disable keepalive_requests keepalive_time keepalive_timeout
      lingering_close lingering_time lingering_timeout listen location lock_file log_format log_not_found log_subrequest
      map_hash_bucket_size map_hash_max_size master_process max_ranges merge_slashes msie_padding msie_refresh multi_accept
      open_log_file_cache output_buffers pid port_in_redirect
      absolute_redirect proxy_connect_timeout proxy_headers_hash_bucket_size proxy_headers_hash_max_size proxy_http_version
      proxy_pass proxy_redirect proxy_send_timeout proxy_set_header proxy_temp_path quic_retry
      recursive_error_pages reset_timedout_connection resolver resolver_timeout root_redirect send_timeout sendfile
      sendfile_max_chunk server server_name_in_redirect server_names_hash_bucket_size server_names_hash_max_size server_tokens
      ssl tcp_nodelay tcp_nopush thread_pool timer_resolution types types_hash_bucket_size types_hash_max_size
      underscores_in_headers upstream use user uwsgi_connect_timeout uwsgi_param uwsgi_pass uwsgi_send_timeout variables_hash_bucket_size
      variables_hash_max_size worker_aio_requests worker_connections worker_cpu_affinity worker_priority worker_processes
      worker_rlimit_core worker_rlimit_nofile worker_shutdown_timeout working_directory zone fastcgi_pass fastcgi_param
      uwsgi_modifier1 uwsgi_modifier2 satisfy_any`,
    answers:
      'client_max_body_size real_ip_header real_ip_recursive set_real_ip_from proxy_read_timeout uwsgi_read_timeout ssl_certificate ssl_certificate_key',
    web: `addition_types aio_write ancient_browser_value empty_gif min_delete_depth modern_browser_value
      referer_hash_bucket_size add_after_body add_before_body add_header add_trailer aio alias allow ancient_browser auth_basic auth_basic_user_file autoindex
      autoindex_exact_size autoindex_format autoindex_localtime chunked_transfer_encoding client_body_buffer_size
      client_body_in_file_only client_body_in_single_buffer client_header_buffer_size create_full_put_path dav_access dav_methods
      deny directio directio_alignment error_page geo geoip_city geoip_country geoip_org geoip_proxy hash health_check if
      if_modified_since image_filter ip_hash large_client_header_buffers least_conn least_time limit_except limit_rate
      limit_rate_after load_module map match max_conns mirror mirror_request_body modern_browser open_file_cache
      open_file_cache_errors open_file_cache_min_uses open_file_cache_valid override_charset post_action postpone_output
      random random_index read_ahead referer_hash_max_size request_pool_size resolver return rewrite rewrite_log root satisfy
      server_name set source_charset split_clients ssi ssi_types ssl_client_certificate ssl_trusted_certificate ssl_verify_client ssl_verify_depth
      ssl_crl state sticky stub_status subrequest_output_buffer_size try_files uninitialized_variable_warn userid valid_referers
      xslt_stylesheet api status_zone connection_pool_size more_set_headers more_clear_headers
      more_set_input_headers more_clear_input_headers brotli`,
    services: 'stream mail rtmp fastcgi_index',
  },
  {
    decided: /^(?:gzip|gunzip|brotli_|ssl_|http2_|http3_|quic_|proxy_ssl_(?:server_name|session_reuse))/,
    web: /^(?:auth_|limit_|proxy_|uwsgi_|fastcgi_|scgi_|grpc_|memcached_|sub_filter|secure_link|image_filter|slice|perl|js_|lua_|access_by|content_by|rewrite_by|header_filter|body_filter|log_by|init_|set_by|ssl_certificate_by|modsecurity|mp4|flv|hls|dav_|geoip|userid|xslt|ssi_|charset_|otel|opentracing|pagespeed|upload|push_stream|vhost_traffic|zstd|headers_more|cookie_|echo|keyval|jwt|session_log|spdy)/,
    services: /^(?:mail_|pop3|imap|smtp|rtmp)/,
  },
);

/** Files of nginx's own, or of certbot's, that say what a kit says by itself. */
export const USUAL_FILES =
  /(?:^|\/)(?:mime\.types|(?:uwsgi|proxy|fastcgi|scgi)_params|fastcgi\.conf|fastcgi-php\.conf|proxy\.conf|options-ssl-nginx\.conf|letsencrypt[\w.-]*|ssl-[\w.-]+|modules-enabled\/.*|modules\/.*)$/;

/** Headers of a request that are set by every kit. */
export const USUAL_HEADERS =
  /^(?:host|x-real-ip|x-forwarded-(?:for|proto|protocol|host|port|ssl|server|scheme)|x-scheme|x-url-scheme|x-request-id|upgrade|connection|accept-encoding|proxy|early-data)$/i;

/** Parameters of uWSGI's protocol that the file uwsgi_params has too. https://uwsgi-docs.readthedocs.io/en/latest/Nginx.html */
export const USUAL_PARAMETERS =
  /^(?:QUERY_STRING|REQUEST_\w+|CONTENT_\w+|PATH_INFO|DOCUMENT_\w+|SERVER_\w+|REMOTE_\w+|HTTPS?|UWSGI_SCHEME|HOST|X_?REAL_?IP|HTTP_HOST|HTTP_X_\w+|X-Forwarded-\w+|X-Real-IP|Host)$/i;
