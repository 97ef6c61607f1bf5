export { type KeyPair, newKeyPair } from "./new-key-pair.ts";
