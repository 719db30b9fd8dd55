import { describe, expect, it } from 'vitest';
import { tlsFailure } from '../../src/base/tls-failure.ts';

describe('tlsFailure', () => {
  it.each([
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls.ca_file'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls.server_name'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'does not speak TLS'],
    ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'tls.cert_file'],
    ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'tls.cert_file'],
    ['ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'tls.cert_file'],
  ])('says of %s what to do, since waiting does not help', (code, advice) => {
    expect(tlsFailure(code)).toEqual({ advice: expect.stringContaining(advice), passes: false });
  });

  it('lets an expired certificate be waited for', () => {
    expect(tlsFailure('CERT_HAS_EXPIRED')).toMatchObject({ passes: true });
  });

  it.each(['ECONNREFUSED', '', undefined, 42, 'ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR'])(
    'says nothing of %s, which may be anything',
    (code) => {
      expect(tlsFailure(code)).toBeUndefined();
    },
  );
});
