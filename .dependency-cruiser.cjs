/** The rings of the house (docs/decisions/0004-layering.md). Each rule says why it is there. */
const stages = [
  "kernel",
  "contract",
  "profile",
  "inference",
  "evidence",
  "seal",
  "relay",
  "watch",
  "narrative",
];
const stagePaths = `^src/(${stages.join("|")})/`;
const tests = "\\.(test|property\\.test)\\.ts$";

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      comment: "Files that import each other in a loop cannot be understood one at a time.",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    ...stages.map((stage, floor) => ({
      name: `${stage}-looks-only-up`,
      comment: `${stage}/ may import kernel/ and the stages before it (${stages.slice(0, floor).join(", ") || "none"}): data walks one way.`,
      severity: "error",
      from: { path: `^src/${stage}/` },
      to: { path: `^src/(${stages.slice(floor + 1).join("|") || "$none"}|adapters|apps|library)/` },
    })),
    {
      name: "stages-are-pure",
      comment:
        "A stage reads no file, network, clock or environment; what it needs comes in as an argument or through a port. (Hashing a buffer is pure.)",
      severity: "error",
      from: { path: stagePaths, pathNot: tests },
      to: {
        dependencyTypes: ["core"],
        pathNot: "^(node:)?crypto$",
      },
    },
    {
      name: "adapters-stand-alone",
      comment: "An adapter knows the stages and its own technology, never another adapter.",
      severity: "error",
      from: { path: "^src/adapters/([^/]+)/", pathNot: tests },
      to: { path: "^src/adapters/", pathNot: "^src/adapters/$1/" },
    },
    {
      name: "adapters-know-no-app",
      comment: "Programs compose adapters, not the other way round.",
      severity: "error",
      from: { path: "^src/adapters/" },
      to: { path: "^src/(apps|library)/" },
    },
    {
      name: "doors-only",
      comment: "Across folders import the folder's index.ts only: its inside is free to change.",
      severity: "error",
      from: { path: "^src/([^/]+)/", pathNot: tests },
      to: {
        path: "^src/([^/]+)/.+",
        pathNot: [
          "^src/$1/",
          "^src/[^/]+/index\\.ts$",
          "^src/adapters/[^/]+/index\\.ts$",
          "^src/apps/[^/]+/index\\.ts$",
        ],
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "default"] },
  },
};
