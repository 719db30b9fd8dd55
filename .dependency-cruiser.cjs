/**
 * The layers of src. A file imports its own folder or one further left in this table; folders that stand together are
 * adapters, which do not know one another.
 */
const LAYERS = [
  ['stats'],
  ['base'],
  ['telemetry'],
  ['event'],
  ['profile'],
  ['metrics'],
  ['rules'],
  ['ingest', 'decode', 'store', 'notify'],
  ['pipeline'],
  ['http'],
  ['config'],
  ['app-core'],
  ['app'],
  ['cli'],
  ['main'],
];

/** These take bytes and numbers and give numbers; whoever calls them does the I/O. */
const PURE = ['stats', 'event', 'profile', 'metrics', 'rules'];

/** A layer is a folder, or a single file of that name. */
const inLayers = (names) => `^src/(${names.join('|')})(/|\\.ts$)`;

// The last layer may import everything.
const layerRules = LAYERS.slice(0, -1).flatMap((layer, index) => {
  const later = LAYERS.slice(index + 1).flat();
  return layer.map((name) => {
    const neighbours = layer.filter((other) => other !== name);
    return {
      name: `layer-${name}`,
      comment: `src/${name} may import only itself and what stands left of it in the table of layers.`,
      severity: 'error',
      from: { path: inLayers([name]) },
      to: { path: inLayers([...neighbours, ...later]) },
    };
  });
});

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layerRules,
    {
      name: 'known-layer',
      comment: 'Every file of src belongs to a layer; a new folder needs a place in the table.',
      severity: 'error',
      from: { path: '^src/', pathNot: inLayers(LAYERS.flat()) },
      to: {},
    },
    {
      name: 'stats-stands-alone',
      comment: 'src/stats imports only itself and packages.',
      severity: 'error',
      from: { path: inLayers(['stats']) },
      to: { path: '^src/', pathNot: inLayers(['stats']) },
    },
    {
      name: 'base-stands-alone',
      comment: 'src/base imports nothing else from src.',
      severity: 'error',
      from: { path: inLayers(['base']) },
      to: { path: '^src/', pathNot: inLayers(['base']) },
    },
    {
      name: 'pure-core',
      comment: 'The pure core does no input or output.',
      severity: 'error',
      from: { path: inLayers(PURE) },
      to: {
        dependencyTypes: ['core'],
        path: '^(node:)?(fs|net|http|https|http2|tls|dgram|dns|child_process|worker_threads|readline|process)(/|$)',
      },
    },
    {
      name: 'only-src',
      comment: 'What is shipped depends on nothing that is not.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(test|bench|scripts|deploy|dashboards)/' },
    },
    {
      name: 'no-dev-packages',
      comment: 'A package that src imports must be installed with it.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-circular',
      comment: 'A cycle has no first file to read.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'resolvable',
      comment: 'An import that leads nowhere cannot be judged by the rules above.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Types couple as well as code.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.js', '.json'],
    },
  },
};
