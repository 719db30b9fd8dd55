/** A token for Kafka's OAUTHBEARER as it comes: a JWT that nobody signed, for the broker to take at its word. */
export function unsignedToken(secondsLeft: number): string {
  const now = Math.floor(Date.now() / 1000);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = { sub: 'driftd', iat: now + Math.min(0, secondsLeft) - 1, exp: now + secondsLeft };
  return `${part({ alg: 'none' })}.${part(claims)}.`;
}
