/**
 * Mozilla's recommendations for TLS servers, guideline 6.0.
 * https://wiki.mozilla.org/Security/Server_Side_TLS and https://ssl-config.mozilla.org/
 */
import { atLeast } from '../contract/values.ts';

interface TlsProfile {
  protocols: string[];
  /** OpenSSL's names for TLS 1.2, joined by colons, as every web server wants them; TLS 1.3's own suites are all sound. */
  ciphers: string;
}

/** Ephemeral ECDH with authenticated encryption only, so no dhparam file is needed. */
export const INTERMEDIATE_CIPHERS = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

export const TLS_PROFILES: Record<'modern' | 'intermediate', TlsProfile> = {
  modern: { protocols: ['TLSv1.3'], ciphers: '' },
  intermediate: { protocols: ['TLSv1.2', 'TLSv1.3'], ciphers: INTERMEDIATE_CIPHERS },
};

/** Key exchanges in order of preference, each with the OpenSSL that first has it. */
const CURVES = [
  { name: 'X25519MLKEM768', since: '3.5' },
  { name: 'X25519', since: '1.1.0' },
  { name: 'prime256v1', since: '1.0.0' },
  { name: 'secp384r1', since: '1.0.0' },
];

/** The key exchanges that this OpenSSL has, joined by colons. */
export function curvesOf(openssl: string): string {
  return CURVES.filter(({ since }) => atLeast(openssl, since))
    .map(({ name }) => name)
    .join(':');
}
