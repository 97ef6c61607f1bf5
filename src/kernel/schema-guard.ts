import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";

/** Says whether a value fits a schema; after a `false`, `errors` says where it does not. */
export interface SchemaGuard<Value> {
  (value: unknown): value is Value;
  readonly errors: readonly ErrorObject[];
}

/**
 * A guard for a JSON Schema (2020-12) of our own, compiled when it is first needed: most commands need few of them.
 * `everyError` goes on after the first error, and keeps the data beside each.
 */
export function schemaGuard<Value>(
  schema: object,
  options: { readonly everyError?: boolean } = {},
): SchemaGuard<Value> {
  let compiled: ValidateFunction<Value> | undefined;
  const everything = options.everyError ?? false;
  const guard = (value: unknown): value is Value => {
    // The schema is ours and tested: neither it nor the generated code is looked over again at every start.
    compiled ??= new Ajv2020({
      strict: false,
      validateSchema: false,
      meta: false,
      code: { optimize: false },
      allErrors: everything,
      verbose: everything,
    }).compile<Value>(schema);
    return compiled(value);
  };
  return Object.defineProperty(guard, "errors", { get: () => compiled?.errors ?? [] }) as SchemaGuard<Value>;
}
