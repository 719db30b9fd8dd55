/** Copies what tsc leaves behind, the .sql files above all, from src to dist: the last step of `npm run build`. */
import { copyFileSync, mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

const [from = 'src', to = 'dist'] = process.argv.slice(2);

const assets = readdirSync(from, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && !entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name).slice(join(from, '/').length));

for (const asset of assets) {
  const target = join(to, asset);
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(join(from, asset), target);
}
console.log(`copied ${assets.length} files from ${from} to ${to}`);
