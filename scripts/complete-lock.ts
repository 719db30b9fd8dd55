/**
 * Adds the optional packages of other platforms to package-lock.json. npm leaves them out when the registry mirror that
 * it talks to carries this platform's alone, and `npm ci` then refuses the lock everywhere. Run after `npm install`.
 */
import { readFileSync, writeFileSync } from 'node:fs';

interface LockEntry {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}

const FILE = 'package-lock.json';
const SYSTEMS = [
  'android',
  'darwin',
  'linux',
  'win32',
  'freebsd',
  'openharmony',
  'netbsd',
  'openbsd',
  'sunos',
  'aix',
];
const PROCESSORS = ['arm64', 'x64', 'ia32', 'ppc64', 'riscv64', 's390x', 'loong64', 'arm'];

const lock = JSON.parse(readFileSync(FILE, 'utf8')) as { packages: Record<string, LockEntry> };
const { '': root, ...packages } = lock.packages;
let added = 0;
for (const [path, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const target = `node_modules/${name}`;
    if (packages[target] !== undefined || packages[`${path}/node_modules/${name}`] !== undefined) continue;
    const words = (name.split('/').at(-1) ?? '').split('-');
    const os = SYSTEMS.find((system) => words.includes(system));
    const cpu = PROCESSORS.find((processor) => words.includes(processor));
    const libc = words.some((word) => word.startsWith('musl'))
      ? 'musl'
      : words.some((word) => word.startsWith('gnu'))
        ? 'glibc'
        : undefined;
    packages[target] = {
      version,
      ...(cpu !== undefined && { cpu: [cpu] }),
      ...(entry.dev === true && { dev: true }),
      ...(libc !== undefined && { libc: [libc] }),
      optional: true,
      ...(os !== undefined && { os: [os] }),
    };
    added += 1;
  }
}
const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(FILE, `${JSON.stringify({ ...lock, packages: { '': root, ...sorted } }, null, 2)}\n`);
process.stdout.write(`${added} entries added to ${FILE}\n`);
