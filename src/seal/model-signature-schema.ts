import { type Static, Type } from "typebox";
import { inTotoType } from "../kernel/index.ts";

const closed = { additionalProperties: false };
const hex256 = Type.String({ pattern: "^[0-9a-f]{64}$" });

/** Media type of the Sigstore bundle that OpenSSF Model Signing v1.0 uses. */
export const bundleMediaType = "application/vnd.dev.sigstore.bundle.v0.3+json";

/** Predicate type of OpenSSF Model Signing v1.0. */
export const modelSignaturePredicate = "https://model_signing/signature/v1.0";

/** `model.sig`: a Sigstore bundle with one signature by a bare key. Nothing beyond these keys is accepted. */
export const BundleSchema = Type.Object(
  {
    mediaType: Type.Literal(bundleMediaType),
    verificationMaterial: Type.Object(
      {
        publicKey: Type.Object({ hint: hex256 }, closed),
        tlogEntries: Type.Array(Type.Never(), { maxItems: 0 }),
      },
      closed,
    ),
    dsseEnvelope: Type.Object(
      {
        payload: Type.String(),
        payloadType: Type.Literal(inTotoType),
        signatures: Type.Array(Type.Object({ sig: Type.String(), keyid: Type.Literal("") }, closed), {
          minItems: 1,
          maxItems: 1,
        }),
      },
      closed,
    ),
  },
  closed,
);

/** The signed statement: one digest for each file, and one over all of them. */
export const ModelStatementSchema = Type.Object(
  {
    _type: Type.Literal("https://in-toto.io/Statement/v1"),
    subject: Type.Array(
      Type.Object({ name: Type.String(), digest: Type.Object({ sha256: hex256 }, closed) }, closed),
      { minItems: 1, maxItems: 1 },
    ),
    predicateType: Type.Literal(modelSignaturePredicate),
    predicate: Type.Object(
      {
        serialization: Type.Object(
          {
            method: Type.Literal("files"),
            hash_type: Type.Literal("sha256"),
            allow_symlinks: Type.Literal(false),
            ignore_paths: Type.Optional(Type.Array(Type.String())),
          },
          closed,
        ),
        resources: Type.Array(
          Type.Object({ name: Type.String(), algorithm: Type.Literal("sha256"), digest: hex256 }, closed),
        ),
      },
      closed,
    ),
  },
  closed,
);

/** A checked bundle. */
export type Bundle = Static<typeof BundleSchema>;

/** A checked statement. */
export type ModelStatement = Static<typeof ModelStatementSchema>;
