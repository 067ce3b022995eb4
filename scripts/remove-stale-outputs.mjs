// The last step of a package's build, in its folder: removes outputs whose source is gone. TypeScript doesn't remove them,
// so the build cache would keep them and they would be published.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

for (const name of readdirSync('dist', { recursive: true, encoding: 'utf8' })) {
  const source = name.replace(/\.d\.ts$|\.js$/, '.ts');
  const isMap = name.endsWith('.map');
  if (isMap || (source !== name && !existsSync(join('src', source)))) rmSync(join('dist', name), { force: true });
}
