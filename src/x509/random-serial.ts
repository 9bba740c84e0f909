import { randomBytes } from 'node:crypto';

/**
 * A serial number of 20 octets from the system's CSPRNG, as lower-case hex: positive, at most 159 bits, never shorter than 20 octets when encoded
 * (RFC 5280 §4.1.2.2 allows 20; CA/B BR §7.1 asks for 64 random bits). A first octet of zero is drawn again, since the INTEGER would then be shorter.
 */
export function randomSerial(): string {
  for (;;) {
    const octets = randomBytes(20);
    octets[0] = (octets[0] as number) & 0x7f;
    if (octets[0] !== 0) return octets.toString('hex');
  }
}
