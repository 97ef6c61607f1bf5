export { newKeyPair } from "./new-key-pair.ts";
