import packageJson from "../../../package.json" with { type: "json" };

/** Version of the package, as published. */
export const version: string = packageJson.version;
