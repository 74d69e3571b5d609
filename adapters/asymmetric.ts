/**
 * Asymmetric only. `none` is nobody's signature; with HMAC, whoever can read the public key could sign with it.
 */
export const ALGORITHMS = "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");
