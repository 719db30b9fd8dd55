import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { signingKey, webhookHeaders } from '../../src/notify/sign.ts';

describe('webhookHeaders', () => {
  it('meets the example of the Standard Webhooks specification', () => {
    const headers = webhookHeaders(
      { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}', attemptAt: 1_614_265_330_000 },
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    );
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('takes any other secret as the bytes of its text', () => {
    const headers = webhookHeaders({ id: 'a', body: 'é', attemptAt: 1999 }, 'pässword');
    const expected = createHmac('sha256', Buffer.from('pässword', 'utf8')).update('a.1.é').digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
  });

  it('does not sign without a secret, but still names the message', () => {
    expect(webhookHeaders({ id: 'a', body: '', attemptAt: 0 }, undefined)).toEqual({
      'webhook-id': 'a',
      'webhook-timestamp': '0',
    });
  });
});

describe('signingKey', () => {
  it.each(['whsec_', 'whsec_ä', 'whsec_a b', 'whsec_='])('refuses %s', (secret) => {
    expect(signingKey(secret)).toBeUndefined();
  });
});
