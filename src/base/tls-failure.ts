/** What a failed TLS handshake means, and what to do about it. */
export interface TlsFailure {
  readonly advice: string;
  /** False when waiting does not help: the options have to change. */
  readonly passes: boolean;
}

const UNKNOWN_CA =
  "its certificate is not signed by an authority that is trusted here; put the authority's certificate into tls.ca_file";
const CLIENT_CERTIFICATE =
  'it wants another certificate from this client, or any; set tls.cert_file and tls.key_file to one that it trusts';

/** By the code of the error that node:tls gives, or by the alert that the other side sent. */
const FAILURES: ReadonlyMap<string, TlsFailure> = new Map(
  Object.entries({
    // Somebody renews it over there, and then it works.
    CERT_HAS_EXPIRED: { advice: 'its certificate has expired; it has to be renewed there', passes: true },
    CERT_NOT_YET_VALID: {
      advice: 'its certificate is not valid yet; compare the clocks of both machines',
      passes: true,
    },
    DEPTH_ZERO_SELF_SIGNED_CERT: { advice: UNKNOWN_CA, passes: false },
    SELF_SIGNED_CERT_IN_CHAIN: { advice: UNKNOWN_CA, passes: false },
    UNABLE_TO_GET_ISSUER_CERT: { advice: UNKNOWN_CA, passes: false },
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: { advice: UNKNOWN_CA, passes: false },
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: { advice: UNKNOWN_CA, passes: false },
    CERT_SIGNATURE_FAILURE: { advice: UNKNOWN_CA, passes: false },
    ERR_TLS_CERT_ALTNAME_INVALID: {
      advice:
        'its certificate is for another name; use that name in the address, or set tls.server_name to it',
      passes: false,
    },
    EPROTO: { advice: 'it does not speak TLS at this port, or no version in common', passes: false },
    ERR_SSL_WRONG_VERSION_NUMBER: { advice: 'it does not speak TLS at this port', passes: false },
    ALERT_CERTIFICATE_REQUIRED: { advice: CLIENT_CERTIFICATE, passes: false },
    ALERT_BAD_CERTIFICATE: { advice: CLIENT_CERTIFICATE, passes: false },
    ALERT_CERTIFICATE_UNKNOWN: { advice: CLIENT_CERTIFICATE, passes: false },
    ALERT_CERTIFICATE_EXPIRED: { advice: CLIENT_CERTIFICATE, passes: false },
    ALERT_UNKNOWN_CA: { advice: CLIENT_CERTIFICATE, passes: false },
  }),
);

/** What an error's code says about TLS; undefined when it says nothing. */
export function tlsFailure(code: unknown): TlsFailure | undefined {
  if (typeof code !== 'string') return undefined;
  // Versions of OpenSSL disagree on what stands before ALERT.
  return FAILURES.get(/^ERR_SSL_.*_(ALERT_.*)$/.exec(code)?.[1] ?? code);
}
