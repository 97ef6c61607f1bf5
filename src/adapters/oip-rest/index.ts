export { decodeInferRequest, type InferRequest } from "./decode-infer-request.ts";
export { modelConfig, modelMetadata } from "./describe-model.ts";
export { encodeInferResponse, placeInRequest, type ResponseParameters } from "./encode-infer-response.ts";
